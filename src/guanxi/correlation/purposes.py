"""What persons are computed for, and how sure a link must be: looser for contact, stricter for reward.

A looser threshold joins more identities, so a doubtful pair shares one cap on messages but no purse.
"""

from __future__ import annotations

from enum import StrEnum


class Purpose(StrEnum):
    """Why someone asks who is one person."""

    CONTACT = "contact"
    REWARD = "reward"


THRESHOLDS: dict[Purpose, float] = {Purpose.CONTACT: 0.7, Purpose.REWARD: 0.9}


class LinkState(StrEnum):
    """What has been decided of a link; a proposed one lives by its probability alone."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    UNDONE = "undone"


def lives(state: str, probability: float, purpose: Purpose) -> bool:
    """Whether a link joins two identities for this purpose.

    >>> lives("proposed", 0.8, Purpose.CONTACT), lives("proposed", 0.8, Purpose.REWARD)
    (True, False)
    """
    if state == LinkState.CONFIRMED:
        return True
    return state == LinkState.PROPOSED and probability >= THRESHOLDS[purpose]
