"""What doors show of tracking: who may send, which events no rule knows, and what was made of those once unknown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from guanxi.listen.models import EventRule, WriteKey
from guanxi.listen.track.reading import TRACK, UNKNOWN_EVENT
from guanxi.records.actor import Actor, Permission, require
from guanxi.records.databases import CUSTOMERS, SOCIAL, raw

EVENTS_SHOWN_MAX = 500
_HEARD = """
SELECT source, sum(activities)::bigint, sum(duplicates)::bigint, 0, max(day)
FROM heard WHERE source LIKE 'track:%%' AND day >= %s GROUP BY source
"""
_WAITING = """
SELECT source, 0, 0, count(*), (max(heard_at) AT TIME ZONE 'UTC')::date
FROM quarantine WHERE source LIKE 'track:%%' AND state = 'open' AND heard_at >= %s GROUP BY source
"""


@dataclass(frozen=True, slots=True)
class OwnEvent:
    """An event that Segment's vocabulary does not hold; ``kind`` is empty as long as nobody has mapped it.

    Attributes:
        name: as clients wrote it, without case; hostile text.
        waiting: how many lie in quarantine.
        sources: through how many write keys they came.
    """

    name: str
    kind: str
    content_property: str
    waiting: int
    sources: int
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A write key, of which nobody has more than the name."""

    id: int
    name: str
    platform: str
    account: str
    created_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Heard:
    """What came through one write key since a day.

    Attributes:
        activities: how many were understood, on both sides.
        repeats: how many had come before, and were counted once.
        waiting: how many lie in quarantine.
        last_day: the latest on which anything came, or None.
    """

    activities: int = 0
    repeats: int = 0
    waiting: int = 0
    last_day: date | None = None


def heard_since(actor: Actor, day: date) -> dict[str, Heard]:
    """What came through each write key from this day on, by the key's name."""
    require(actor, Permission.SEE_TRUST)
    counted: list[tuple[str, int, int, int, date]] = []
    for side in (SOCIAL, CUSTOMERS):
        counted += raw(side).execute(_HEARD, (day,)).fetchall()
    counted += raw(SOCIAL).execute(_WAITING, (day,)).fetchall()
    found: dict[str, Heard] = {}
    for source, activities, repeats, waiting, last_day in counted:
        one = found.get(source.removeprefix(TRACK), Heard())
        found[source.removeprefix(TRACK)] = Heard(
            one.activities + activities,
            one.repeats + repeats,
            one.waiting + waiting,
            max(filter(None, (one.last_day, last_day))),
        )
    return found


def write_keys(actor: Actor) -> tuple[KeyRow, ...]:
    """Every write key, those that still open the door first."""
    require(actor, Permission.CHANGE_SETTINGS)
    rows = WriteKey.objects.values_list("id", "name", "platform", "account", "created_at", "revoked_at")
    return tuple(
        sorted((KeyRow(*row) for row in rows), key=lambda row: (row.revoked_at is not None, row.name))
    )


def own_events(actor: Actor) -> tuple[OwnEvent, ...]:
    """Every event that waits or is mapped: those that wait first, the most first."""
    require(actor, Permission.SEE_TRUST)
    waiting = {
        name: counts
        for name, *counts in raw(SOCIAL).execute(
            "SELECT detail, count(*), count(DISTINCT source), min(heard_at), max(heard_at) FROM quarantine "
            "WHERE state = 'open' AND reason = %s AND source LIKE 'track:%%' "
            "GROUP BY detail ORDER BY count(*) DESC, detail LIMIT %s",
            (UNKNOWN_EVENT, EVENTS_SHOWN_MAX),
        )
    }
    rules = {rule.name: rule for rule in EventRule.objects.order_by("name")}
    return tuple(
        OwnEvent(
            name,
            rules[name].kind if name in rules else "",
            rules[name].content_property if name in rules else "",
            *waiting.get(name, (0, 0, None, None)),
        )
        for name in [*waiting, *(name for name in rules if name not in waiting)]
    )
