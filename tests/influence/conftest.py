"""An empty lake with influence's tables declared, and a small world whose truth is known."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from worlds import END, Block, block_of, declared

from guanxi.lake.engine import Engine
from guanxi.world.brand import World


@pytest.fixture(scope="session")
def small() -> Block:
    return block_of(World(1_500, 5, END, days=40))


@pytest.fixture
def engine(house: object) -> Iterator[Engine]:
    declared()
    with Engine(memory="2GB") as opened:
        yield opened
