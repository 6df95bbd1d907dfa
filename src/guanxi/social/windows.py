"""The times a score can be asked for: a calendar month, the last 90 days, everything; and how activities fade.

In a month everything counts whole. In the other two an activity is worth half after its score's half-life: 30 days
for daily, 90 for campaign activity. Fading is in whole millionths by day, rounded to tenths row by row, so that a sum
is the same in any order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pyarrow as pa

HALF_LIFE_DAYS = {"daily": 30, "campaign": 90}
RECENT_DAYS = 90
FADED_DAYS = 3_650
WHOLE = 1_000_000
MONTH, RECENT, ALL = "month", "recent", "all"


@dataclass(frozen=True, slots=True)
class Window:
    """First and last day, both included; ``fades`` where an activity is worth less as it grows old."""

    name: str
    first: date
    last: date

    @property
    def fades(self) -> bool:
        """Whether half-lives apply."""
        return self.name != MONTH


def month_window(month: date) -> Window:
    """The calendar month of the day."""
    first = month.replace(day=1)
    return Window(MONTH, first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def recent_window(today: date) -> Window:
    """The last 90 days, today included."""
    return Window(RECENT, today - timedelta(days=RECENT_DAYS - 1), today)


def whole_window(today: date) -> Window:
    """Everything that has not faded away; after ten years nothing is left of anything."""
    return Window(ALL, today - timedelta(days=FADED_DAYS), today)


def left_of(age_days: int, half_life_days: int) -> int:
    """How many millionths of an activity's worth are left.

    >>> left_of(0, 30), left_of(30, 30), left_of(90, 30)
    (1000000, 500000, 125000)
    """
    return round(WHOLE * 2 ** (-age_days / half_life_days))


def decay_table(window: Window) -> pa.Table:
    """For each day of the window, what is left of either score's points, in millionths."""
    ages = range((window.last - window.first).days + 1)
    days = [window.last - timedelta(days=age) for age in ages]
    columns = {
        score: pa.array([left_of(age, life) if window.fades else WHOLE for age in ages], pa.int64())
        for score, life in HALF_LIFE_DAYS.items()
    }
    return pa.table({"day": pa.array(days, pa.date32()), **columns})
