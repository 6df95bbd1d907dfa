"""Seed sets: true certificates, known optima, stated rules."""

from __future__ import annotations

import itertools

import numpy as np
import pyarrow as pa
import pytest
from graphs import random_arcs, simulated, spread_of, worlds_of

from guanxi.influence.kernels.bounds import lower, upper
from guanxi.influence.seeds import choose_seeds
from guanxi.vocabulary.reasons import Refused


def test_what_the_certificate_claims_is_true_on_graphs_searched_exhaustively() -> None:
    rng = np.random.default_rng(5)
    wrong = 0
    for graph in range(6):
        arcs = random_arcs(rng, 7, 10)
        worlds = worlds_of(arcs, 7)
        best = max(spread_of(list(pair), worlds) for pair in itertools.combinations(range(7), 2))
        for seed in range(40):
            chosen = choose_seeds(arcs, 2, delta=0.05, seed=seed * 100 + graph)
            truth = spread_of([int(str(s)) for s in chosen.seeds], worlds)
            wrong += not (chosen.low <= truth <= chosen.high and truth >= chosen.guarantee * best)
    assert wrong <= 0.05 * 240


def test_no_certificate_exceeds_what_greedy_can_reach_where_greedy_is_poor() -> None:
    # k columns cover everything; greedy is lured by rows that take 1/k of what is left.
    k, width = 3, 81
    influencer, influenced = [], []
    cells = np.arange(k * width).reshape(k, width)
    for column in range(k):
        influencer += [10_000 + column] * width
        influenced += cells[column].tolist()
    left = 0
    for row in range(k):
        take = max(1, int(np.ceil((width - left) / k))) + (1 if row == 0 else 0)
        chosen = cells[:, left : left + take].ravel()
        influencer += [20_000 + row] * len(chosen)
        influenced += chosen.tolist()
        left += take
    certain = np.ones(len(influencer))
    found = choose_seeds((np.array(influencer), np.array(influenced), certain), k, seed=3)
    reached = {c for i, c in zip(influencer, influenced, strict=True) if i in set(found.seeds)}
    optimum = k * width + k
    assert found.guarantee <= (len(reached) + k) / optimum + 1e-9
    assert found.guarantee >= 1 - 1 / np.e - 0.1


@pytest.mark.parametrize("model", ["ic", "lt"])
def test_the_spread_agrees_with_cascades_run_forward(model: str) -> None:
    rng = np.random.default_rng(11)
    u, v, p = random_arcs(rng, 40, 160)
    into = np.bincount(v, p, minlength=40)
    arcs = (u, v, p / np.maximum(into, 1)[v]) if model == "lt" else (u, v, p / 3)
    found = choose_seeds(arcs, 3, model, epsilon=0.02, seed=1)  # type: ignore[arg-type]
    forward = simulated(arcs, 40, [int(str(s)) for s in found.seeds], 4000, rng, model)
    assert found.low <= forward * 1.03
    assert found.high >= forward * 0.97
    assert found.spread == pytest.approx(forward, rel=0.08)


def test_a_hub_with_many_unlike_ties_spreads_as_their_sum_says() -> None:
    p = np.random.default_rng(2).uniform(0.001, 0.4, 300)
    into_hub = (np.arange(1, 301), np.zeros(300, int), p)
    found = choose_seeds(into_hub, 1, targets={0: 1.0}, seed=4, epsilon=0.01, delta=0.01)
    assert found.seeds == [int(np.argmax(p)) + 1] or found.seeds == [0]
    alone = choose_seeds(into_hub, 1, targets={0: 1.0}, exclude=[0], seed=4, epsilon=0.01, delta=0.01)
    assert alone.low <= p.max() <= alone.high


def test_the_answer_does_not_depend_on_threads_or_on_the_order_of_rows() -> None:
    arcs = random_arcs(np.random.default_rng(7), 60, 900)
    shuffled = np.random.default_rng(8).permutation(900)
    answers = [
        choose_seeds(rows, 5, seed=9, threads=threads)
        for rows in (arcs, tuple(c[shuffled] for c in arcs))
        for threads in (1, 2, 3)
    ]
    assert len({(tuple(a.seeds), a.spread, a.guarantee, a.sets) for a in answers}) == 1


def test_ids_may_have_gaps_or_be_words() -> None:
    u, v, p = random_arcs(np.random.default_rng(3), 20, 90)
    plain = choose_seeds((u, v, p), 3, seed=1)
    gaps = choose_seeds((u * 10**12 + 5, v * 10**12 + 5, p), 3, seed=1)
    words = choose_seeds(
        (pa.array([f"fan {i:02}" for i in u]), pa.array([f"fan {i:02}" for i in v]), p), 3, seed=1
    )
    assert [int(str(s)) * 10**12 + 5 for s in plain.seeds] == gaps.seeds
    assert [f"fan {s:02}" for s in plain.seeds] == words.seeds
    assert plain.spread == gaps.spread == words.spread


def test_existing_customers_count_zero_where_targets_say_so() -> None:
    influencer = np.array([1] * 10 + [2] * 5)
    influenced = np.arange(100, 115)
    everyone = choose_seeds((influencer, influenced, np.ones(15)), 1, seed=1)
    strangers = choose_seeds(
        (influencer, influenced, np.ones(15)), 1, seed=1, targets={int(i): 1.0 for i in range(110, 115)}
    )
    assert (everyone.seeds, strangers.seeds) == ([1], [2])
    assert strangers.spread == pytest.approx(5, rel=0.05)


def test_excluded_people_are_passed_through_but_not_chosen_and_active_ones_leave_nothing_to_add() -> None:
    chain = (np.array([1, 2, 10]), np.array([2, 3, 11]), np.ones(3))
    assert choose_seeds(chain, 1, seed=1).seeds == [1]
    passed = choose_seeds(chain, 1, seed=1, exclude=[2], targets={3: 1.0})
    assert passed.seeds == [1] or passed.seeds == [3]
    beyond = choose_seeds(chain, 1, seed=1, active=[1])
    assert beyond.seeds == [10]
    assert beyond.spread == pytest.approx(2, rel=0.1)


def test_repeats_count_once_with_the_greatest_chance_and_self_ties_not_at_all() -> None:
    rows = (np.array([1, 1, 1]), np.array([2, 2, 1]), np.array([0.1, 0.8, 1.0]))
    found = choose_seeds(rows, 1, seed=1, epsilon=0.01)
    assert found.ties == 1
    assert found.low <= 1.8 <= found.high


def test_more_seeds_than_people_means_all_of_them() -> None:
    found = choose_seeds((np.array([1]), np.array([2]), np.array([0.5])), 10, seed=1)
    assert sorted(map(str, found.seeds)) == ["1", "2"]
    assert found.spread == pytest.approx(2)


@pytest.mark.parametrize(
    ("ties", "code"),
    [
        (([], [], []), "graph_empty"),
        (([1], [2], [1.5]), "probability_outside_0_1"),
        (([1], [2], [-0.1]), "probability_outside_0_1"),
        (([1], [2], [float("nan")]), "probability_outside_0_1"),
        (([1, 2], [2], [0.5]), "ties_unequal_columns"),
        (([1, None], [2, 3], [0.5, 0.5]), "id_missing"),
        ((np.array([1.0, np.nan]), [2, 3], [0.5, 0.5]), "id_missing"),
    ],
)
def test_bad_ties_are_refused_with_their_reason(ties, code: str) -> None:
    with pytest.raises(Refused) as refused:
        choose_seeds(ties, 1)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"k": 0}, "seeds_count_below_1"),
        ({"epsilon": 0.7}, "epsilon_out_of_range"),
        ({"delta": 1.0}, "delta_out_of_range"),
        ({"exclude": [1, 2]}, "nobody_may_be_chosen"),
        ({"targets": {77: 1.0}}, "targets_unreachable"),
        ({"model": "sir"}, "model_unknown"),
    ],
)
def test_bad_questions_are_refused_with_their_reason(asked: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as refused:
        choose_seeds(([1], [2], [0.5]), **asked)  # type: ignore[arg-type]
    assert refused.value.code == code


def test_bounds_are_broken_no_more_often_than_they_say() -> None:
    rng = np.random.default_rng(1)
    for p in (0.02, 0.5, 0.9):
        hits = rng.binomial(400, p, 3000)
        assert (
            np.mean([lower(int(h), 400, 0.05) > p for h in set(hits) for _ in range((hits == h).sum())])
            <= 0.06
        )
        assert (
            np.mean([upper(int(h), 400, 0.05) < p for h in set(hits) for _ in range((hits == h).sum())])
            <= 0.06
        )
