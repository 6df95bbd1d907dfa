"""Learned chances against planted ones, bands without flicker, weights by hand."""

from __future__ import annotations

import numpy as np
import pytest

from guanxi.influence.circles.communities import find_communities
from guanxi.influence.learning.rates import learn
from guanxi.influence.map.layout import places
from guanxi.influence.weighing.bands import ORDER, Band, BandRule, banded
from guanxi.influence.weighing.weights import weigh
from guanxi.vocabulary.reasons import Refused


def _planted(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    rate = rng.beta(1, 7, 3000)
    influencer = rng.integers(0, 3000, 40_000)
    opportunities = rng.poisson(8, 40_000) + 1
    truth = np.minimum(rate[influencer] * rng.gamma(1.0, 1.0, 40_000), 0.95)
    return influencer, rng.binomial(opportunities, truth), opportunities, truth


def _rank(values: np.ndarray) -> np.ndarray:
    return np.argsort(np.argsort(values))


@pytest.mark.parametrize("only_seen", [False, True])
def test_learned_chances_follow_the_planted_ones_and_their_intervals_cover_them(only_seen: bool) -> None:
    influencer, successes, opportunities, truth = _planted(3)
    kept = successes > 0 if only_seen else np.ones(len(truth), bool)
    found = learn(influencer[kept], successes[kept], opportunities[kept])
    truth = truth[kept]
    assert found.probability.mean() == pytest.approx(truth.mean(), rel=0.05)
    assert 0.88 <= np.mean((found.low <= truth) & (truth <= found.high)) <= 0.92
    if not only_seen:
        often = opportunities >= 5
        assert np.corrcoef(_rank(found.probability[often]), _rank(truth[often]))[0, 1] >= 0.8
    raw = successes[kept] / opportunities[kept]
    assert np.mean((found.probability - truth) ** 2) < 0.7 * np.mean((raw - truth) ** 2)


def test_a_pair_seen_once_is_shrunk_far_and_one_seen_often_is_not() -> None:
    rng = np.random.default_rng(2)
    seen = np.where(rng.random(20_000) < 0.05, 2, 1)
    seen[0] = 40
    found = learn(np.zeros(20_000, int), seen, np.zeros(20_000, int))
    assert found.probability[seen == 1].max() < 0.2
    assert found.probability[0] > 0.8
    assert not found.counted.any()


def test_who_takes_up_everything_has_a_chance_near_one_and_no_end_of_it_is_missing() -> None:
    influencer, successes = np.r_[np.zeros(1, int), np.arange(1, 200)], np.r_[400, np.ones(199, int)]
    found = learn(influencer, successes, np.r_[400, np.full(199, 30)])
    assert 0.9 < found.low[0] <= found.probability[0] <= found.high[0] < 1
    assert np.isfinite([found.probability, found.low, found.high]).all()


def test_learning_the_same_counts_in_another_order_gives_the_same_chances() -> None:
    influencer, successes, opportunities, _ = _planted(4)
    order = np.random.default_rng(1).permutation(len(successes))
    first = learn(influencer, successes, opportunities).probability
    second = learn(influencer[order], successes[order], opportunities[order]).probability
    np.testing.assert_allclose(first[order], second, rtol=1e-9)


def test_impossible_counts_are_refused() -> None:
    with pytest.raises(Refused, match="counts_impossible"):
        learn(np.array([1]), np.array([3]), np.array([2]))


def test_a_weight_is_two_hops_of_expectation_and_does_not_return() -> None:
    # 1 -> 2 (.5), 2 -> 3 (.4), 2 -> 1 (.9): of 1's second hop only 3 counts.
    found = weigh(np.array([1, 2, 2]), np.array([2, 3, 1]), np.array([0.5, 0.4, 0.9]))
    assert found.fan.tolist() == [1, 2, 3]
    assert found.weight == pytest.approx([0.5 + 0.5 * 0.4, 0.4 + 0.9 + 0.9 * 0.0, 0.0])
    assert (found.direct.tolist(), found.second.tolist()) == ([1, 2, 0], [1, 0, 0])


def test_a_ring_that_passes_everything_on_to_itself_weighs_no_more_than_its_number() -> None:
    u, v = np.array([(a, b) for a in range(25) for b in range(25) if a != b]).T
    found = weigh(u, v, np.full(len(u), 0.9))
    assert found.weight == pytest.approx(np.full(25, 24.0), rel=1e-3)
    assert found.weight.max() <= 24
    assert found.second.tolist() == [0] * 25


def test_a_person_whom_two_ways_reach_counts_once() -> None:
    # 1 -> 2 (.5), 1 -> 3 (.5), 2 -> 4 (.4), 3 -> 4 (.4): 4 is missed by both ways with (1 - .2)².
    found = weigh(np.array([1, 1, 2, 3]), np.array([2, 3, 4, 4]), np.array([0.5, 0.5, 0.4, 0.4]))
    assert found.weight[0] == pytest.approx(0.5 + 0.5 + 1 - 0.8**2)


def test_a_band_is_kept_until_the_weight_falls_well_below_the_threshold() -> None:
    weight = np.concatenate([[100.0, 90.0, 50.0], np.linspace(0.01, 1, 300)])
    acted = np.ones(len(weight), bool)
    rule = BandRule(igniter_share=0.005)
    fresh = banded(weight, acted, np.full(len(weight), -1), rule)
    assert ORDER[fresh[1]] is Band.AMPLIFIER or ORDER[fresh[1]] is Band.IGNITER
    was_igniter = np.full(len(weight), -1)
    was_igniter[:3] = 0
    kept = banded(weight, acted, was_igniter, rule)
    assert [ORDER[b] for b in kept[:3]] == [Band.IGNITER, Band.IGNITER, Band.AMPLIFIER]


def test_who_moves_nobody_is_a_participant_if_they_did_anything_and_else_a_listener() -> None:
    found = banded(np.zeros(2), np.array([True, False]), np.full(2, -1), BandRule())
    assert [ORDER[b] for b in found] == [Band.PARTICIPANT, Band.LISTENER]


def test_two_cliques_are_two_communities_and_are_drawn_apart() -> None:
    u, v = np.array([(a, b) for g in (0, 10) for a in range(g, g + 6) for b in range(g, g + 6) if a != b]).T
    fan, community, size = find_communities(np.append(u, 0), np.append(v, 10), np.ones(len(u) + 1))
    assert len(set(community)) == 2
    assert set(size) == {6}
    x, y = places(community, np.ones(len(fan)))
    centres = [np.array([x[community == c].mean(), y[community == c].mean()]) for c in (0, 1)]
    spread = max(np.hypot(x[community == c] - x[community == c].mean(), 0).max() for c in (0, 1))
    assert np.linalg.norm(centres[0] - centres[1]) > spread
