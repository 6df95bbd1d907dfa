"""The picture of a cascade: rings are hops, directions are branches; pure geometry in a box of 480 by 480."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from guanxi.influence.cascades.forest import Drawn
from guanxi.influence.kernels.cascade import ROOT, Cascade

CENTRE, EDGE = 240.0, 226.0
HEART = 34.0


@dataclass(frozen=True, slots=True)
class Spot:
    """One person: where, how large, what they were in it (began, carried, ended), how many came through them."""

    x: float
    y: float
    size: float
    role: str
    fan: int
    below: int


@dataclass(frozen=True, slots=True)
class Thread:
    """From one who moved to one who was moved."""

    path: str


@dataclass(frozen=True, slots=True)
class Forest:
    """The whole picture, and how many people it leaves out."""

    rings: tuple[float, ...]
    threads: tuple[Thread, ...]
    spots: tuple[Spot, ...]
    left_out: int


def forest(cascade: Cascade, drawn: Drawn) -> Forest:
    """Rings as far as the picture goes, people on them by branch."""
    depth = cascade.depth[drawn.place]
    hops = int(depth.max(initial=0))
    places = [_place(int(d), hops, turn) for d, turn in zip(depth, drawn.turn, strict=True)]
    threads = [
        Thread(_bent(places[parent], places[i]))
        for i, parent in enumerate(drawn.parent.tolist())
        if parent != ROOT
    ]
    spots = [
        Spot(
            round(x, 1),
            round(y, 1),
            _size(int(cascade.below[place])),
            _role(cascade, place),
            int(cascade.fan[place]),
            int(cascade.below[place]),
        )
        for place, (x, y) in zip(drawn.place.tolist(), places, strict=True)
    ]
    lone = int(((cascade.parent == ROOT) & (cascade.moved == 0)).sum())
    rings = tuple(round(_radius(hop, hops), 1) for hop in range(hops + 1))
    return Forest(rings, tuple(threads), tuple(spots), len(cascade) - len(drawn.place) - lone)


def _radius(hop: int, hops: int) -> float:
    return HEART + (EDGE - HEART) * hop / max(hops, 1)


def _place(hop: int, hops: int, turn: float) -> tuple[float, float]:
    angle = 2 * math.pi * turn - math.pi / 2
    radius = _radius(hop, hops)
    return CENTRE + radius * math.cos(angle), CENTRE + radius * math.sin(angle)


def _bent(start: tuple[float, float], end: tuple[float, float]) -> str:
    """A curve that leaves along the ring's radius."""
    middle = tuple(
        CENTRE + (a - CENTRE) * 0.45 + (b - CENTRE) * 0.45 for a, b in zip(start, end, strict=True)
    )
    return f"M{start[0]:.1f} {start[1]:.1f}Q{middle[0]:.1f} {middle[1]:.1f} {end[0]:.1f} {end[1]:.1f}"


def _size(below: int) -> float:
    return round(2.2 + 2.4 * math.log10(1 + below), 1)


def _role(cascade: Cascade, place: int) -> str:
    if cascade.parent[place] == ROOT:
        return "began"
    return "carried" if np.int64(cascade.moved[place]) > 0 else "ended"
