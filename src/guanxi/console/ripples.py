"""The ring picture of one fan: moved directly, through them, and the part nobody can see, drawn as such.

Pure geometry in a box of 320 by 320; the same fan is always drawn the same way.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

CENTRE = 160.0
INNER, OUTER, EDGE = 62.0, 108.0, 146.0
DOTS_MAX = 64
_GOLDEN = math.pi * (3 - math.sqrt(5))


@dataclass(frozen=True, slots=True)
class Dot:
    """One person moved (or several, where there are more than can be drawn)."""

    x: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class Ripples:
    """Rings around a fan.

    Attributes:
        direct: people seen to be moved directly.
        second: people seen to be moved through them.
        first_dots: places of the direct ones.
        second_dots: places of the others.
        seen: share of shares whose origin we can see, 0 to 1, or None where it is unknown.
        arc: the unseen part of the outermost ring as an SVG path; empty where all is seen.
    """

    direct: int
    second: int
    first_dots: tuple[Dot, ...]
    second_dots: tuple[Dot, ...]
    seen: float | None
    arc: str

    @property
    def unseen_share(self) -> float | None:
        """The share that nobody can see."""
        return None if self.seen is None else 1 - self.seen


def ripples(direct: int, second: int, seen: float | None) -> Ripples:
    """The picture for these counts."""
    return Ripples(direct, second, _ring(direct, INNER, 3.0), _ring(second, OUTER, 2.4), seen, _unseen(seen))


def _ring(count: int, radius: float, size: float) -> tuple[Dot, ...]:
    drawn = min(count, DOTS_MAX)
    larger = size * min(1.4, math.sqrt(max(1.0, count / DOTS_MAX)))
    if drawn == 0:
        return ()
    turn = 2 * math.pi / drawn
    return tuple(
        Dot(
            round(CENTRE + _wobble(i, radius) * math.cos(i * turn - math.pi / 2), 1),
            round(CENTRE + _wobble(i, radius) * math.sin(i * turn - math.pi / 2), 1),
            round(larger, 1),
        )
        for i in range(drawn)
    )


def _wobble(index: int, radius: float) -> float:
    return radius + 11 * math.sin(index * _GOLDEN)


def _unseen(seen: float | None) -> str:
    hidden = 1.0 if seen is None else max(0.0, min(1.0, 1 - seen))
    if hidden < 0.005:
        return ""
    sweep = min(hidden, 0.9999) * 2 * math.pi
    start = -math.pi / 2
    end = start + sweep
    x0, y0 = CENTRE + EDGE * math.cos(start), CENTRE + EDGE * math.sin(start)
    x1, y1 = CENTRE + EDGE * math.cos(end), CENTRE + EDGE * math.sin(end)
    large = int(sweep > math.pi)
    return f"M{x0:.1f} {y0:.1f}A{EDGE:.0f} {EDGE:.0f} 0 {large} 1 {x1:.1f} {y1:.1f}"
