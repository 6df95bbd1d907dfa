"""What somebody may see of the lake: the sides that their permissions open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from guanxi.lake.engine import Engine
from guanxi.records.actor import Actor, Permission
from guanxi.vocabulary.ids import Side

_SIDES = {
    Side.SOCIAL: Permission.SEE_SOCIAL,
    Side.CUSTOMERS: Permission.SEE_CUSTOMERS,
    Side.RELATIONSHIP: Permission.SEE_SOCIAL,
}


@contextmanager
def lake_for(actor: Actor) -> Iterator[Engine]:
    """The analytic engine with the sides that this actor may see, for the length of one page or answer."""
    sides = [side for side, permission in _SIDES.items() if actor.may(permission)]
    with Engine(threads=2, memory="1GB", allowed=sides) as engine:
        yield engine
