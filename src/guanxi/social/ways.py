"""In which ways a fan follows: on WeCom one follows through employees, each of whom they come to and part from apart.

Pure rules. A fan has left only when no way is open any more; each coming and parting is an activity of its own. What is
said of no employee is the way of the empty name: it keeps nobody once an employee is known, and ends every way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from guanxi.social.news import latest
from guanxi.vocabulary.activity import Kind
from guanxi.vocabulary.facts import VALUE_MAX, clean, read_traits
from guanxi.vocabulary.platform import FOLLOWED_IN_WAYS

PLATFORMS = tuple(sorted(platform.value for platform in FOLLOWED_IN_WAYS))
TELLING = (Kind.FOLLOWED, Kind.UNFOLLOWED, Kind.PARTED)
WHOLE = ""


class Following(NamedTuple):
    """When a fan last came, and when they left for good; the latter is None while a way is open."""

    followed_at: datetime | None
    unfollowed_at: datetime | None

    @property
    def follows(self) -> bool:
        """Whether the fan follows."""
        came, left = self
        return came is not None and (left is None or left < came)


@dataclass(slots=True)
class Way:
    """The latest moments at which a fan came by a way and parted from it."""

    began_at: datetime | None = None
    ended_at: datetime | None = None

    def is_open(self, gone_at: datetime | None) -> bool:
        """Whether it lasts, where the fan was last gone altogether at ``gone_at``."""
        ended = latest(self.ended_at, gone_at)
        return self.began_at is not None and (ended is None or ended < self.began_at)


def news_of_ways(told: Iterable[tuple[int, str, datetime, str | None]]) -> dict[tuple[int, str], Way]:
    """What is newly heard of each fan's ways, by (fan, employee).

    Args:
        told: fan, kind, moment and traits of activities of the telling kinds.
    """
    news: dict[tuple[int, str], Way] = {}
    for fan, kind, happened_at, traits in told:
        staff = read_traits(traits).get("staff")
        way = clean(staff.strip(), VALUE_MAX) if isinstance(staff, str) else WHOLE
        if kind == Kind.PARTED and not way:
            continue
        one = news.setdefault((fan, way), Way())
        if kind == Kind.FOLLOWED:
            one.began_at = latest(one.began_at, happened_at)
        else:
            one.ended_at = latest(one.ended_at, happened_at)
    return news


def following_by(ways: Mapping[str, Way]) -> Following:
    """Whether and since when a fan follows who follows in these ways.

    >>> from datetime import UTC
    >>> first, second, third = (datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2, 3))
    >>> li, wu = Way(first, third), Way(second)
    >>> following_by({"li": li, "wu": wu}).follows, following_by({"li": li}).follows
    (True, False)
    """
    gone_at = ways[WHOLE].ended_at if WHOLE in ways else None
    named = [way for name, way in ways.items() if name] or list(ways.values())
    came = left = None
    for way in ways.values():
        came, left = latest(came, way.began_at), latest(left, way.ended_at)
    return Following(came, gone_at if any(way.is_open(gone_at) for way in named) else left)
