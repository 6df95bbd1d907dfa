"""A seed set with a certificate that is true while it is computed (OPIM-C, Tang, Tang, Xiao, Yuan 2018).

One batch of reverse-reachable sets chooses, an independent one judges; both double until the judged spread
is surely enough of
the most that any k could reach. The answer depends on seed and graph, not on the number of threads.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from guanxi.influence.kernels.bounds import lower, upper
from guanxi.influence.kernels.covering import greedy_cover
from guanxi.influence.kernels.graph import Floats, Graph, Ints, Nodes
from guanxi.influence.kernels.sampling import HIT, RECORD, VOID, sampled_sets

GREEDY = 1.0 - 1.0 / math.e
_EVENTS = 3
_JUDGE = 0x5EED
_CHUNKS = 4
_MEMBERS_MAX = 400_000_000
_FAR = 0.6

Scratch = tuple[Nodes, Nodes, Ints]


@dataclass(frozen=True)
class Task:
    """What to choose.

    Attributes:
        k: how many; more than are eligible means all of them.
        epsilon: stop once the guarantee is 1 - 1/e - epsilon.
        delta: the chance that any of what the answer states (low, high, guarantee) is wrong.
        seed: where chance begins.
        weights: what moving each node is worth, or empty where all count the same.
        eligible: who may be chosen.
        active: who is moved already; what they move counts for nobody.
    """

    k: int
    epsilon: float
    delta: float
    seed: int
    weights: Floats
    eligible: npt.NDArray[np.bool_]
    active: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Choice:
    """Who was chosen and what is known of it; spreads are in the unit of the weights.

    Attributes:
        nodes: the chosen, best first; fewer than k only where nobody else was seen to move anybody.
        marginal: what each adds to those before; sums to ``spread``.
        spread: expected spread, judged by sets that did not choose.
        low: spread is at least this, and
        high: at most this, and
        guarantee: at least this share of the best possible, all three together with probability 1 - delta.
        sets: how many sets chose; about as many judged.
    """

    nodes: Nodes
    marginal: Floats
    spread: float
    low: float
    high: float
    guarantee: float
    sets: int


def choose(graph: Graph, task: Task, threads: int = 2) -> Choice:
    """The choice at twice the number of sets at which the guarantee was first enough, or at the last number
    there is.

    The bounds here need about half the sets of OPIM's own; the doubling gives the other half back to the
    spread.
    """
    task = replace(task, k=min(task.k, int(task.eligible.sum())))
    with ThreadPoolExecutor(threads) as crew:
        sampler = _Sampler(graph, task, crew, threads)
        sizes = _sizes(graph.n, task)
        doubt = task.delta / (_EVENTS * len(sizes))
        at, enough = 0, False
        while True:
            choice = _certified(sampler, sizes[at], doubt)
            if enough or at == len(sizes) - 1 or len(sampler.members) > _MEMBERS_MAX:
                return choice
            enough = choice.guarantee >= GREEDY - task.epsilon
            far = choice.guarantee < _FAR * (GREEDY - task.epsilon)
            at = min(at + 1 + far, len(sizes) - 1)


def _sizes(n: int, task: Task) -> list[int]:
    """How many sets a choice may be judged by: fixed beforehand, so that the doubts simply add up."""
    k = min(task.k, n)
    ways = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    doubt = math.log(6.0 / task.delta)
    size = 2.0 * (GREEDY * math.sqrt(doubt) + math.sqrt(GREEDY * (ways + doubt))) ** 2
    rounds = 2 + max(0, math.ceil(math.log2(n / (task.epsilon**2 * k))))
    return [math.ceil(size) << j for j in range(rounds)]


def _certified(sampler: _Sampler, sets: int, doubt: float) -> Choice:
    sampler.extend(sets)
    task, worth = sampler.task, sampler.worth
    nodes, gains, most = greedy_cover(sampler.members, sampler.ends, sampler.graph.n, task.k)
    hits = sampler.judged(nodes, sets)
    low, high = lower(hits, sets, doubt), upper(hits, sets, doubt)
    spread = worth * hits / sets
    marginal = gains * (spread / max(int(gains.sum()), 1))
    guarantee = low / upper(int(most), sets, doubt)
    return Choice(nodes, marginal, spread, worth * low, worth * high, guarantee, sets)


class _Sampler:
    """The sets drawn so far, and the means to draw more on some threads."""

    def __init__(self, graph: Graph, task: Task, crew: ThreadPoolExecutor, threads: int) -> None:
        self.graph, self.task, self._crew, self._threads = graph, task, crew, threads
        self._arrays = (graph.offsets, graph.sources, graph.uniform, graph.strengths)
        self._totals = np.cumsum(task.weights)
        self.worth = float(self._totals[-1]) if len(self._totals) else float(graph.n)
        self._mask = task.eligible * np.uint8(RECORD) | task.active * np.uint8(VOID)
        self._voids = bool(task.active.any())
        self._scratch = [_scratch(graph.n) for _ in range(threads)]
        self.members, self.ends = np.empty(0, np.int32), np.empty(0, np.int64)

    def extend(self, sets: int) -> None:
        """``sets`` choosing sets are drawn."""
        parts = self._drawn(self._mask, self.task.seed, len(self.ends), sets, True)
        ends, members = [self.ends], [self.members]
        filled = len(self.members)
        for more, stops, _ in parts:
            members.append(more)
            ends.append(stops + filled)
            filled += len(more)
        self.members, self.ends = np.concatenate(members), np.concatenate(ends)

    def judged(self, nodes: Nodes, sets: int) -> int:
        """How many of ``sets`` judging sets the nodes meet."""
        mask = self._mask.copy()
        mask[nodes] |= HIT
        return sum(hits for _, _, hits in self._drawn(mask, self.task.seed ^ _JUDGE, 0, sets, False))

    def _drawn(
        self, mask: npt.NDArray[np.uint8], seed: int, first: int, last: int, storing: bool
    ) -> list[tuple[Nodes, Ints, int]]:
        cuts = np.linspace(first, last, self._threads * _CHUNKS + 1).astype(np.int64)
        idle = list(self._scratch)

        def drawn(begin: int, end: int) -> tuple[Nodes, Ints, int]:
            scratch = idle.pop()
            try:
                part: tuple[Nodes, Ints, int] = sampled_sets(
                    self._arrays,
                    self.graph.model == "lt",
                    self._totals,
                    mask,
                    self._voids,
                    scratch,
                    np.uint64(seed),
                    begin,
                    end,
                    storing,
                )
                return part
            finally:
                idle.append(scratch)

        return list(self._crew.map(drawn, cuts[:-1].tolist(), cuts[1:].tolist()))


def _scratch(n: int) -> Scratch:
    return np.zeros(n, np.int32), np.empty(n, np.int32), np.zeros(1, np.int64)
