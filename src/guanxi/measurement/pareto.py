"""How much the best few bring: revenue by share of customers, reach by share of fans, the fifth marked."""

from __future__ import annotations

from dataclasses import dataclass

UNITS_MIN = 30
FIFTH_PERCENT = 20


@dataclass(frozen=True)
class Point:
    """The best ``units`` people, and what they bring together."""

    units: int
    amount: int


@dataclass(frozen=True)
class Curve:
    """What the best n people bring, for rising n, from nobody to everybody.

    Attributes:
        points: ascending; the first is nobody, the last everybody.
        coverage: the share of what there is that the curve can see at all; None where that is not known.
        code: why nothing can be said; empty where it can.
    """

    points: tuple[Point, ...]
    coverage: float | None
    code: str = ""

    @property
    def units(self) -> int:
        """How many people there are."""
        return self.points[-1].units

    @property
    def amount(self) -> int:
        """What they bring together."""
        return self.points[-1].amount

    @property
    def shares(self) -> tuple[tuple[float, float], ...]:
        """(share of people, share of the whole) for drawing; empty where nothing can be said."""
        if self.code:
            return ()
        return tuple((point.units / self.units, point.amount / self.amount) for point in self.points)

    @property
    def by_fifth(self) -> float | None:
        """The share that the best 20 % bring; None where it can't be said."""
        return None if self.code else share_by(self, FIFTH_PERCENT)


def curve(steps: tuple[Point, ...], coverage: float | None) -> Curve:
    """The curve through cumulative points; says why not where people are too few or there is nothing."""
    points = (Point(0, 0), *steps)
    if points[-1].units < UNITS_MIN:
        return Curve(points, coverage, "too_few_people")
    return Curve(points, coverage, "" if points[-1].amount > 0 else "nothing_to_share")


def share_by(whole: Curve, percent: int) -> float:
    """The share that the best so many percent bring, straight between two points.

    >>> share_by(curve((Point(10, 80), Point(100, 100)), None), 10)
    0.8
    """
    wanted = whole.units * percent / 100
    before = whole.points[0]
    for point in whole.points[1:]:
        if point.units >= wanted:
            part = (wanted - before.units) / (point.units - before.units)
            return (before.amount + part * (point.amount - before.amount)) / whole.amount
        before = point
    return 1.0
