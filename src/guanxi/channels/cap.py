"""Caps over windows of time: how many sends fit, and when there is room again.

Knows rolling windows and calendar windows in a zone (daylight saving included); never reads a clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from guanxi.vocabulary.reasons import Refused


class Over(StrEnum):
    """What kind of window a cap counts in."""

    ROLLING = "rolling"
    CALENDAR_DAY = "calendar_day"
    CALENDAR_MONTH = "calendar_month"


@dataclass(frozen=True, slots=True)
class Cap:
    """At most ``sends_max`` sends to one person in a window; None means no cap, 0 means never."""

    sends_max: int | None
    over: Over = Over.ROLLING
    days: int = 0
    zone: str = "UTC"

    def __post_init__(self) -> None:
        if self.sends_max is not None and self.sends_max < 0:
            raise Refused("cap_negative", str(self.sends_max))
        if self.over is Over.ROLLING and self.sends_max is not None and self.days < 1:
            raise Refused("cap_without_window", str(self.days))


def window_start(cap: Cap, now: datetime) -> datetime:
    """The moment since which sends count; one made exactly then counts in a calendar window only."""
    if cap.over is Over.ROLLING:
        return now - timedelta(days=cap.days)
    today = now.astimezone(ZoneInfo(cap.zone)).date()
    return _midnight(today.replace(day=1) if cap.over is Over.CALENDAR_MONTH else today, cap.zone)


def window_end(cap: Cap, now: datetime) -> datetime:
    """The first moment of the next calendar window; for a rolling one, a whole window from now."""
    if cap.over is Over.ROLLING:
        return now + timedelta(days=cap.days)
    today = now.astimezone(ZoneInfo(cap.zone)).date()
    if cap.over is Over.CALENDAR_DAY:
        return _midnight(today + timedelta(days=1), cap.zone)
    return _midnight((today.replace(day=1) + timedelta(days=32)).replace(day=1), cap.zone)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def counts(cap: Cap, sent_at: datetime, now: datetime) -> bool:
    """Whether a send made at ``sent_at`` uses up room now."""
    start = window_start(cap, now)
    return sent_at > start if cap.over is Over.ROLLING else sent_at >= start


def has_room(cap: Cap, sends: int) -> bool:
    """Whether one more send fits beside ``sends`` counted ones."""
    return cap.sends_max is None or sends < cap.sends_max


def frees_at(cap: Cap, sends: Sequence[datetime], now: datetime) -> datetime | None:
    """When there is room for one more: now if there is, None if there never will be.

    Args:
        cap: the cap.
        sends: moments of all sends to the person that this cap may count, in any order.
        now: the moment asked about.
    """
    counted = sorted((sent_at for sent_at in sends if counts(cap, sent_at, now)), reverse=True)
    if cap.sends_max is None or len(counted) < cap.sends_max:
        return now
    return room_at(cap, counted[cap.sends_max - 1] if cap.sends_max else None, now)


def room_at(cap: Cap, blocking: datetime | None, now: datetime) -> datetime | None:
    """When a full window has room again, given its ``sends_max``-th latest send; None if never."""
    if not cap.sends_max:
        return None
    if cap.over is Over.ROLLING and blocking is not None:
        return blocking + timedelta(days=cap.days)
    return window_end(cap, now)
