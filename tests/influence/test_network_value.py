"""Network value: exact on small graphs, an interval that is never too narrow, silence where too few are known."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.influence.circles.ripples import TiesFrom, crowd_ripples, moved_outside
from guanxi.influence.learning.rates import learn
from guanxi.influence.weighing.network import NetworkValue, network_value
from guanxi.influence.weighing.weights import outward, weigh

Pairs = list[tuple[int, int]]


def _valued(pairs: Pairs, chance: list[float], value: dict[int, float], arm: float = 0.0) -> NetworkValue:
    u, v = (np.array(column) for column in zip(*pairs, strict=True))
    ties = outward(u, v, np.array(chance))
    p = ties.chance
    fans = np.array(sorted(value))
    return network_value(
        ties, np.maximum(p - arm, 0), np.minimum(p + arm, 1), fans, np.array([value[f] for f in fans])
    )


def test_on_a_tree_it_is_the_mean_over_all_worlds() -> None:
    pairs, chance = [(1, 2), (1, 3), (2, 4), (2, 5), (3, 6)], [0.5, 0.25, 0.8, 0.1, 0.6]
    value = {2: 7.0, 3: 100.0, 4: 11.0, 6: 1000.0}
    mean = 0.0
    for world in product((0, 1), repeat=len(pairs)):
        moved = {1}
        for (u, v), works in zip(pairs, world, strict=True):
            if works and u in moved:
                moved.add(v)
        odds = np.prod([p if works else 1 - p for p, works in zip(chance, world, strict=True)])
        mean += float(odds) * sum(value.get(one, 0.0) for one in moved - {1})
    found = _valued(pairs, chance, value)
    assert found.expected[0] == pytest.approx(mean)
    assert (found.known[0], found.people[0]) == (4, 5)


def test_everybody_worth_one_is_the_weight_itself() -> None:
    rng = np.random.default_rng(4)
    pairs = sorted({(int(u), int(v)) for u, v in rng.integers(0, 40, (300, 2)) if u != v})
    chance = rng.random(len(pairs)).round(3).tolist()
    found = _valued(pairs, chance, {fan: 1.0 for fan in range(40)})
    u, v = (np.array(column) for column in zip(*pairs, strict=True))
    weights = weigh(u, v, np.array(chance))
    assert found.expected == pytest.approx(weights.weight, abs=1e-6)
    assert (found.people == weights.direct + weights.second).all()
    assert (found.known == found.people).all()


def test_a_certain_tie_breaks_nothing() -> None:
    found = _valued([(1, 2), (1, 3), (2, 3)], [1.0, 1.0, 1.0], {3: 50.0}, arm=0.1)
    assert found.expected[0] == pytest.approx(50.0)
    assert np.isfinite(found.low).all()
    assert np.isfinite(found.high).all()


def test_the_arms_are_those_of_the_ties_moved_one_by_one() -> None:
    pairs, chance, value = [(1, 2), (1, 3), (2, 4), (3, 4)], [0.3, 0.6, 0.5, 0.2], {2: 3.0, 4: 10.0}
    step, grown = 1e-6, []
    plain = _valued(pairs, chance, value).expected[0]
    for place in range(len(pairs)):
        changed = [p + step * (i == place) for i, p in enumerate(chance)]
        grown.append((_valued(pairs, changed, value).expected[0] - plain) / step)
    arm = 0.1
    own, two, three = (grown[0] + grown[1]) * arm, grown[2] * arm, grown[3] * arm
    found = _valued(pairs, chance, value, arm=arm)
    assert found.high[0] - plain == pytest.approx(np.sqrt(own**2 + two**2 + three**2), rel=1e-4)
    assert plain - found.low[0] == pytest.approx(np.sqrt(own**2 + two**2 + three**2), rel=1e-4)


def test_the_interval_holds_the_truth_at_least_nine_times_in_ten() -> None:
    rng = np.random.default_rng(1)
    fans, ties_each = 3_000, 8
    rate = rng.beta(1, 9, fans)
    u = np.repeat(np.arange(fans), ties_each)
    v = fans + rng.integers(0, fans, len(u))
    _, first = np.unique(u * 10 * fans + v, return_index=True)
    u, v = u[first], v[first]
    true = rng.beta(rate[u] * 20 + 1e-9, (1 - rate[u]) * 20 + 1e-9)
    occasions = rng.integers(3, 20, fans)[u]
    moved = rng.binomial(occasions, true)
    seen = moved > 0
    u, v, true = u[seen], v[seen], true[seen]
    learned = learn(u, moved[seen], occasions[seen])
    worth = rng.lognormal(0, 1, 2 * fans)
    ties = outward(u, v, learned.probability)
    ends = learned.low[ties.order], learned.high[ties.order]
    found = network_value(ties, *ends, np.arange(2 * fans), worth)
    truth = np.bincount(u, true * worth[v], minlength=2 * fans)[ties.ids]
    many = (found.people >= 2) & (ties.ids < fans)
    inside = (found.low <= truth) & (truth <= found.high)
    assert many.sum() > 500
    assert inside[many].mean() >= 0.9
    assert np.median(found.high[many] / found.expected[many]) < 5


def test_where_too_few_are_known_nothing_is_said() -> None:
    pairs = [(1, other) for other in range(2, 203)]
    few = _valued(pairs, [0.1] * len(pairs), {other: 9.0 for other in range(2, 6)})
    thin = _valued(pairs, [0.1] * len(pairs), {other: 9.0 for other in range(2, 9)})
    enough = _valued(pairs, [0.1] * len(pairs), {other: 9.0 for other in range(2, 20)})
    assert [bool(one.says[0]) for one in (few, thin, enough)] == [False, False, True]
    assert not enough.says[1:].any()


def test_values_of_people_no_tie_names_change_nothing() -> None:
    found = _valued([(1, 2)], [0.5], {2: 8.0, 77: 1e9})
    assert found.expected.tolist() == pytest.approx([4.0, 0.0])


def _crowd(pairs: Pairs, chance: np.ndarray, members: list[int]):  # type: ignore[no-untyped-def]
    u, v = (np.array(column) for column in zip(*pairs, strict=True))

    def ties_from(fans: np.ndarray) -> TiesFrom:
        ours = np.isin(u, fans)
        return TiesFrom(u[ours], v[ours], chance[ours])

    inside = np.array(members)
    first = ties_from(inside)
    return crowd_ripples(inside, first, ties_from(moved_outside(inside, first)))


_PAIR = st.tuples(st.integers(0, 11), st.integers(0, 11)).filter(lambda pair: pair[0] != pair[1])


@settings(max_examples=50, deadline=None)
@given(st.sets(_PAIR, min_size=1, max_size=40), st.sets(st.integers(0, 11), min_size=1, max_size=5))
def test_ripples_around_many_count_each_person_once(drawn: set[tuple[int, int]], crowd: set[int]) -> None:
    pairs = sorted(drawn)
    found = _crowd(pairs, np.full(len(pairs), 0.5), sorted(crowd))
    direct = {v for u, v in pairs if u in crowd} - crowd
    second = {v for u, v in pairs if u in direct} - direct - crowd
    assert (found.direct, found.second) == (len(direct), len(second))
    assert found.within == len({v for u, v in pairs if u in crowd and v in crowd})
    assert found.moving == len({u for u, v in pairs if u in crowd and v not in crowd})
    assert found.expected_direct <= found.expected <= found.direct + found.second + 1e-9


def test_around_one_person_it_is_their_weight() -> None:
    rng = np.random.default_rng(9)
    pairs = sorted({(int(u), int(v)) for u, v in rng.integers(0, 30, (150, 2)) if u != v})
    chance = rng.random(len(pairs))
    u, v = (np.array(column) for column in zip(*pairs, strict=True))
    weights = weigh(u, v, chance)
    for place, fan in enumerate(weights.fan.tolist()):
        found = _crowd(pairs, chance, [fan])
        assert found.expected == pytest.approx(weights.weight[place])
        assert (found.direct, found.second) == (weights.direct[place], weights.second[place])
