"""A content's cascade told: its generations, its pace, its pauses and who ended them, its greatest branches.

Rules over a `kernels.cascade.Cascade`; nothing here is expected, everything was seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from guanxi.influence.kernels.cascade import ROOT, Cascade
from guanxi.influence.kernels.graph import Ints

_HOUR = 3_600_000_000
PAUSE_HOURS = 72
BRANCHES_SHOWN = 100
DRAWN_MAX = 240


@dataclass(frozen=True)
class Generation:
    """Those who came after so many hops.

    Attributes:
        hops: 0 for those who began.
        people: how many there are.
        movers: how many of them moved somebody.
        median_hours: from whoever moved them to them, where it is known when those came or shared; None for those
            who began, and where it is of nobody.
    """

    hops: int
    people: int
    movers: int
    median_hours: float | None

    @property
    def ended(self) -> int:
        """How many of them moved nobody: here so many branches died."""
        return self.people - self.movers


@dataclass(frozen=True)
class Revival:
    """A pause of at least ``PAUSE_HOURS`` and who moved the first person after it.

    Attributes:
        fan: who revived it.
        at: when, microseconds.
        pause_hours: how long nobody had come.
        after: how many came from then until the next pause or the end.
    """

    fan: int
    at: int
    pause_hours: float
    after: int


@dataclass(frozen=True)
class Branch:
    """One person of the cascade with what came through them."""

    fan: int
    hops: int
    moved: int
    below: int
    since: int


@dataclass(frozen=True)
class Telling:
    """What is worth saying of a cascade."""

    people: int
    began: int
    came: int
    first: int
    last: int
    half_hours: float
    generations: tuple[Generation, ...]
    revivals: tuple[Revival, ...]
    branches: tuple[Branch, ...]


@dataclass(frozen=True)
class Drawn:
    """The part of a cascade that a picture shows: the largest branches, as places of the cascade, in order of
    the way round.

    Attributes:
        place: of each person drawn.
        parent: the position, in this list, of whoever moved them; ``ROOT`` for roots.
        turn: their direction as a share of the whole turn, 0 to 1.
    """

    place: Ints
    parent: Ints
    turn: tuple[float, ...]


def tell(cascade: Cascade) -> Telling | None:
    """The cascade in numbers, or None where nobody was moved."""
    moved = cascade.parent != ROOT
    if not moved.any():
        return None
    came = np.sort(cascade.since[moved])
    first, half = int(cascade.since[0]), int(came[(len(came) - 1) // 2])
    return Telling(
        len(cascade),
        int((~moved).sum()),
        len(came),
        first,
        int(came[-1]),
        (half - first) / _HOUR,
        _generations(cascade),
        _revivals(cascade),
        _branches(cascade),
    )


def _generations(cascade: Cascade) -> tuple[Generation, ...]:
    delay = cascade.since - cascade.since[cascade.parent]
    timed = (cascade.parent != ROOT) & cascade.dated[cascade.parent]
    found = []
    for hops in range(int(cascade.depth.max()) + 1):
        level = cascade.depth == hops
        delays = delay[level & timed]
        median = float(np.median(delays)) / _HOUR if len(delays) else None
        movers = int((cascade.moved[level] > 0).sum())
        found.append(Generation(hops, int(level.sum()), movers, median))
    return tuple(found)


def _revivals(cascade: Cascade) -> tuple[Revival, ...]:
    came = np.flatnonzero(cascade.parent != ROOT)
    came = came[np.argsort(cascade.since[came], kind="stable")]
    pauses = np.diff(cascade.since[came])
    after = np.flatnonzero(pauses >= PAUSE_HOURS * _HOUR) + 1
    ends = np.append(after, len(came))[1:]
    return tuple(
        Revival(
            int(cascade.fan[cascade.parent[came[at]]]),
            int(cascade.since[came[at]]),
            float(pauses[at - 1]) / _HOUR,
            int(end - at),
        )
        for at, end in zip(after.tolist(), ends.tolist(), strict=True)
    )


def _branches(cascade: Cascade) -> tuple[Branch, ...]:
    movers = np.flatnonzero(cascade.moved > 0)
    order = movers[np.lexsort((movers, -cascade.moved[movers], -cascade.below[movers]))][:BRANCHES_SHOWN]
    return tuple(
        Branch(
            int(cascade.fan[i]),
            int(cascade.depth[i]),
            int(cascade.moved[i]),
            int(cascade.below[i]),
            int(cascade.since[i]),
        )
        for i in order
    )


def draw(cascade: Cascade, most: int = DRAWN_MAX) -> Drawn:
    """The ``most`` people with most below them and all above those, laid round a circle by branch.

    Each branch has room by the number of its drawn ends, so that lines do not cross.
    """
    chosen = _chosen(cascade, most)
    children: dict[int, list[int]] = {}
    for place in chosen:
        children.setdefault(int(cascade.parent[place]), []).append(place)
    order, ends = _walked(children)
    turn = _turns(order, children, ends)
    where = {place: i for i, place in enumerate(order)}
    parents = [where.get(int(cascade.parent[place]), ROOT) for place in order]
    return Drawn(
        np.asarray(order, np.int64), np.asarray(parents, np.int64), tuple(turn[place] for place in order)
    )


def _chosen(cascade: Cascade, most: int) -> list[int]:
    """Parents have more below them than their children, so whoever is chosen has parents that are."""
    lone = (cascade.parent == ROOT) & (cascade.moved == 0)
    order = np.lexsort((np.arange(len(cascade)), -cascade.below))
    return sorted(int(place) for place in order[~lone[order]][:most])


def _walked(children: dict[int, list[int]]) -> tuple[list[int], dict[int, int]]:
    """Everybody depth first, and how many ends there are below each."""
    order: list[int] = []
    waiting = list(reversed(children.get(ROOT, [])))
    while waiting:
        order.append(place := waiting.pop())
        waiting.extend(reversed(children.get(place, [])))
    ends: dict[int, int] = {}
    for place in reversed(order):
        ends[place] = sum(ends[child] for child in children.get(place, [])) or 1
    return order, ends


def _turns(order: list[int], children: dict[int, list[int]], ends: dict[int, int]) -> dict[int, float]:
    whole = sum(ends[root] for root in children.get(ROOT, [])) or 1
    begin: dict[int, float] = {}
    running = 0.0
    for root in children.get(ROOT, []):
        begin[root] = running
        running += ends[root]
    for place in order:
        at = begin[place]
        for child in children.get(place, []):
            begin[child] = at
            at += ends[child]
    return {place: (begin[place] + ends[place] / 2) / whole for place in order}
