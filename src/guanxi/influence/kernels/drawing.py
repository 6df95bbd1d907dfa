"""Reverse-reachable sets drawn in batches on some threads, to choose by or, drawn apart, to judge by."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from copy import copy
from itertools import cycle, pairwise

import numpy as np
import numpy.typing as npt

from guanxi.influence.kernels.graph import Bools, Floats, Graph, Ints, Nodes
from guanxi.influence.kernels.sampling import (
    APART,
    RECORD,
    VOID,
    even_cascades,
    meeting,
    mixed_cascades,
    walks,
)

_JUDGE = 0x5EED
_CHUNKS = 4
# Sets to a chunk: its members stay in the core's own memory until they are put away.
_LEAST, _MOST = 2048, 16_384
_AHEAD = 2
_SPARE = 1.05

Mask = npt.NDArray[np.uint8]
Scratch = tuple[Nodes, Nodes]
Part = tuple[Nodes, Ints]


class Drawing:
    """The sets drawn so far, and the means to draw more; what is drawn does not depend on the threads.

    Attributes:
        filled: how many members all sets have.
        ends: where each set ends in ``members``.
        worth: what all nodes are worth together.
    """

    def __init__(
        self,
        graph: Graph,
        weights: Floats,
        eligible: Bools,
        active: Bools,
        seed: int,
        crew: ThreadPoolExecutor,
        threads: int,
        own: bool = True,
    ) -> None:
        self.graph, self._seed, self._crew, self._threads = graph, seed, crew, threads
        self._arrays = (graph.offsets, graph.sources, graph.quiet, graph.scale, graph.strengths)
        self._roots, self._totals, self.worth = _roots(weights, graph.n)
        self._mask = eligible * np.uint8(RECORD) | active * np.uint8(VOID)
        self._mask |= np.uint8(0 if own else APART)
        self._all_kept = bool(eligible.all()) and not active.any() and own
        self._kernel = _kernel(graph)
        self._scratch = [(np.zeros(graph.n, np.int32), np.zeros(1, np.int32)) for _ in range(threads)]
        self._rooms = [_Room(graph.n) for _ in range(threads + _AHEAD)]
        self._held, self.filled, self.ends = np.empty(0, np.int32), 0, np.empty(0, np.int64)

    @property
    def members(self) -> Nodes:
        """Who is in the sets, set by set."""
        return self._held[: self.filled]

    def extend(self, sets: int) -> None:
        """At least ``sets`` sets are drawn."""
        drawn = len(self.ends)
        sets = max(sets, drawn)
        ends = np.empty(sets, np.int64)
        ends[:drawn] = self.ends
        for more, stops in self._drawn(drawn, sets):
            end = self.filled + len(more)
            if end > len(self._held):
                self._widen(math.ceil(_SPARE * end * sets / (drawn + len(stops))))
            self._held[self.filled : end] = more
            ends[drawn : drawn + len(stops)] = stops + self.filled
            self.filled, drawn = end, drawn + len(stops)
        self.ends = ends

    def _widen(self, room: int) -> None:
        held = np.empty(room, np.int32)
        held[: self.filled] = self.members
        self._held = held

    def apart(self) -> Drawing:
        """Sets of the same kind, none of them drawn yet, that have nothing to do with these."""
        other = copy(self)
        other._seed ^= _JUDGE
        other._held, other.filled, other.ends = np.empty(0, np.int32), 0, np.empty(0, np.int64)
        return other

    def met(self, nodes: Nodes) -> int:
        """How many of the sets the nodes meet."""
        wanted = np.zeros(self.graph.n, np.bool_)
        wanted[nodes] = True
        return int(meeting(self.members, self.ends, wanted))

    def _drawn(self, first: int, last: int) -> Iterator[Part]:
        """(members, ends) of one chunk after another, in order; they stand until the next is asked for."""
        idle = list(self._scratch)

        def drawn(room: _Room, begin: int, end: int) -> Part:
            scratch = idle.pop()
            try:
                room.members, used = self._kernel(
                    self._arrays,
                    self._roots,
                    self._totals,
                    self._mask,
                    scratch,
                    (room.members, room.ends),
                    self._all_kept,
                    np.uint64(self._seed),
                    begin,
                    end,
                    first,
                    last - first,
                )
                return room.members[:used], room.ends[: end - begin]
            finally:
                idle.append(scratch)

        waiting: deque[Future[Part]] = deque()
        for room, (begin, end) in zip(cycle(self._rooms), pairwise(self._cuts(first, last)), strict=False):
            if len(waiting) == len(self._rooms):
                yield waiting.popleft().result()
            waiting.append(self._crew.submit(drawn, room, begin, end))
        for part in waiting:
            yield part.result()

    def _cuts(self, first: int, last: int) -> list[int]:
        """Where chunks begin and end: some for each thread, of so many sets that a chunk is worth asking for."""
        sets = last - first
        size = min(max(sets // (self._threads * _CHUNKS), _LEAST), _MOST)
        return [*range(first, last, size), last]


class _Room:
    """Where one chunk is drawn, used again and again."""

    def __init__(self, n: int) -> None:
        self.members, self.ends = np.empty(n + 8 * _MOST, np.int32), np.empty(_MOST, np.int64)


def _roots(weights: Floats, n: int) -> tuple[Nodes, Floats, float]:
    """(who counts, running sum of what they count, sum): empty where all count, or all the same."""
    nobody, none = np.empty(0, np.int32), np.empty(0)
    if not len(weights):
        return nobody, none, float(n)
    roots = np.flatnonzero(weights).astype(np.int32)
    worth = weights[roots]
    totals: Ints | Floats = none if (worth == worth[0]).all() else np.cumsum(worth)
    return roots, totals.astype(np.float64), float(worth.sum())


def _kernel(graph: Graph) -> Callable[..., tuple[Nodes, int]]:
    if graph.model == "lt":
        return walks
    return mixed_cascades if len(graph.strengths) else even_cascades
