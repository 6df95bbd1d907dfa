from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from killing import MAPPING
from running import GUANXI, environment, guanxi, nobody_left, until, verified

pytestmark = pytest.mark.xdist_group("processes")
FILES, LINES = 40, 400


def write_files(folder: Path) -> list[str]:
    paths = []
    for place in range(FILES):
        first = 1_790_000_000 + place * LINES
        lines = [f"fan{second % 997},page{second % 31},{second}" for second in range(first, first + LINES)]
        path = folder / f"{place}.csv"
        path.write_text("\n".join(["fan,page,second", *lines]) + "\n")
        paths.append(str(path))
    return paths


def test_a_backup_under_load_goes_on_elsewhere_where_it_was(tmp_path: Path) -> None:
    house, other, copy = tmp_path / "house", tmp_path / "other", tmp_path / "copy"
    mapping = tmp_path / "clicks.toml"
    mapping.write_text(MAPPING)
    words = ["import", "--mapping", str(mapping), *write_files(tmp_path)]
    with nobody_left(house), nobody_left(other):
        guanxi(house, "init")
        importing = subprocess.Popen([*GUANXI, *words], env=environment(house), stderr=subprocess.DEVNULL)
        until(lambda: list(house.glob("socket/.s.PGSQL.5432")), "the importer's database")
        guanxi(house, "backup", str(copy))
        guanxi(other, "restore", str(copy))
        assert importing.wait(120) == 0
        for folder in (other, house):
            guanxi(folder, *words)
            checks = verified(folder)
            assert checks["social_engagement_once"] == f"{FILES * LINES:,} facts"
            assert checks["social_counted_once"].endswith(" 0 waiting")


def test_neither_a_backup_nor_a_restore_overwrites_anything(tmp_path: Path) -> None:
    house = tmp_path / "house"
    with nobody_left(house):
        guanxi(house, "init")
        with pytest.raises(AssertionError, match="not empty"):
            guanxi(house, "backup", str(house))
        with pytest.raises(AssertionError, match="no backup"):
            guanxi(tmp_path / "new", "restore", str(house))
