"""Every time is zone-aware; UTC inside, a person's own zone only where they are spoken to."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from guanxi.vocabulary.reasons import Refused


def aware(moment: datetime) -> datetime:
    """The same moment in UTC; refused where it names no zone."""
    if moment.tzinfo is None:
        raise Refused("time_without_zone", moment.isoformat())
    return moment.astimezone(UTC)


def parse_moment(text: str) -> datetime:
    """An ISO 8601 moment in UTC; a bare date is its end (the last microsecond of that UTC day).

    >>> parse_moment("2026-11-01").isoformat()
    '2026-11-01T23:59:59.999999+00:00'
    """
    try:
        if len(text) == 10:
            return end_of_day(date.fromisoformat(text))
        return aware(datetime.fromisoformat(text))
    except ValueError:
        raise Refused("time_unreadable", text) from None


def end_of_day(day: date) -> datetime:
    """The last microsecond of a UTC day."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1, microseconds=-1)


def local(moment: datetime, zone: str) -> datetime:
    """The moment as a clock in ``zone`` shows it."""
    return aware(moment).astimezone(ZoneInfo(zone))


def month_of(moment: datetime) -> date:
    """The first day of the moment's UTC month."""
    return aware(moment).date().replace(day=1)
