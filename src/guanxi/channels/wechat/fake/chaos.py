"""What the fake does wrong on purpose: switches that strike so many times and are then spent."""

from __future__ import annotations

import threading
from enum import StrEnum


class Switch(StrEnum):
    """One way in which things go wrong."""

    BUSY = "busy"
    """The API answers -1."""
    BAD_GATEWAY = "bad_gateway"
    """The API answers 502 with a page of HTML, and has done nothing."""
    LATE = "late"
    """The API does what it was asked and answers too late."""
    CUT = "cut"
    """The API does what it was asked and its answer breaks off."""
    SLOW = "slow"
    """The API's answer trickles."""
    TOKEN_ROTATED = "token_rotated"  # noqa: S105 - the name of a misfortune
    """Before the next call another system has fetched a new token, and the old one is good no more."""
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - the name of a misfortune
    """The API calls every token wrong."""
    SIGNATURE = "signature"
    """A push is signed wrongly."""
    TAIL = "tail"
    """A sealed push names another account."""
    TWICE = "twice"
    """A push comes twice at once."""
    HELD = "held"
    """A push comes after the one that follows it."""
    SCAN_TOO = "scan_too"
    """Whoever follows by a picture is told of as scanning it, too, in the same second."""
    DOCTYPE = "doctype"
    """Before a push comes one that asks the reader to open a file of its own."""
    LAUGHS = "laughs"
    """Before a push comes one whose few lines grow to millions."""
    HUGE = "huge"
    """Before a push comes one of more than 1 MiB."""
    TEXT_NUMBERS = "text_numbers"
    """Numbers of a push come as strings."""
    SNAPSHOT = "snapshot"
    """Whoever looks at a page is an invented user."""


ALWAYS = 1_000_000


class Chaos:
    """The switches of one fake. Safe to call from several threads."""

    def __init__(self) -> None:
        self.late_seconds = 6.0
        self._left: dict[Switch, int] = {}
        self._guard = threading.Lock()

    def arm(self, switch: Switch, times: int = 1) -> None:
        """It strikes at the next so many occasions; 0 disarms it."""
        with self._guard:
            self._left[switch] = times

    def strikes(self, switch: Switch) -> bool:
        """Whether it strikes now, which spends it once."""
        with self._guard:
            left = self._left.get(switch, 0)
            self._left[switch] = max(left - 1, 0)
            return left > 0

    def armed(self) -> dict[str, int]:
        """What is still to strike."""
        with self._guard:
            return {switch.value: left for switch, left in self._left.items() if left}
