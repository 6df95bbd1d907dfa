"""Hours of the day in which a person may be disturbed, on the clock where they live.

Knows hours that cross midnight and clocks that are put forward or back; never reads a clock itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from guanxi.vocabulary.reasons import Refused


@dataclass(frozen=True, slots=True)
class OpenHours:
    """From ``opens`` (included) until ``closes`` (excluded) local time; ``zone`` where the rule fixes one."""

    opens: time
    closes: time
    zone: str | None = None

    def __post_init__(self) -> None:
        if self.opens == self.closes:
            raise Refused("hours_empty", self.opens.isoformat())


def is_open(hours: OpenHours, now: datetime, zone: str) -> bool:
    """Whether the person may be disturbed now."""
    clock = now.astimezone(ZoneInfo(hours.zone or zone)).time()
    if hours.opens < hours.closes:
        return hours.opens <= clock < hours.closes
    return clock >= hours.opens or clock < hours.closes


def opens_at(hours: OpenHours, now: datetime, zone: str) -> datetime:
    """The next moment from now at which the hours are open (now if they are)."""
    if is_open(hours, now, zone):
        return now
    place = ZoneInfo(hours.zone or zone)
    day = now.astimezone(place).date()
    for ahead in range(3):
        opening = datetime.combine(day + timedelta(days=ahead), hours.opens, place).astimezone(UTC)
        if opening > now and is_open(hours, opening, zone):
            return opening
    raise Refused("hours_never_open", zone)
