"""Homophily: whether people who share a tie are alike more often than chance would have it.

Chance keeps how often each value gives and takes ties (Newman, Mixing patterns in networks, 2003).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

KNOWN_MIN = 100
_Z90 = 1.6449


@dataclass(frozen=True)
class Alike:
    """One trait over all ties.

    Attributes:
        trait: what people can be alike in.
        ties: all there are.
        known: those with the trait known at both ends.
        alike: those with the same value at both.
        chance: sum over values of (ties out of it times ties into it).
    """

    trait: str
    ties: int
    known: int
    alike: int
    chance: int

    @property
    def says(self) -> bool:
        """Whether enough is known to say anything."""
        return self.known >= KNOWN_MIN

    @property
    def share(self) -> float:
        """Of the known ties, how many are alike."""
        return self.alike / self.known if self.known else 0.0

    @property
    def expected(self) -> float:
        """The share that chance alone would give."""
        return self.chance / self.known**2 if self.known else 0.0

    @property
    def assortativity(self) -> float:
        """0 as by chance, 1 if all ties are alike, below 0 if likes avoid each other."""
        return (self.share - self.expected) / (1 - self.expected) if self.expected < 1 else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """90 % interval of the share (Wilson), as if ties were independent."""
        if not self.known:
            return 0.0, 1.0
        z2 = _Z90**2
        middle = (self.alike + z2 / 2) / (self.known + z2)
        half = _Z90 * math.sqrt(self.share * (1 - self.share) / self.known + z2 / (4 * self.known**2))
        half /= 1 + z2 / self.known
        return max(0.0, middle - half), min(1.0, middle + half)
