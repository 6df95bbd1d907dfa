"""A seed set for the worst of several worlds, which have the same people and other chances (He and Kempe 2016).

Greedy on what each world can give, cut off at a level that all worlds should reach; the level is found by halving
(Saturate, Krause et al. 2008). With k seeds alone nothing is sure beforehand; what is found is judged by sets of its
own in every world, and held against the least of what any choice could reach in each world by itself.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from guanxi.influence.kernels.bounds import lower, upper
from guanxi.influence.kernels.choosing import Choice, Task, covered
from guanxi.influence.kernels.covering import indexed
from guanxi.influence.kernels.drawing import Drawing
from guanxi.influence.kernels.graph import Bools, Graph, Ints, Nodes
from guanxi.influence.kernels.limits import Room

_PILOT = 10_000
_MET = 150
_HALVINGS = 10
_EVENTS = 5


@dataclass(frozen=True)
class Worst:
    """What a choice for the worst world is known to do there.

    Attributes:
        worlds: how many there were; the first is the one that the rest of the answer speaks of.
        spread: in the world in which the chosen reach least, and it is
        low: at least this, and
        guarantee: at least this share of what any choice could reach in its worst world, both with the doubt of
            the whole answer.
        plain: what the choice that is best in the first world reaches in its own worst one.
    """

    worlds: int
    spread: float
    low: float
    guarantee: float
    plain: float


@dataclass(frozen=True)
class _World:
    """One world's sets: which of them each node is in, and the most that any choice could meet."""

    drawing: Drawing
    starts: Nodes
    places: Nodes
    sets: int
    plain: Nodes
    most: int


def choose_for_worst(graphs: Sequence[Graph], task: Task, threads: int = 2) -> tuple[Choice, Worst]:
    """The choice that does well in the worst of these worlds; the certificate speaks of the first."""
    task = replace(task, k=min(task.k, int(task.eligible.sum())))
    with ThreadPoolExecutor(threads) as crew:
        # Drawn apart from all the rest: how many sets there are must not depend on what they say.
        pilot = _drawn(graphs[0], task, len(graphs), _PILOT, crew, threads)
        sets = _enough(pilot, task, len(graphs))
        worlds = [_drawn(graph, task, i, sets, crew, threads) for i, graph in enumerate(graphs)]
        chosen, gains = _saturated(worlds, task)
        met = np.array([_met(world, sets, chosen, worlds[0].plain) for world in worlds])
    judged, plain = met[:, 0], met[:, 1].min()
    worth, doubt = worlds[0].drawing.worth, task.delta / (_EVENTS * len(worlds))
    lows = [lower(int(hits), sets, doubt) for hits in judged]
    tops = [upper(world.most, sets, doubt) for world in worlds]
    spread = worth * judged[0] / sets
    choice = Choice(
        chosen,
        gains * (spread / max(float(gains.sum()), 1.0)),
        spread,
        worth * lows[0],
        worth * upper(int(judged[0]), sets, doubt),
        lows[0] / tops[0],
        sets,
    )
    least = worth / sets
    return choice, Worst(
        len(worlds), least * int(judged.min()), worth * min(lows), min(lows) / min(tops), least * plain
    )


def _drawn(
    graph: Graph, task: Task, number: int, sets: int, crew: ThreadPoolExecutor, threads: int
) -> _World:
    seed = (task.seed + number * 0x9E3779B9) & (2**63 - 1)
    drawing = task.drawing(graph, seed, crew, threads)
    drawing.extend(sets)
    cover = covered(drawing, task, sets)
    starts, places = indexed(drawing.members, drawing.ends, graph.n)
    return _World(drawing, starts, places, sets, cover.nodes, cover.most)


def _met(world: _World, sets: int, *choices: Nodes) -> list[int]:
    """How many of so many sets, drawn apart from those that chose, each choice meets."""
    judging = world.drawing.apart()
    judging.extend(sets)
    return [judging.met(nodes) for nodes in choices]


def _enough(pilot: _World, task: Task, worlds: int) -> int:
    """So many sets in each world that the chosen are met by ``_MET`` each, as far as the effort allows."""
    met = max(_met(pilot, pilot.sets, pilot.plain)[0], 1)
    wanted = _MET * len(pilot.plain) * pilot.sets // met
    allowed = task.effort * pilot.sets // (max(pilot.drawing.filled, 1) * worlds)
    return max(pilot.sets, min(wanted, allowed))


def _saturated(worlds: Sequence[_World], task: Task) -> tuple[Nodes, Ints]:
    """The chosen and their gains in the first world: of all levels tried, who reach most in their worst world."""
    low, high = 0, min(world.most for world in worlds)
    best, most = _cut(worlds, task, high), -1
    for _ in range(_HALVINGS):
        level = (low + high + 1) // 2
        found = _cut(worlds, task, level)
        reached = int(found[1].sum(axis=0).min())
        if reached > most:
            best, most = found, reached
        low, high = (level, high) if reached >= level else (low, level)
    return best[0], best[1][:, 0]


def _cut(worlds: Sequence[_World], task: Task, level: int) -> tuple[Nodes, Ints]:
    """Greedy, lazily, on what the worlds give up to ``level`` each; gains are by chosen and world."""
    met = [np.zeros(world.sets, bool) for world in worlds]
    reached = np.zeros(len(worlds), np.int64)
    sizes = np.stack([np.diff(world.starts) for world in worlds], axis=1)
    hopes = np.minimum(sizes, level).sum(axis=1)
    queue = [(-int(hopes[v]), int(v), 0) for v in np.flatnonzero(hopes)]
    heapq.heapify(queue)
    chosen: list[int] = []
    gains: list[Ints] = []
    room = Room(task.limits)
    while queue and len(chosen) < task.k:
        _hope, v, when = heapq.heappop(queue)
        if not room.fits(v):
            continue
        adds = _adds(worlds, met, v)
        gain = int((np.minimum(reached + adds, level) - np.minimum(reached, level)).sum())
        if when < len(chosen):
            if gain:
                heapq.heappush(queue, (-gain, v, len(chosen)))
            continue
        chosen.append(v)
        gains.append(adds)
        reached += adds
        room.take(v)
        for world, seen in zip(worlds, met, strict=True):
            seen[world.places[world.starts[v] : world.starts[v + 1]]] = True
    return np.array(chosen, np.int32), np.array(gains, np.int64).reshape(-1, len(worlds))


def _adds(worlds: Sequence[_World], met: Sequence[Bools], v: int) -> Ints:
    """How many sets more this node meets, by world."""
    found = [
        np.count_nonzero(~seen[world.places[world.starts[v] : world.starts[v + 1]]])
        for world, seen in zip(worlds, met, strict=True)
    ]
    return np.array(found, np.int64)
