"""How Echo's receiver misbehaves on purpose: which share of messages, chosen by their id, and in what way."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum


class Mood(StrEnum):
    """What the receiver does with a message."""

    CALM = "calm"
    REFUSING = "refusing"
    """Says it is busy and keeps nothing."""
    BLOCKED = "blocked"
    """Says the person is not to be reached and keeps nothing."""
    SILENT = "silent"
    """Keeps the message and answers too late."""
    GARBLED = "garbled"
    """Keeps the message and answers with something unreadable."""


@dataclass(frozen=True, slots=True)
class Chaos:
    """Shares of messages (0 to 1, added up in this order) that meet each mood."""

    refusing: float = 0.0
    blocked: float = 0.0
    silent: float = 0.0
    garbled: float = 0.0
    silence_seconds: float = 1.0
    seed: str = ""

    def mood(self, message_id: str) -> Mood:
        """The mood a message meets: the same every time it comes."""
        digest = hashlib.sha256(f"{self.seed}:{message_id}".encode()).digest()
        draw = int.from_bytes(digest[:8]) / 2**64
        for mood in (Mood.REFUSING, Mood.BLOCKED, Mood.SILENT, Mood.GARBLED):
            draw -= float(getattr(self, mood.value))
            if draw < 0:
                return mood
        return Mood.CALM


CALM = Chaos()
