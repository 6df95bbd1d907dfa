"""Sends saved: what was not sent on purpose, against a baseline that is named, never against a guess."""

from __future__ import annotations

from dataclasses import dataclass

# Everybody in the audience gets the campaign's message once: what a sender without a leash would do.
EVERYONE_ONCE = "everyone_once"


@dataclass(frozen=True)
class Saved:
    """How many messages a campaign spared.

    Attributes:
        baseline: the name of what it is compared with.
        baseline_sends: how many the baseline would have sent.
        sent: how many left the house.
        waiting: how many are still to be decided or to leave.
    """

    baseline: str
    baseline_sends: int
    sent: int
    waiting: int

    @property
    def saved(self) -> int:
        """Not sent and not waiting; below zero where more was sent than the baseline would have."""
        return self.baseline_sends - self.sent - self.waiting

    @property
    def share(self) -> float | None:
        """Saved of the baseline; None where nobody was planned for."""
        return self.saved / self.baseline_sends if self.baseline_sends else None
