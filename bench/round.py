"""The whole round on a simulated brand: imported, heard, refreshed, ranked, rewarded and planned."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from guanxi.cli.opening import opened
from guanxi.vocabulary.progress import SILENT, Progress
from guanxi.world.brand import World
from guanxi.world.writing import Written, write

SCALES = (100_000, 1_000_000)
END = datetime(2026, 11, 1, tzinfo=UTC)


def run(scale: int, folder: Path, tell: Progress) -> dict[str, int]:
    """A world of ``scale`` fans has gone one round; says what each step counted."""
    written = write(World(fans=scale, seed=1, end=END), folder / "exports", tell)
    with opened(folder / "installation", create=True, tell=tell):
        from guanxi.composition.consumers import hear
        from guanxi.composition.round import go_round
        from guanxi.lake.engine import Engine

        tell.begin("import")
        _import(written)
        tell.end()
        hear(tell)
        with Engine() as engine:
            report = go_round(engine, END, tell)
        return _counts(report)


def _import(written: Written) -> None:
    from guanxi.listen.imports.importing import import_file
    from guanxi.listen.imports.mapping import read_mapping

    for one in written.imports:
        mapping = read_mapping(one.mapping)
        for file in one.files:
            import_file(file, mapping, SILENT)


def _counts(report: Any, name: str = "") -> dict[str, int]:
    """Every whole number of a report and of the reports in it, by its path."""
    if isinstance(report, int) and not isinstance(report, bool):
        return {name: report}
    if not is_dataclass(report):
        return {}
    inner = ((f"{name} {field.name}".strip(), getattr(report, field.name)) for field in fields(report))
    return {path: n for word, value in inner for path, n in _counts(value, word).items()}
