"""The certificate within budgets, caps and weights: never above the truth more often than delta."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import pytest
from graphs import random_arcs, spread_of, walks_of, worlds_of

from guanxi.influence.kernels.choosing import HALF, RATIO, Task, choose
from guanxi.influence.kernels.graph import Model
from guanxi.influence.kernels.limited import limited_cover, within_budget, within_caps
from guanxi.influence.kernels.limits import FREE
from guanxi.influence.seeds import SeedSet, Within, choose_seeds, kept_for
from guanxi.influence.ties import as_ties
from guanxi.influence.whatif import reach
from guanxi.vocabulary.reasons import Refused

N, K = 7, 3
COSTS = {0: 1.0, 1: 2.0, 2: 3.0, 3: 1.0, 4: 2.5, 5: 0.5, 6: 4.0}
GROUPS = {0: 1, 1: 1, 2: 1, 3: 2, 4: 2, 5: 2}
WORTH = {0: 1.0, 2: 5.0, 3: 0.0, 5: 2.0, 6: 0.25}
WITHIN = {
    "budget": Within(costs=COSTS, budget=4.0),
    "caps": Within(groups=GROUPS, group_max=1),
    "both": Within(costs=COSTS, budget=4.0, groups=GROUPS, group_max=1),
    "number": Within(),
}


def _allowed(chosen: tuple[int, ...], within: Within) -> bool:
    cost = sum((within.costs or {}).get(v, 0.0) for v in chosen)
    counts = [GROUPS.get(v) for v in chosen if within.groups and v in GROUPS]
    return cost <= (within.budget or np.inf) and all(counts.count(g) <= 1 for g in counts)


def _choices(within: Within) -> Iterator[tuple[int, ...]]:
    for size in range(1, K + 1):
        yield from (one for one in itertools.combinations(range(N), size) if _allowed(one, within))


def _people(found: SeedSet) -> list[int]:
    return [int(str(s)) for s in found.seeds]


@pytest.mark.parametrize("limit", WITHIN)
@pytest.mark.parametrize("weighted", [False, True])
def test_within_limits_the_certificate_is_true_on_graphs_searched_exhaustively(
    limit: str, weighted: bool
) -> None:
    rng, wrong, within = np.random.default_rng(7), 0, WITHIN[limit]
    weight = np.array([WORTH.get(v, 0.0) for v in range(N)]) if weighted else None
    for graph in range(3):
        arcs = random_arcs(rng, N, 9)
        worlds = worlds_of(arcs, N)
        best = max(spread_of(list(one), worlds, weight) for one in _choices(within))
        for seed in range(20):
            found = choose_seeds(
                arcs,
                K,
                delta=0.05,
                seed=seed * 10 + graph,
                targets=WORTH if weighted else None,
                within=within,
            )
            people = _people(found)
            assert _allowed(tuple(people), within)
            truth = spread_of(people, worlds, weight)
            wrong += not (found.low <= truth <= found.high and truth >= found.guarantee * best)
            assert found.cost == sum((within.costs or {}).get(v, 0.0) for v in people)
    assert wrong <= 0.05 * 60


def test_a_cheap_crowd_beats_a_dear_star_and_the_other_way_round() -> None:
    crowd = [(10 + i, 100 + 3 * i + j) for i in range(4) for j in range(3)]
    star = [(1, 500 + j) for j in range(9)]
    influencer, influenced = np.array(crowd + star).T
    ties = (influencer, influenced, np.ones(len(influencer)))
    costs = {v: 1.0 for v in range(10, 14)} | {1: 4.0}
    assert sorted(_people(choose_seeds(ties, 9, within=Within(costs, 4.0), seed=2))) == [10, 11, 12, 13]
    dear = costs | {v: 4.0 for v in range(10, 14)}
    assert _people(choose_seeds(ties, 9, within=Within(dear, 4.0), seed=2)) == [1]


def test_greedy_by_cost_alone_is_trapped_and_the_better_of_two_is_not() -> None:
    # One follower for a cent, or forty for a pound: gain for cost picks the cent and can then not pay the pound.
    influenced = np.arange(100, 141)
    influencer = np.array([1] + [2] * 40)
    found = choose_seeds(
        (influencer, influenced, np.ones(41)), 5, seed=1, within=Within({1: 0.01, 2: 1.0}, 1.0)
    )
    assert _people(found) == [2]
    assert found.sure == pytest.approx(RATIO)
    assert found.guarantee > 0.8


def test_what_is_sure_beforehand_is_said_and_kept() -> None:
    arcs = random_arcs(np.random.default_rng(1), 12, 40)
    groups = {v: v % 3 for v in range(12)}
    assert choose_seeds(arcs, 4, within=Within(groups=groups, group_max=1)).sure == HALF
    assert choose_seeds(arcs, 4).sure == pytest.approx(1 - 1 / np.e)
    costs = dict.fromkeys(range(12), 1.0)
    assert choose_seeds(arcs, 4, within=Within(costs, 9.0)).sure == 0.0
    assert len(choose_seeds(arcs, 9, within=Within(groups=groups, group_max=1)).seeds) <= 3


def test_the_bounds_on_further_gains_are_no_smaller_than_what_any_choice_gains() -> None:
    rng = np.random.default_rng(3)
    for _ in range(40):
        degree = rng.integers(0, 9, 8).astype(np.int32)
        cost, group = rng.uniform(0, 3, 8), rng.integers(0, 3, 8).astype(np.int32)
        caps, nodes = np.array([1, 2, 1]), np.arange(8)
        sets = [s for r in range(5) for s in itertools.combinations(range(8), r)]
        capped = [
            s for s in sets if len(s) <= 3 and all((group[list(s)] == g).sum() <= caps[g] for g in range(3))
        ]
        paid = [s for s in sets if cost[list(s)].sum() <= 4.0]
        assert within_caps(nodes, degree, group, caps, 3) == max(degree[list(s)].sum() for s in capped)
        assert within_budget(nodes, degree, cost, 4.0) >= max(degree[list(s)].sum() for s in paid)


def test_a_cover_within_limits_never_claims_less_than_the_best_cover() -> None:
    rng = np.random.default_rng(4)
    for _ in range(30):
        sets = [np.unique(rng.integers(0, 8, 3)).astype(np.int32) for _ in range(20)]
        members, ends = np.concatenate(sets), np.cumsum([len(s) for s in sets])
        cost, group = rng.uniform(0.2, 3, 8), rng.integers(0, 3, 8).astype(np.int32)
        caps = np.array([1, 1, 2])
        best = max(
            sum(bool(set(s.tolist()) & set(one)) for s in sets)
            for r in range(4)
            for one in itertools.combinations(range(8), r)
            if cost[list(one)].sum() <= 4 and all((group[list(one)] == g).sum() <= caps[g] for g in range(3))
        )
        for by_ratio in (False, True):
            nodes, gains, most = limited_cover(members, ends, 8, 3, cost, 4.0, group, caps, by_ratio)
            assert gains.sum() == sum(bool(set(s.tolist()) & set(nodes.tolist())) for s in sets)
            assert gains.sum() <= best <= most


def test_going_on_strengthens_the_promise_and_stops_where_it_may() -> None:
    arcs = random_arcs(np.random.default_rng(5), 60, 900)
    arcs = (arcs[0], arcs[1], arcs[2] / 10)
    short = choose_seeds(arcs, 5, seed=1, epsilon=0.4, beyond=1.0)
    far = choose_seeds(arcs, 5, seed=1, epsilon=0.4, beyond=0.001)
    everybody, nobody = np.ones(60, bool), np.zeros(60, bool)
    task = Task(5, 0.4, 1 / 60, 1, np.empty(0), everybody, nobody, beyond=0.001, effort=1)
    idle = choose(as_ties(arcs).graph("ic"), task)
    assert far.guarantee >= short.guarantee
    assert far.spread == pytest.approx(sum(far.marginal))
    assert idle.sets == short.sets < far.sets


@pytest.mark.parametrize(
    ("within", "code"),
    [
        (Within(costs={1: -1.0}, budget=1.0), "cost_negative"),
        (Within(costs={1: float("nan")}, budget=1.0), "cost_negative"),
        (Within(costs={1: 1.0}), "budget_without_costs"),
        (Within(budget=1.0), "budget_without_costs"),
        (Within(costs={1: 1.0}, budget=-1.0), "budget_negative"),
        (Within(costs={1: 1.0}, budget=float("nan")), "budget_negative"),
        (Within(costs={1: 2.0}, budget=1.0), "budget_buys_nobody"),
        (Within(costs={}, budget=1.0), "budget_buys_nobody"),
        (Within(groups={1: 1}), "cap_without_groups"),
        (Within(groups={1: 1}, group_max=0), "cap_below_1"),
    ],
)
def test_impossible_limits_are_refused_with_their_reason(within: Within, code: str) -> None:
    with pytest.raises(Refused) as refused:
        choose_seeds(([1], [2], [0.5]), 1, within=within)
    assert refused.value.code == code


def test_what_costs_nothing_is_free_and_nothing_is_limited_by_default() -> None:
    found = choose_seeds(([1, 3], [2, 4], [1.0, 1.0]), 2, within=Within({1: 0.0, 3: 0.0}, 0.0))
    assert sorted(_people(found)) == [1, 3]
    assert not FREE.any


@pytest.mark.parametrize("model", ["ic", "lt"])
def test_where_the_chosen_do_not_count_only_whom_others_move_does_and_the_certificate_is_as_true(
    model: Model,
) -> None:
    rng, wrong = np.random.default_rng(17), 0
    for _ in range(4):
        arcs = random_arcs(rng, 7, 9)
        odds, reaches = (worlds_of if model == "ic" else walks_of)(arcs, 7)
        others = odds, reaches & ~np.eye(7, dtype=bool)
        worth = rng.uniform(0.0, 5.0, 7)
        best = max(spread_of(list(pair), others, worth) for pair in itertools.combinations(range(7), 2))
        targets = dict(enumerate(worth.tolist()))
        for seed in range(30):
            found = choose_seeds(arcs, 2, model, delta=0.05, seed=seed, targets=targets, own=False)
            truth = spread_of([int(str(s)) for s in found.seeds], others, worth)
            wrong += not (found.low <= truth <= found.high and truth >= found.guarantee * best)
        kept = kept_for(arcs, model, targets=targets, own=False)
        assert reach(kept, found.seeds).spread == pytest.approx(truth, rel=0.05)
    assert wrong <= 0.05 * 120


def test_a_great_spender_who_moves_nobody_is_no_seed_where_the_chosen_do_not_count() -> None:
    ties = np.array([1, 1, 2]), np.array([2, 3, 9]), np.array([0.5, 0.5, 0.1])
    worth = {2: 10.0, 3: 10.0, 9: 1_000.0}
    assert choose_seeds(ties, 1, targets=worth).seeds == [9]
    found = choose_seeds(ties, 3, targets=worth, own=False)
    assert sorted(found.seeds, key=str) == [1, 2]
    assert found.spread == pytest.approx(0.5 * 10 + 0.5 * 10 + 0.1 * 1_000, rel=0.05)
