"""Who must follow when persons change: rooms above are plugged in here and answer in the same transaction.

Correlation knows nobody who follows; a follower that raises undoes the change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import psycopg

from guanxi.correlation.components import Codes
from guanxi.correlation.purposes import Purpose
from guanxi.records.actor import Actor

Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class PersonChange:
    """Which identities began or ceased to be linked to anyone, for one purpose; ascending codes."""

    purpose: Purpose
    joined: Codes
    parted: Codes


class LinkFollower(Protocol):
    """Somebody above whose own tables hang on who is linked."""

    def foresee(self, connection: Connection, change: PersonChange) -> dict[str, int]:
        """What would follow, as counts by reason code; changes nothing."""

    def follow(self, connection: Connection, actor: Actor, change: PersonChange, booked_at: datetime) -> None:
        """What follows has been done in the open transaction."""


_followers: dict[str, LinkFollower] = {}


def plug(name: str, follower: LinkFollower) -> None:
    """The follower hears of every change from now on; the same name again replaces it."""
    _followers[name] = follower


def followers() -> Iterator[LinkFollower]:
    """Everyone plugged, by name."""
    yield from (_followers[name] for name in sorted(_followers))
