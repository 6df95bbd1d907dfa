"""An empty world for outreach."""

from __future__ import annotations

from datetime import datetime

import pytest
from outreach_world import World

from guanxi.channels.cap import Cap
from guanxi.outreach.leash import Leash
from guanxi.records.installation import Installation


@pytest.fixture
def world(house: Installation, now: datetime) -> World:
    """An empty world with a leash that never holds."""
    world = World(now)
    world.leash(Leash(Cap(None, days=7)))
    return world
