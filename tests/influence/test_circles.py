"""Circles: likeness against chance, and money spoken of only where neighbours predict it."""

from __future__ import annotations

import numpy as np
import pytest

from guanxi.influence.circles.communities import carried_on
from guanxi.influence.circles.homophily import Alike
from guanxi.influence.circles.prospects import find_prospects

PEOPLE, TIES = 4_000, 20_000


def _world(alike: bool, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ties, mostly within groups of forty, and what everybody would spend: by group, or by nothing."""
    rng = np.random.default_rng(seed)
    group = np.arange(PEOPLE) // 40
    u = rng.integers(0, PEOPLE, TIES)
    v = np.where(
        rng.random(TIES) < 0.9, group[u] * 40 + rng.integers(0, 40, TIES), rng.integers(0, PEOPLE, TIES)
    )
    taste = rng.normal(0, 1, PEOPLE // 40)[group] if alike else rng.normal(0, 1, PEOPLE)
    return u, v, np.exp(8 + taste + rng.normal(0, 0.4, PEOPLE)).astype(np.int64)


def _found(alike: bool, seed: int = 3):  # type: ignore[no-untyped-def]
    u, v, spent = _world(alike, seed)
    known = np.sort(np.random.default_rng(seed + 1).choice(PEOPLE, 1_500, replace=False))
    fifth = 1 + np.searchsorted(np.quantile(spent[known], [0.2, 0.4, 0.6, 0.8]), spent[known])
    return find_prospects(u, v, known, spent[known], fifth), spent, known


def test_where_neighbours_spend_alike_the_interval_holds_the_truth_nine_times_in_ten() -> None:
    found, spent, known = _found(alike=True)
    assert found.says
    assert found.gain > 0.3
    truth = spent[found.fan]
    inside = np.mean((found.low <= truth) & (truth <= found.high))
    assert 0.86 <= inside <= 0.94
    assert np.corrcoef(np.log(truth), np.log1p(found.expected))[0, 1] > 0.6
    assert not np.isin(found.fan, known).any()


@pytest.mark.parametrize("seed", range(5))
def test_where_neighbours_tell_nothing_no_money_is_spoken_of(seed: int) -> None:
    found, _, _ = _found(alike=False, seed=seed)
    assert not found.says
    assert len(found.fan) > 0


def test_too_few_customers_to_judge_by_means_no_money_either() -> None:
    ends = np.array([1, 2, 3]), np.array([2, 3, 4])
    found = find_prospects(*ends, np.array([2, 3]), np.array([100, 200]), np.array([5, 1]))
    assert not found.says
    assert found.fan.tolist() == [1, 4]
    assert found.near.tolist() == [1, 1]
    assert found.near_good.tolist() == [1, 0]


def test_who_is_a_customer_by_a_weaker_link_is_no_prospect() -> None:
    ends, known = (np.array([1, 2, 3]), np.array([2, 3, 4])), (np.array([2]), np.array([100]), np.array([5]))
    assert find_prospects(*ends, *known).fan.tolist() == [1, 3]
    assert find_prospects(*ends, *known, left_out=np.array([3, 77])).fan.tolist() == [1]


def test_a_tie_both_ways_is_one_neighbour() -> None:
    found = find_prospects(np.array([1, 2]), np.array([2, 1]), np.array([2]), np.array([100]), np.array([5]))
    assert found.near.tolist() == [1]


def test_likeness_by_chance_alone_has_no_assortativity() -> None:
    rng = np.random.default_rng(5)
    one, other = rng.integers(0, 4, 50_000), rng.integers(0, 4, 50_000)
    out, into = np.bincount(one), np.bincount(other)
    found = Alike("city", 60_000, 50_000, int((one == other).sum()), int(out @ into))
    assert abs(found.assortativity) < 0.02
    assert found.interval[0] < 0.25 < found.interval[1]


def test_of_a_trait_that_is_hardly_known_nothing_is_said() -> None:
    assert not Alike("city", 10_000, 99, 99, 99**2).says
    assert Alike("city", 0, 0, 0, 0).interval == (0.0, 1.0)


def test_a_community_that_goes_on_keeps_its_number_and_a_new_one_gets_a_fresh_one() -> None:
    before = np.arange(10), np.array([4, 4, 4, 4, 7, 7, 7, 7, 7, 7])
    fan = np.arange(2, 14)
    group = np.array([1, 1, 0, 0, 0, 0, 2, 2, 3, 3, 3, 3])
    found = carried_on(fan, group, *before)
    assert found.tolist() == [4, 4, 7, 7, 7, 7, 8, 8, 9, 9, 9, 9]


def test_the_same_communities_under_other_numbers_are_carried_on_whole() -> None:
    rng = np.random.default_rng(1)
    fan, group = np.arange(500), rng.integers(0, 20, 500)
    other = rng.permutation(20)
    assert (carried_on(fan, other[group], fan, group) == group).all()


def test_without_a_past_communities_are_counted_from_nothing() -> None:
    empty = np.empty(0, np.int64)
    assert carried_on(np.arange(3), np.array([0, 1, 0]), empty, empty).tolist() == [0, 1, 0]
    assert carried_on(empty, empty, np.arange(3), np.arange(3)).tolist() == []
