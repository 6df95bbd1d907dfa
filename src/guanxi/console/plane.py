"""The love-money plane as a grid of steps: who stands where, and which tier begins where.

Pure. People whose money side is unknown stand on a strip of their own, never at zero.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

RADIUS_MAX, RADIUS_MIN = 15.0, 2.0


@dataclass(frozen=True, slots=True)
class Stand:
    """So many persons at these steps; ``spend`` None where their money is unknown."""

    love: int
    spend: int | None
    persons: int


@dataclass(frozen=True, slots=True)
class Goal:
    """What a tier asks for."""

    name: str
    love: int
    spend: int
    both: bool

    def reached(self, love: int, spend: int) -> bool:
        """Whether so much suffices."""
        if self.both:
            return love >= self.love and spend >= self.spend
        return love >= self.love or spend >= self.spend


@dataclass(frozen=True, slots=True)
class Spot:
    """One cell: how many stand here, how large that is drawn, its tier (0 for none) and steps (-1: unknown)."""

    persons: int
    radius: float
    tier: int
    love: int
    spend: int


@dataclass(frozen=True, slots=True)
class Belt:
    """One row of the plane: those from this much love on."""

    love: int
    unknown: Spot
    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class Plane:
    """The whole grid, most love first."""

    spends: tuple[int, ...]
    belts: tuple[Belt, ...]
    tiers: tuple[str, ...]
    known: int
    unknown: int


def plane(stands: Iterable[Stand], goals: Sequence[Goal], steps: Sequence[int]) -> Plane:
    """The grid of the steps that are in use, up to where the highest tier begins."""
    counted: dict[tuple[int, int | None], int] = {}
    for stand in stands:
        key = (stand.love, stand.spend)
        counted[key] = counted.get(key, 0) + stand.persons
    loves = _used(steps, [love for love, _ in counted] + [goal.love for goal in goals])
    spends = _used(steps, [s for _, s in counted if s is not None] + [goal.spend for goal in goals])
    most = max(counted.values(), default=1)

    def spot(love: int, spend: int | None) -> Spot:
        persons = counted.get((love, spend), 0)
        return Spot(
            persons,
            _radius(persons, most),
            _tier(goals, love, spend or 0),
            love,
            -1 if spend is None else spend,
        )

    belts = tuple(
        Belt(love, spot(love, None), tuple(spot(love, spend) for spend in spends)) for love in reversed(loves)
    )
    unknown = sum(n for (_, spend), n in counted.items() if spend is None)
    known = sum(counted.values()) - unknown
    return Plane(tuple(spends), belts, tuple(goal.name for goal in goals), known, unknown)


def _used(steps: Sequence[int], values: Sequence[int]) -> list[int]:
    top = max(values, default=0)
    return [step for step in steps if step <= top] or [0]


def _radius(persons: int, most: int) -> float:
    return round(max(RADIUS_MIN, RADIUS_MAX * math.sqrt(persons / most)), 1) if persons else 0.0


def _tier(goals: Sequence[Goal], love: int, spend: int) -> int:
    return max((place for place, goal in enumerate(goals, 1) if goal.reached(love, spend)), default=0)
