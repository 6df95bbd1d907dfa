"""Who waits for an answer, until when: rules over what was heard. Pure; `now` and rows are arguments.

A conversation is what a fan wrote since the last known answer with no pause of a day between; the promise counts from
its first message, the platform's window from its last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from guanxi.channels.rule import PlatformRules

LOOKED_BACK = timedelta(days=30)
PAUSE = timedelta(days=1)
FOR_PEOPLE = timedelta(hours=1)  # a shorter window is for machines: a passive reply, a reply token


class Standing(StrEnum):
    """How a conversation stands to the promise of the fan's band."""

    OVERDUE = "overdue"
    PROMISED = "promised"
    UNPROMISED = "unpromised"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Conversation:
    """A fan whose last message waits.

    Attributes:
        fan: who.
        platform: where.
        band: their band; '' where they have none.
        first_at: the first message that waits.
        last_at: the last one.
        messages: how many wait.
        due_at: until when an answer is promised; None where nothing is.
        closes_at: until when the platform lets a person answer; None where it does not say.
    """

    fan: int
    platform: str
    band: str
    first_at: datetime
    last_at: datetime
    messages: int
    due_at: datetime | None
    closes_at: datetime | None

    def standing(self, now: datetime) -> Standing:
        """Missed once the platform's window is closed; overdue once the promise is over."""
        if self.closes_at is not None and self.closes_at <= now:
            return Standing.MISSED
        if self.due_at is None:
            return Standing.UNPROMISED
        return Standing.OVERDUE if self.due_at < now else Standing.PROMISED


def by_promise(found: Iterable[Conversation]) -> list[Conversation]:
    """By when an answer is due; whom nothing was promised last, who waits longest first."""
    return sorted(found, key=lambda one: (one.due_at is None, one.due_at or one.first_at, one.fan))


def due(first_at: datetime, reply_hours: int | None) -> datetime | None:
    """Until when an answer is promised."""
    return None if reply_hours is None else first_at + timedelta(hours=reply_hours)


def answer_windows(rules: Iterable[PlatformRules]) -> Mapping[str, timedelta]:
    """How long after a person's message each platform lets somebody answer; others set no such limit."""
    found = {
        one.platform: [
            timedelta(seconds=message.window.seconds)
            for message in one.messages
            if message.allowed and message.window is not None and message.window.after == "messaged"
        ]
        for one in rules
    }
    longest = {platform: max(windows) for platform, windows in found.items() if windows}
    return {platform: window for platform, window in longest.items() if window >= FOR_PEOPLE}
