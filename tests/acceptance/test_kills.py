from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from killing import kill_at_random


@pytest.mark.xdist_group("processes")
def test_twenty_kills_of_anything_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    kill_at_random(tmp_path / "house", 20, seed=1)


@pytest.mark.soak
def test_five_hundred_kills_of_anything_lose_nothing_and_double_nothing(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    for name, figure in kill_at_random(tmp_path / "house", 500, seed=2).items():
        record_property(name, figure)
