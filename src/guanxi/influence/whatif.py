"""What if others were chosen? Spread at once, on reverse-reachable sets drawn once and kept; needs no installation.

A kept set is one draw of who could have moved one person who counts. The share of sets that a list of people
meets, times what all are worth, is its spread. The sets did not choose, so nobody is flattered.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from guanxi.influence.kernels.bounds import lower, upper
from guanxi.influence.kernels.drawing import Drawing
from guanxi.influence.kernels.graph import Bools, Floats, Graph, Ints
from guanxi.influence.ties import Coded

KEPT_SETS = 40_000
_KEPT_SEED = 0xA11CE
DOUBT = 0.05
_NUMBERS = Coded((), None)


@dataclass(frozen=True)
class Kept:
    """Sets drawn once.

    Attributes:
        draw: by row, which set, and
        person: by row, who is in it, by code.
        sets: how many were drawn, those without rows too.
        worth: what everybody is worth together.
        ids: what codes stand for: themselves, unless ids are text.
    """

    draw: Ints
    person: Ints
    sets: int
    worth: float
    ids: Coded = _NUMBERS


@dataclass(frozen=True)
class Reach:
    """What a list of people reaches: spread with its interval, and what each adds to those before."""

    spread: float
    low: float
    high: float
    adds: tuple[float, ...]


def kept_sets(
    graph: Graph,
    weights: Floats,
    active: Bools,
    seed: int,
    sets: int = KEPT_SETS,
    ids: Coded = _NUMBERS,
    own: bool = True,
) -> Kept:
    """Sets that name everybody, those who may not be chosen too, but without ``own`` nobody in a draw of themselves;
    what the active move counts for nobody.
    """
    with ThreadPoolExecutor(2) as crew:
        drawing = Drawing(graph, weights, ~active, active, seed ^ _KEPT_SEED, crew, 2, own)
        drawing.extend(sets)
    lengths = np.diff(np.concatenate([[0], drawing.ends]))
    draw = np.repeat(np.arange(sets, dtype=np.int64), lengths)
    return Kept(draw, graph.ids[drawing.members].astype(np.int64), sets, drawing.worth, ids)


def apart(kept: Kept, people: Sequence[int]) -> dict[int, tuple[float, float]]:
    """By person, what they reach alone, and of that what nobody else among these people reaches."""
    ids, unit = np.unique(np.asarray(people, np.int64)), kept.worth / kept.sets
    theirs = np.isin(kept.person, ids)
    draw, place = kept.draw[theirs], np.searchsorted(ids, kept.person[theirs])
    single = np.bincount(draw, minlength=kept.sets)[draw] == 1
    alone, only = ((np.bincount(p, minlength=len(ids)) * unit).tolist() for p in (place, place[single]))
    return dict(zip(ids.tolist(), zip(alone, only, strict=True), strict=True))


def reach(kept: Kept, people: Sequence[object]) -> Reach:
    """What these people reach together, in this order; who is in no tie reaches nobody."""
    met: npt.NDArray[np.bool_] = np.zeros(kept.sets, bool)
    adds = []
    order = np.argsort(kept.person, kind="stable")
    persons, draws = kept.person[order], kept.draw[order]
    for one in kept.ids.codes(people).tolist():
        first, last = np.searchsorted(persons, [one, one + 1])
        mine = draws[first:last]
        adds.append(int((~met[mine]).sum()))
        met[mine] = True
    hits = int(met.sum())
    unit = kept.worth / kept.sets
    low, high = lower(hits, kept.sets, DOUBT), upper(hits, kept.sets, DOUBT)
    return Reach(hits * unit, low * kept.worth, high * kept.worth, tuple(n * unit for n in adds))
