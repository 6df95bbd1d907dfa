"""A choice for the worst of several worlds: better there than the plain one, and never promised more than is true."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from graphs import random_arcs, spread_of, worlds_of

from guanxi.influence.choosing.certainty import drawn_worlds
from guanxi.influence.choosing.choice import Candidates, Wanted
from guanxi.influence.choosing.making import Question, choose_best, sure_of
from guanxi.influence.learning.rates import learn
from guanxi.influence.seeds import Within, choose_seeds

N, K = 7, 2


def _people(seeds: list[object]) -> list[int]:
    return [int(str(s)) for s in seeds]


def test_the_certificate_of_the_worst_world_is_true_on_graphs_searched_exhaustively() -> None:
    rng, wrong, lost = np.random.default_rng(11), 0, []
    for _graph in range(3):
        u, v, p = random_arcs(rng, N, 9)
        others = [rng.uniform(0.1, 0.9, 9), p * rng.uniform(0.1, 1.0, 9)]
        truths = [worlds_of((u, v, chances), N) for chances in (p, *others)]

        def least(chosen: tuple[int, ...], truths: list[tuple[np.ndarray, np.ndarray]] = truths) -> float:
            return min(spread_of(list(chosen), truth) for truth in truths)

        best = max(map(least, itertools.combinations(range(N), K)))
        alone = max(spread_of(list(one), truths[0]) for one in itertools.combinations(range(N), K))
        for seed in range(8):
            found = choose_seeds((u, v, p), K, delta=0.05, seed=seed, worlds=others)
            worst = found.worst
            assert worst is not None
            people = tuple(_people(found.seeds))
            here = spread_of(list(people), truths[0])
            wrong += not (
                worst.low <= least(people)
                and least(people) >= worst.guarantee * best
                and found.low <= here <= found.high
                and here >= found.guarantee * alone
            )
            assert worst.spread == pytest.approx(least(people), rel=0.05)
            assert found.spread == pytest.approx(sum(found.marginal))
            lost.append(least(people) / best)
    assert wrong <= 0.05 * 24
    assert min(lost) > 0.95


def _doubtful_hub() -> tuple[np.ndarray, ...]:
    """Hub 1 seems to move twelve of twenty, on thin evidence; hub 2 surely moves ten of twenty."""
    influencer = np.repeat([1, 2], 20)
    influenced = np.arange(100, 140)
    chance = np.repeat([0.6, 0.5], 20)
    return influencer, influenced, chance, np.repeat([0.02, 0.48], 20), np.repeat([0.98, 0.52], 20)


def test_whom_little_is_known_of_is_passed_over_for_whom_much_is() -> None:
    influencer, influenced, chance, low, high = _doubtful_hub()
    ties = (influencer, influenced, chance)
    worlds = drawn_worlds(influencer, chance, low, high, 12, 3)
    assert choose_seeds(ties, 1, seed=1).seeds == [1]
    found = choose_seeds(ties, 1, seed=1, worlds=worlds)
    assert found.seeds == [2]
    assert found.worst is not None
    assert found.worst.plain < 0.8 * found.worst.spread
    assert found.spread == pytest.approx(11, rel=0.05)
    assert found.worst.worlds == 13
    assert found.sure == 0.0


def test_drawn_worlds_are_about_what_is_known_and_move_ties_of_one_influencer_together() -> None:
    influencer, _influenced, chance, low, high = _doubtful_hub()
    worlds = np.array(drawn_worlds(influencer, chance, low, high, 400, 3))
    assert np.mean((worlds[:, 20] > 0.48) & (worlds[:, 20] < 0.52)) == pytest.approx(0.9, abs=0.05)
    assert worlds.mean(axis=0) == pytest.approx(chance, abs=0.05)
    alike = (worlds - worlds.mean(axis=0)) / worlds.std(axis=0)
    assert (alike[:, :1] * alike[:, 1:20]).mean() > 0.15
    assert abs((alike[:, :1] * alike[:, 20:]).mean()) < 0.05
    sure = drawn_worlds(influencer[:2], np.array([0.0, 1.0]), np.zeros(2), np.ones(2), 3, 1)
    assert all(world.tolist() == [0.0, 1.0] for world in sure)


def test_where_ties_are_certain_a_choice_is_firm_and_its_spread_does_not_vary() -> None:
    rng = np.random.default_rng(8)
    heard = np.maximum((rng.pareto(1.5, 1_500) * 3).astype(int), 1)
    influencer = np.repeat(np.arange(1_500), heard)
    influenced = rng.integers(0, 20_000, len(influencer))
    chance, none = rng.uniform(0.02, 0.3, len(influencer)), np.empty(0, np.int64)
    known = Candidates(influencer, influenced, chance, chance, chance, none, {}, none, None, {}, {}, {})
    question = Question(known, Wanted("everybody", k=30))
    found = sure_of(question, _people(choose_best(question).seeds))
    assert found is not None
    assert np.mean(list(found.chosen.values())) > 0.95
    assert found.high < 1.05 * found.low


def test_nine_in_ten_intervals_of_drawn_worlds_hold_what_fans_move_and_drawn_apart_would_not() -> None:
    """Influencers and listeners differ as on the Higgs log; whom a fan truly moves is the sum over their ties."""
    rng = np.random.default_rng(5)
    rate = np.clip(0.03 * rng.gamma(1.2, 1 / 1.2, 1_200), 1e-4, 0.9)
    influencer = np.repeat(np.arange(1_200), rng.integers(10, 120, 1_200))
    truth = np.clip(rate[influencer] * rng.gamma(1.15, 1 / 1.15, len(influencer)), 0, 0.95)
    given = rng.integers(2, 40, 1_200)[influencer]
    seen = rng.binomial(given, truth)
    there = seen > 0
    influencer, truth = np.unique(influencer[there], return_inverse=True)[1], truth[there]
    ties = learn(influencer, seen[there], given[there])
    several = np.bincount(influencer) >= 4

    def held(worlds: list[np.ndarray]) -> float:
        moved = np.array([np.bincount(influencer, world) for world in worlds])
        low, high = np.percentile(moved, (5, 95), axis=0)
        real = np.bincount(influencer, truth)
        return float(np.mean((low <= real) & (real <= high), where=several))

    known = ties.probability, ties.low, ties.high
    assert 0.85 <= held(drawn_worlds(influencer, *known, 200, 3)) <= 0.97
    assert held(drawn_worlds(np.arange(len(influencer)), *known, 200, 3)) < 0.8


def test_a_choice_for_the_worst_world_keeps_to_budgets_caps_and_exclusions() -> None:
    u, v, p = random_arcs(np.random.default_rng(4), 20, 90)
    worlds = [p * 0.5, p[::-1].copy()]
    costs: dict[object, float] = {i: 1.0 + i % 3 for i in range(20)}
    within = Within(costs=costs, budget=5.0, groups={i: i % 4 for i in range(20)}, group_max=1)
    found = choose_seeds((u, v, p), 6, seed=1, worlds=worlds, within=within, exclude=[0, 1, 2])
    people = _people(found.seeds)
    assert sum(costs[i] for i in people) <= 5.0
    assert len({i % 4 for i in people}) == len(people) >= 2
    assert not {0, 1, 2} & set(people)
    again = choose_seeds((u, v, p), 6, seed=1, threads=1, worlds=worlds, within=within, exclude=[0, 1, 2])
    assert again.seeds == found.seeds
    assert again.worst == found.worst
