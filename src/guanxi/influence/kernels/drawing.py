"""Reverse-reachable sets drawn in batches on some threads, kept to choose by or only counted to judge by."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from guanxi.influence.kernels.graph import Bools, Floats, Graph, Ints, Nodes
from guanxi.influence.kernels.sampling import HIT, RECORD, VOID, even_cascades, mixed_cascades, walks

_JUDGE = 0x5EED
_CHUNKS = 4
_ALONE = 2048

Mask = npt.NDArray[np.uint8]
Scratch = tuple[Nodes, Nodes]


class Drawing:
    """The sets drawn so far, and the means to draw more; what is drawn does not depend on the threads.

    Attributes:
        members: who is in the sets, set by set.
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
    ) -> None:
        self.graph, self._seed, self._crew, self._threads = graph, seed, crew, threads
        self._arrays = (graph.offsets, graph.sources, graph.quiet, graph.scale, graph.strengths)
        self._roots, self._totals, self.worth = _roots(weights, graph.n)
        self._mask = eligible * np.uint8(RECORD) | active * np.uint8(VOID)
        self._voids = bool(active.any())
        self._keep = 1 if eligible.all() and not self._voids else 2
        self._kernel = _kernel(graph)
        self._scratch = [(np.zeros(graph.n, np.int32), np.zeros(1, np.int32)) for _ in range(threads)]
        self.members, self.ends = np.empty(0, np.int32), np.empty(0, np.int64)

    @property
    def filled(self) -> int:
        """How many members all sets have."""
        return len(self.members)

    def extend(self, sets: int) -> None:
        """``sets`` sets are drawn."""
        enough = VOID if self._voids else 0
        parts = self._drawn(self._mask, enough, self._keep, self._seed, len(self.ends), sets)
        members, ends, filled = [self.members], [self.ends], self.filled
        for more, stops, _ in parts:
            members.append(more)
            ends.append(stops + filled)
            filled += len(more)
        self.members, self.ends = np.concatenate(members), np.concatenate(ends)

    def hits(self, nodes: Nodes, sets: int) -> int:
        """How many of ``sets`` further sets, drawn apart from those kept, the nodes meet."""
        mask = self._mask.copy()
        mask[nodes] |= HIT
        enough = VOID if self._voids else HIT
        return sum(hits for _, _, hits in self._drawn(mask, enough, 0, self._seed ^ _JUDGE, 0, sets))

    def _drawn(
        self, mask: Mask, enough: int, keep: int, seed: int, first: int, last: int
    ) -> list[tuple[Nodes, Ints, int]]:
        idle = list(self._scratch)

        def drawn(begin: int, end: int) -> tuple[Nodes, Ints, int]:
            scratch = idle.pop()
            try:
                part: tuple[Nodes, Ints, int] = self._kernel(
                    self._arrays,
                    self._roots,
                    self._totals,
                    mask,
                    np.uint8(enough),
                    scratch,
                    keep,
                    np.uint64(seed),
                    begin,
                    end,
                    first,
                    last - first,
                )
                return part
            finally:
                idle.append(scratch)

        chunks = min(self._threads * _CHUNKS, (last - first) // _ALONE)
        if self._threads == 1 or chunks < 2:
            return [drawn(first, last)]
        cuts = np.linspace(first, last, chunks + 1).astype(np.int64).tolist()
        return list(self._crew.map(drawn, cuts[:-1], cuts[1:]))


def _roots(weights: Floats, n: int) -> tuple[Nodes, Floats, float]:
    """(who counts, running sum of what they count, sum): empty where all count, or all the same."""
    nobody, none = np.empty(0, np.int32), np.empty(0)
    if not len(weights):
        return nobody, none, float(n)
    roots = np.flatnonzero(weights).astype(np.int32)
    worth = weights[roots]
    totals: Ints | Floats = none if (worth == worth[0]).all() else np.cumsum(worth)
    return roots, totals.astype(np.float64), float(worth.sum())


def _kernel(graph: Graph) -> Callable[..., tuple[Nodes, Ints, int]]:
    if graph.model == "lt":
        return walks
    return mixed_cascades if len(graph.strengths) else even_cascades
