"""A seed set with a certificate that is true while it is computed (OPIM-C, Tang, Tang, Xiao, Yuan 2018).

One batch of reverse-reachable sets chooses, an independent one judges; more are drawn until the judged spread
is surely enough of the most that any choice could reach, and the choice itself loses little to the chance of the
draw. The answer depends on seed and graph, not on the number of threads nor on the clock.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from guanxi.influence.kernels.bounds import lower, upper
from guanxi.influence.kernels.covering import greedy_cover, renumbered
from guanxi.influence.kernels.drawing import Drawing
from guanxi.influence.kernels.graph import Bools, Floats, Graph, Ints, Nodes
from guanxi.influence.kernels.limited import limited_cover
from guanxi.influence.kernels.limits import FREE, Limits

GREEDY = 1.0 - 1.0 / math.e
HALF = 0.5
RATIO = GREEDY / 2
BEYOND = 0.003
_EVENTS = 3
_MEMBERS_MAX = 400_000_000
_FAR = 0.6
_STRIDE = 8  # sizes to a doubling
_LEAP = 6 * _STRIDE
_LOSS = 2.0
_FLATTERED = 3.0
_TOLD = 10_000
_SEEN = 2.0  # members of sets to a node, at least: what a chosen one is said to lose is uncertain itself


@dataclass(frozen=True)
class Task:
    """What to choose.

    Attributes:
        k: how many; more than are eligible means all of them.
        epsilon: what the guarantee may lack of ``sure_share``.
        delta: the chance that any of what the answer states (low, high, guarantee) is wrong.
        seed: where chance begins.
        weights: what moving each node is worth, or empty where all count the same.
        eligible: who may be chosen.
        active: who is moved already; what they move counts for nobody.
        beyond: go on until the choice loses no more than about this share of the spread to the chance of the
            draw and sets hold two members a node (0: go on in any case, 1: not at all), while
        effort: so many members of sets are not yet drawn.
        limits: costs and caps.
        own: whether who is chosen counts too, without anybody moving them.
    """

    k: int
    epsilon: float
    delta: float
    seed: int
    weights: Floats
    eligible: Bools
    active: Bools
    beyond: float = BEYOND
    effort: int = 20_000_000
    limits: Limits = FREE
    own: bool = True

    def drawing(self, graph: Graph, seed: int, crew: ThreadPoolExecutor, threads: int) -> Drawing:
        """Sets of what is asked for, none of them drawn yet."""
        return Drawing(graph, self.weights, self.eligible, self.active, seed, crew, threads, self.own)


@dataclass(frozen=True)
class Choice:
    """Who was chosen and what is known of it; spreads are in the unit of the weights.

    Attributes:
        nodes: the chosen, best first; fewer than k only where nobody else was seen to move anybody, or
            nobody else is within the limits.
        marginal: what each adds to those before; sums to ``spread``.
        spread: expected spread, judged by sets that did not choose.
        low: spread is at least this, and
        high: at most this, and
        guarantee: at least this share of the best possible, all three together with probability 1 - delta.
        sets: how many sets chose; up to half as many judged.
    """

    nodes: Nodes
    marginal: Floats
    spread: float
    low: float
    high: float
    guarantee: float
    sets: int


@dataclass(frozen=True)
class Cover:
    """A greedy cover of the sets drawn so far, and the most that any choice within the limits could meet."""

    nodes: Nodes
    gains: Ints
    most: int
    sets: int

    @property
    def promised(self) -> float:
        """The share of the sets that it meets."""
        return int(self.gains.sum()) / self.sets

    @property
    def share(self) -> float:
        """What it meets of the most."""
        return int(self.gains.sum()) / max(self.most, 1)


def sure_share(task: Task) -> float:
    """What greedy is sure to reach of the best, before anything is drawn; 0 where nobody has shown it.

    1 - 1/e for a number (Nemhauser et al. 1978); 1/2 with caps, which are a matroid (Fisher et al. 1978);
    (1 - 1/e)/2 within a budget, for the better of greedy by gain and by gain for cost (Leskovec et al. 2007),
    where the number does not bind.
    """
    limits = task.limits
    if not len(limits.cost):
        return HALF if len(limits.group) else GREEDY
    cheapest = np.cumsum(np.sort(limits.cost[task.eligible]))
    affordable = int(np.searchsorted(cheapest, limits.budget, side="right"))
    return RATIO if affordable <= task.k and not len(limits.group) else 0.0


def choose(graph: Graph, task: Task, threads: int = 2) -> Choice:
    """The choice once its guarantee is enough and as many sets chose it as ``Task`` asks for."""
    task = replace(task, k=min(task.k, int(task.eligible.sum())))
    sizes = _sizes(graph.n, task)
    doubt = task.delta / (_EVENTS * len(sizes))
    floor = sure_share(task)
    with ThreadPoolExecutor(threads) as crew:
        drawing = task.drawing(graph, task.seed, crew, threads)
        at, cover, judging, sure = 0, None, drawing.apart(), False
        while True:
            drawing.extend(sizes[at])
            covering = crew.submit(covered, drawing, task, sizes[at], cover)
            if cover is not None and sure:
                judging.extend(_judges(cover, sizes[at]))  # meanwhile
            cover = covering.result()
            last = at == len(sizes) - 1 or drawing.filled > _MEMBERS_MAX
            further = _further(cover, drawing.filled, graph.n, task) / sizes[at]
            hoped = _hoped(cover, doubt)
            if last or (further <= 1 and _content(hoped, cover, task.epsilon, floor)):
                judging.extend(_judges(cover, sizes[at]))
                choice = _judged(judging, cover, doubt)
                if last or _content(choice.guarantee, cover, task.epsilon, floor):
                    return choice
            near = 2 * _STRIDE if hoped < _FAR * (floor - task.epsilon) else _STRIDE
            steps = math.ceil(_STRIDE * math.log2(further)) if further > 1 else near
            at, sure = min(at + min(steps, _LEAP), len(sizes) - 1), further > 1 and steps <= _LEAP


def _sizes(n: int, task: Task) -> list[int]:
    """How many sets a choice may be made on: fixed beforehand, so that the doubts simply add up."""
    k = min(task.k, n)
    ways = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    doubt = math.log(6.0 / task.delta)
    size = 2.0 * (GREEDY * math.sqrt(doubt) + math.sqrt(GREEDY * (ways + doubt))) ** 2
    rounds = 2 + max(0, math.ceil(math.log2(n / (task.epsilon**2 * k))))
    return [math.ceil(size * 2 ** (j / _STRIDE)) for j in range(_STRIDE * rounds)]


def _further(cover: Cover, filled: int, n: int, task: Task) -> float:
    """How many sets ought to choose, going on from this cover, as far as the effort allows.

    Each chosen one is met by some sets, at random: gains are known to within the root of their number, and what
    that costs goes by its square, so that a choice loses some ``_LOSS`` sets for each chosen one (measured: 1 to 2).
    The sets are to hold ``_SEEN`` members a node in any case, which where many are moved costs less than it brings.
    """
    if task.beyond >= 1:
        return 0.0
    chosen = max(len(cover.nodes), 1)
    met = max(_honest(cover), chosen)
    wanted = _LOSS * chosen * cover.sets / (met * task.beyond) if task.beyond > 0 else math.inf
    to_member = cover.sets / max(filled, 1)
    return min(max(wanted, _SEEN * n * to_member), task.effort * to_member)


def _honest(cover: Cover) -> float:
    """About how many sets would be met if those who chose judged, less what they flatter."""
    return max(int(cover.gains.sum()) - _FLATTERED * len(cover.nodes), 0.0)


def covered(drawing: Drawing, task: Task, sets: int, before: Cover | None = None) -> Cover:
    """The better greedy cover of what is drawn, and the least of what bounds any choice; sooner with the cover of
    fewer sets ``before``.
    """
    members, ends, n = drawing.members, drawing.ends, drawing.graph.n
    if not task.limits.any:
        return Cover(*_greedy(members, ends, n, task.k, _floor(before, task.k, sets)), sets)
    limits = task.limits
    cost = limits.cost if len(limits.cost) else np.zeros(n)
    group = limits.group if len(limits.group) else np.zeros(n, np.int32)
    caps = limits.caps if len(limits.group) else np.full(1, task.k)
    ways = (False, True) if len(limits.cost) else (False,)
    found = [limited_cover(members, ends, n, task.k, cost, limits.budget, group, caps, way) for way in ways]
    nodes, gains, _ = max(found, key=lambda one: int(one[1].sum()))
    return Cover(nodes, gains, min(int(most) for _, _, most in found), sets)


def _floor(before: Cover | None, k: int, sets: int) -> int:
    """What the last of the chosen is sure to gain: by what it gained before, which is known to within the root."""
    if before is None or len(before.nodes) < k:
        return 1
    least = int(before.gains[-1])
    return max(int((least - 2 * math.sqrt(least)) * sets / before.sets), 1)


def _greedy(members: Nodes, ends: Ints, n: int, k: int, floor: int) -> tuple[Nodes, Ints, int]:
    """The greedy cover; where sets are few, of those alone who are in one."""
    if n <= len(members):
        nodes, gains, most = greedy_cover(members, ends, n, k, floor)
        return nodes, gains, int(most)
    there, places = renumbered(members, n)
    nodes, gains, most = greedy_cover(places, ends, len(there), k, floor)
    return there[nodes], gains, int(most)


def _hoped(cover: Cover, doubt: float) -> float:
    """The guarantee if those who chose judged, less what they flatter: judging in earnest can wait for it."""
    judges = _judges(cover, cover.sets)
    return lower(int(_honest(cover) * judges / cover.sets), judges, doubt) / upper(
        cover.most, cover.sets, doubt
    )


def _judges(cover: Cover, sets: int) -> int:
    """How many sets judge: half as many as choose, or fewer once ``_TOLD`` are met, which tells the spread to 5 %."""
    return min((sets + 1) // 2, math.ceil(_TOLD * cover.sets / max(_honest(cover), 1.0)))


def _content(guarantee: float, cover: Cover, lacking: float, floor: float) -> bool:
    """Whether the guarantee lacks little of what is sure beforehand and, where limits make that little, of
    what greedy met.
    """
    if floor == GREEDY:
        return guarantee >= floor - lacking
    return guarantee >= max(floor - lacking, (1 - lacking) * cover.share)


def _judged(judging: Drawing, cover: Cover, doubt: float) -> Choice:
    judges, hits = len(judging.ends), judging.met(cover.nodes)
    gains, worth = cover.gains, judging.worth
    low, high = lower(hits, judges, doubt), upper(hits, judges, doubt)
    spread = worth * hits / judges
    marginal = gains.astype(np.float64) * (spread / max(int(gains.sum()), 1))
    guarantee = low / upper(cover.most, cover.sets, doubt)
    return Choice(cover.nodes, marginal, spread, worth * low, worth * high, guarantee, cover.sets)
