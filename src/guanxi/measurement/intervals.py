"""Intervals for shares, for differences of shares and for differences of means: closed forms, no chance.

Wilson (1927) for a share, Newcombe (1998, method 10) for a difference of shares, Welch (1947) for a
difference of means, with Student's quantile by the expansion of Cornish and Fisher (four digits from ten
degrees of freedom on).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt
from statistics import NormalDist

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Estimate:
    """A figure and the interval it is known in."""

    value: float
    low: float
    high: float

    def times(self, factor: float) -> Estimate:
        """The figure for ``factor`` people instead of one; the factor is not negative."""
        return Estimate(self.value * factor, self.low * factor, self.high * factor)

    def less(self, amount: float) -> Estimate:
        """The figure after a known amount is taken off."""
        return Estimate(self.value - amount, self.low - amount, self.high - amount)

    @property
    def excludes_zero(self) -> bool:
        """True where even the interval's end lies on the figure's side of zero."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Shares:
    """So many of so many."""

    hits: int
    people: int


@dataclass(frozen=True)
class Sums:
    """Amounts of so many people as their exact sum and sum of squares."""

    people: int
    total: int
    squares: int

    @property
    def mean(self) -> float:
        """The amount a person."""
        return self.total / self.people

    @property
    def variance(self) -> float:
        """The amount's variance between people, unbiased; exact until the last division."""
        return (self.squares * self.people - self.total**2) / (self.people * (self.people - 1))


def wilson(shares: Shares, confidence: float = CONFIDENCE) -> Estimate:
    """The share with Wilson's score interval; never outside 0 and 1."""
    n, p, z = shares.people, shares.hits / shares.people, _normal(confidence)
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    reach = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    # The ends are exact where everybody or nobody is a hit; rounding would leave them a hair off.
    return Estimate(p, max(0.0, centre - reach) if shares.hits else 0.0, 1.0 if p == 1 else centre + reach)


def share_difference(one: Shares, other: Shares, confidence: float = CONFIDENCE) -> Estimate:
    """The first share less the second, with Newcombe's interval built from the two Wilson intervals."""
    a, b = wilson(one, confidence), wilson(other, confidence)
    value = a.value - b.value
    low = value - sqrt((a.value - a.low) ** 2 + (b.high - b.value) ** 2)
    high = value + sqrt((a.high - a.value) ** 2 + (b.value - b.low) ** 2)
    return Estimate(value, max(-1.0, low), min(1.0, high))


def mean_difference(one: Sums, other: Sums, confidence: float = CONFIDENCE) -> Estimate:
    """The first mean less the second, with Welch's interval; at least two people on each side."""
    a, b = one.variance / one.people, other.variance / other.people
    reach = student(freedom(one, other), confidence) * sqrt(a + b)
    value = one.mean - other.mean
    return Estimate(value, value - reach, value + reach)


def freedom(one: Sums, other: Sums) -> float:
    """Welch and Satterthwaite's degrees of freedom; endless where nobody differs from anybody."""
    a, b = one.variance / one.people, other.variance / other.people
    if a + b == 0:
        return inf
    return (a + b) ** 2 / (a * a / (one.people - 1) + b * b / (other.people - 1))


def student(degrees: float, confidence: float = CONFIDENCE) -> float:
    """Student's two-sided quantile.

    >>> round(student(25), 3), round(student(float("inf")), 3)
    (2.06, 1.96)
    """
    z, v = _normal(confidence), degrees
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    fourth = (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160
    return z + first / v + second / v**2 + third / v**3 + fourth / v**4


def _normal(confidence: float) -> float:
    return NormalDist().inv_cdf(0.5 + confidence / 2)
