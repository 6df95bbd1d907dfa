"""Whom to begin with: ties in, a seed set with its spread and a guarantee out; needs no installation.

Example:
    >>> import numpy as np
    >>> fans = np.arange(1, 40)
    >>> chosen = choose_seeds((np.zeros(39, int), fans, np.full(39, 0.5)), k=1)
    >>> chosen.seeds, round(chosen.spread) in range(18, 24), chosen.guarantee > 0.53
    ([0], True, True)
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from guanxi.influence.kernels.choosing import BEYOND, Choice, Task, choose, sure_share
from guanxi.influence.kernels.graph import Bools, Floats, Graph, Ints, Model, Nodes
from guanxi.influence.kernels.limits import FREE, Limits
from guanxi.influence.kernels.robust import Worst, choose_for_worst
from guanxi.influence.ties import NOBODY, Brought, Coded, Ties, as_ties
from guanxi.influence.whatif import KEPT_SETS, Kept, kept_sets
from guanxi.vocabulary.reasons import Refused

SEEDS = 2**63
_PENNIES = 1e-9  # of a budget: what sums of costs may be off by
People = npt.NDArray[np.generic]


@dataclass(frozen=True)
class Within:
    """What the chosen may not exceed, beside their number.

    Attributes:
        costs: what each asks; who is not named has no price and cannot be chosen. Needs ``budget``.
        budget: the most that all the chosen may cost together.
        groups: which community each belongs to; who is not named belongs to none. Needs ``group_max``.
        group_max: how many of one community may be chosen.
    """

    costs: Mapping[object, float] | None = None
    budget: float | None = None
    groups: Mapping[object, int] | None = None
    group_max: int | None = None


@dataclass(frozen=True)
class SeedSet:
    """Who was chosen, and what the model promises of them.

    Attributes:
        seeds: ids, best first.
        marginal: expected further people (or target weight) each adds to those before.
        spread: expected people moved, the seeds among them unless ``own`` is False, less what those already
            active move.
        low: ``spread`` is at least this,
        high: at most this, and
        guarantee: at least this share of the best that any choice within the limits could do: all three
            with probability 1 - delta, under the model.
        sure: the share that greedy is sure of before anything is drawn; 0 where nobody has shown one.
        delta: the chance that low, high or guarantee is wrong.
        sets: how many reverse-reachable sets chose; up to half as many judged.
        people: ids that some tie names.
        ties: how many ties were counted.
        cost: what the chosen cost together; 0 without costs.
        seconds: spent choosing; building the graph is in ``build_seconds``.
        worst: where worlds were given, what the chosen do in the worst of them.
    """

    seeds: list[object]
    marginal: list[float]
    spread: float
    low: float
    high: float
    guarantee: float
    sure: float
    delta: float
    sets: int
    people: int
    ties: int
    cost: float
    seconds: float
    build_seconds: float
    worst: Worst | None = None


def choose_seeds(
    ties: Ties | Brought,
    k: int = 50,
    model: Model = "ic",
    epsilon: float = 0.1,
    delta: float | None = None,
    seed: int = 0,
    targets: Mapping[object, float] | None = None,
    exclude: Sequence[object] = (),
    active: Sequence[object] = (),
    threads: int = 2,
    within: Within | None = None,
    beyond: float = BEYOND,
    worlds: Sequence[Floats] = (),
    own: bool = True,
) -> SeedSet:
    """The people whose spread is surely near the greatest possible; the same for the same arguments.

    Args:
        ties: as ``columns_of`` takes them, under the rules of ``build_graph``.
        k: how many at most: fewer where nobody further adds anything, all where no more than k are there.
        model: ``ic`` (each tie has its chance) or ``lt`` (each person has one influencer at most).
        epsilon: what the guarantee may lack of ``sure_share`` (1 - 1/e without limits).
        delta: how often the answer may be wrong; 1/people unless given.
        seed: where chance begins: a whole number from 0 to 2**63 - 1.
        targets: what moving each person is worth, nothing where not named. None: everyone counts one.
        exclude: people who may not be chosen, though they pass on what they get.
        active: people moved already: what they move is nobody's merit, and they are not chosen.
        threads: how many draw at once; never changes the answer.
        within: costs with a budget, communities with a cap.
        beyond: go on until about this share may be lost to the chance of the draw (0: in any case, 1: not at all).
        worlds: other chances of the ties, for the worst of which one chooses; see ``certainty.drawn_worlds``.
        own: whether the chosen count too. Without, only whom others move: nobody is chosen who moves nobody.
    """
    _check(k, epsilon, delta, beyond, seed)
    begun, known = time.perf_counter(), as_ties(ties)
    graphs = [replace(known, probability=p).graph(model) for p in (known.probability, *worlds)]
    rules = rules_by_place(graphs[0].ids, known.ids, targets, exclude, active, within or Within())
    task = Task(k, epsilon, delta or 0.0, seed, *rules[:3], beyond, limits=rules[3], own=own)
    return _answered(graphs, task, threads, known.ids, begun)


def rules_by_place(
    people: People,
    ids: Coded,
    targets: Mapping[object, float] | None,
    exclude: Sequence[object],
    active: Sequence[object],
    within: Within,
) -> tuple[Floats, Bools, Bools, Limits]:
    """By place among ``people`` (codes, ascending): what they count, whether they may be chosen, whether they are
    moved already; and the limits.
    """
    moved = _marked(people, ids, active)
    eligible = _eligible(people, ids, exclude, moved)
    weights = _weights(people, ids, targets)
    limits, eligible = _limits(people, ids, within, eligible)
    return weights, eligible, moved, limits


def kept_for(
    ties: Ties | Brought,
    model: Model = "ic",
    seed: int = 0,
    sets: int = KEPT_SETS,
    targets: Mapping[object, float] | None = None,
    active: Sequence[object] = (),
    own: bool = True,
) -> Kept:
    """Sets on which ``whatif.reach`` says at once what a list of people reaches; with ``own``, themselves too."""
    check_seed(seed)
    known = as_ties(ties)
    graph = known.graph(model)
    weights = _weights(graph.ids, known.ids, targets)
    return kept_sets(graph, weights, _marked(graph.ids, known.ids, active), seed, sets, known.ids, own)


def _check(k: int, epsilon: float, delta: float | None, beyond: float, seed: int) -> None:
    check_seed(seed)
    if k < 1:
        raise Refused("seeds_count_below_1", str(k))
    if not 0 < epsilon < 1 - 1 / np.e:
        raise Refused("epsilon_out_of_range", str(epsilon))
    if not 0 <= beyond <= 1:
        raise Refused("beyond_out_of_range", str(beyond))
    if delta is not None and not 0 < delta < 1:
        raise Refused("delta_out_of_range", str(delta))


def check_seed(seed: int) -> None:
    """Chance can begin there."""
    if not 0 <= seed < SEEDS:
        raise Refused("seed_out_of_range", str(seed))


def _answered(graphs: list[Graph], task: Task, threads: int, ids: Coded, begun: float) -> SeedSet:
    graph, built, worst = graphs[0], time.perf_counter(), None
    task = task if task.delta else replace(task, delta=1 / max(graph.n, 2))
    if len(graphs) == 1:
        choice = _filled(choose(graph, task, threads), graph, task)
    else:
        choice, worst = choose_for_worst(graphs, task, threads)
    return SeedSet(
        ids.decoded(graph.ids[choice.nodes]),
        choice.marginal.tolist(),
        choice.spread,
        choice.low,
        choice.high,
        choice.guarantee,
        0.0 if worst else sure_share(task),
        task.delta,
        choice.sets,
        graph.n,
        graph.m,
        float(task.limits.cost[choice.nodes].sum()) if len(task.limits.cost) else 0.0,
        time.perf_counter() - built,
        built - begun,
        worst,
    )


def _filled(choice: Choice, graph: Graph, task: Task) -> Choice:
    """The same, or all of them where no fewer were asked for: those who add nothing come last."""
    rest = np.setdiff1d(np.flatnonzero(task.eligible), choice.nodes).astype(np.int32)
    if not len(rest) or task.limits.any or not task.own or len(choice.nodes) + len(rest) > task.k:
        return choice
    most = float(task.weights.sum()) if len(task.weights) else float(graph.n)
    adds = np.concatenate([choice.marginal, np.zeros(len(rest))])
    return replace(choice, nodes=np.concatenate([choice.nodes, rest]), marginal=adds, high=most)


def _places(people: People, codes: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], Bools]:
    """Where these codes stand among the people, and which of them do."""
    places = np.minimum(np.searchsorted(people, codes), len(people) - 1)
    return places, people[places] == codes


def _marked(people: People, ids: Coded, named: Sequence[object]) -> Bools:
    marked = np.zeros(len(people), bool)
    if len(named):
        places, there = _places(people, ids.codes(named))
        marked[places[there]] = True
    return marked


def _eligible(people: People, ids: Coded, exclude: Sequence[object], moved: Bools) -> Bools:
    eligible = ~(moved | _marked(people, ids, exclude))
    if not eligible.any():
        raise Refused("nobody_may_be_chosen")
    return eligible


def _weights(people: People, ids: Coded, targets: Mapping[object, float] | None) -> Floats:
    if targets is None:
        return np.empty(0)
    weights = _valued(people, ids, targets, 0.0, "target_weight_negative")
    if not weights.any():
        raise Refused("targets_unreachable")
    return weights


def _valued(
    people: People, ids: Coded, worth: Mapping[object, float], otherwise: float, refusal: str
) -> Floats:
    """A number for each node, ``otherwise`` for those not named; refused where one is not at least 0."""
    given = np.fromiter(worth.values(), np.float64, len(worth))
    wrong = ~(np.isfinite(given) & (given >= 0))
    if wrong.any():
        raise Refused(refusal, str(given[int(np.argmax(wrong))]))
    values = np.full(len(people), otherwise)
    if len(worth):
        places, there = _places(people, _codes(ids, worth))
        values[places[there]] = given[there]
    return values


def _codes(ids: Coded, named: Collection[object]) -> Ints:
    """The codes of people, many at once where ids are whole numbers."""
    if ids.names is None and all(isinstance(one, int) and NOBODY < one < SEEDS for one in named):
        return np.fromiter(named, np.int64, len(named))
    return ids.codes(list(named))


def _limits(people: People, ids: Coded, within: Within, eligible: Bools) -> tuple[Limits, Bools]:
    """The limits by node, and who may be chosen where some have no price."""
    cost, budget, group, caps = FREE.cost, FREE.budget, FREE.group, FREE.caps
    if (within.costs is None) != (within.budget is None):
        raise Refused("budget_without_costs")
    if (within.groups is None) != (within.group_max is None):
        raise Refused("cap_without_groups")
    if within.costs is not None and within.budget is not None:
        budget = _budget(within.budget)
        cost = _valued(people, ids, within.costs, np.inf, "cost_negative")
        eligible = eligible & (cost <= budget)
        if not eligible.any():
            raise Refused("budget_buys_nobody", str(within.budget))
    if within.groups is not None and within.group_max is not None:
        group, caps = _groups(people, ids, within.groups, within.group_max)
    return Limits(cost, budget, group, caps), eligible


def _budget(budget: float) -> float:
    if not (np.isfinite(budget) and budget >= 0):
        raise Refused("budget_negative", str(budget))
    return float(budget) * (1 + _PENNIES)


def _groups(people: People, ids: Coded, groups: Mapping[object, int], most: int) -> tuple[Nodes, Ints]:
    """The group of each node, and the cap of each group; who is in none has a group without a cap."""
    if most < 1:
        raise Refused("cap_below_1", str(most))
    named = np.fromiter(groups.values(), np.int64, len(groups))
    kinds, numbered = np.unique(named, return_inverse=True)
    group = np.full(len(people), len(kinds), np.int32)
    if len(groups):
        places, there = _places(people, _codes(ids, groups))
        group[places[there]] = numbered[there]
    caps = np.append(np.full(len(kinds), most, np.int64), len(people))
    return group, caps
