"""Which tier somebody has reached by what they earned within a window: love may suffice without money.

Pure. Tiers are listed from the lowest to the highest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guanxi.vocabulary.reasons import Refused

Amounts = NDArray[np.int64]


@dataclass(frozen=True)
class Tier:
    """A tier and how to reach it: by love or spend points earned, either of them or ``both``."""

    name: str
    love: int
    spend: int
    both: bool = False

    def reached(self, love: int, spend: int) -> bool:
        """Whether so much love and spend suffices."""
        if self.both:
            return love >= self.love and spend >= self.spend
        return love >= self.love or spend >= self.spend


def checked(tiers: Sequence[Tier]) -> tuple[Tier, ...]:
    """The tiers themselves; refused where a name is missing or twice, or a higher one is easier."""
    names = [tier.name for tier in tiers]
    if len(set(names)) < len(names) or any(not name.strip() for name in names):
        raise Refused("tiers_unreadable", ", ".join(names))
    for lower, higher in pairwise(tiers):
        if higher.love < lower.love or higher.spend < lower.spend:
            raise Refused("tiers_unordered", higher.name)
    if any(tier.love <= 0 or tier.spend <= 0 for tier in tiers):
        raise Refused("tiers_unreadable", ", ".join(names))
    return tuple(tiers)


def tier_of(tiers: Sequence[Tier], love: int, spend: int) -> str | None:
    """The highest tier reached, or None.

    >>> tier_of([Tier("friend", 10, 100), Tier("close", 100, 1000, both=True)], 120, 5)
    'friend'
    """
    return next((tier.name for tier in reversed(tiers) if tier.reached(love, spend)), None)


def tiers_of(tiers: Sequence[Tier], love: Amounts, spend: Amounts) -> NDArray[np.int64]:
    """For each person the place of the highest tier reached, -1 for none."""
    place = np.full(len(love), -1, dtype=np.int64)
    for index, tier in enumerate(tiers):
        by_love, by_spend = love >= tier.love, spend >= tier.spend
        place[(by_love & by_spend) if tier.both else (by_love | by_spend)] = index
    return place


def as_rows(tiers: Sequence[Tier]) -> list[dict[str, Any]]:
    """The tiers as a programme keeps them."""
    return [{"name": t.name, "love": t.love, "spend": t.spend, "both": t.both} for t in tiers]


def from_rows(rows: Sequence[dict[str, Any]]) -> tuple[Tier, ...]:
    """The tiers that a programme keeps, read back."""
    return tuple(Tier(row["name"], row["love"], row["spend"], row["both"]) for row in rows)
