"""What the map is drawn by: discs that do not touch, hops over ties, steps under one fan in the order of time."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.influence.cascades.replays import Replay, replay
from guanxi.influence.map.hops import hops_from
from guanxi.influence.map.layout import LARGE, places

HOUR = 3_600_000_000
rows = st.lists(
    st.tuples(st.integers(1, 3), st.integers(1, 9), st.integers(1, 9), st.integers(0, 300)), max_size=50
)


def steps(fan: int, *seen: tuple[int, int, int, int]) -> Replay:
    """A replay from (content, who, through whom, hour)."""
    columns = np.asarray(seen, np.int64).reshape(-1, 4)
    return replay(fan, columns[:, 0], columns[:, 1], columns[:, 2], columns[:, 3] * HOUR)


def told(found: Replay) -> list[tuple[int, int, int, int]]:
    columns = (found.content, found.fan, found.through, found.hops)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def test_a_replay_holds_what_came_under_the_fan_and_nothing_beside() -> None:
    found = steps(2, (7, 2, 1, 0), (7, 3, 2, 1), (7, 4, 3, 2), (7, 5, 1, 3), (8, 6, 2, 4), (8, 9, 5, 5))
    assert told(found) == [(7, 3, 2, 1), (7, 4, 3, 2), (8, 6, 2, 1)]
    assert found.by_hop() == [(1, 2, 2), (2, 1, 1)]


def test_the_same_people_on_two_contents_are_two_cascades() -> None:
    found = steps(1, (7, 2, 1, 0), (8, 3, 2, 1))
    assert told(found) == [(7, 2, 1, 1)]


def test_a_fan_who_moved_nobody_has_no_steps() -> None:
    assert len(steps(9, (7, 2, 1, 0))) == len(steps(9)) == 0


@settings(max_examples=50, deadline=None)
@given(rows, st.integers(1, 9))
def test_steps_come_in_order_each_under_one_that_came_before(
    seen: list[tuple[int, int, int, int]], fan: int
) -> None:
    found = steps(fan, *seen)
    assert found.at.tolist() == sorted(found.at.tolist())
    there = {(content, fan): 0 for content in found.content.tolist()}
    for content, who, through, hops in sorted(told(found), key=lambda step: step[3]):
        assert there[content, through] == hops - 1
        there[content, who] = hops


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), min_size=1, max_size=40))
def test_hops_are_those_of_a_plain_walk(ties: list[tuple[int, int]]) -> None:
    source, target = np.asarray(ties, np.int64).T
    expected, edge = {0: 0}, [0]
    for hop in (1, 2, 3):
        edge = sorted({b for a, b in ties if a in edge and b not in expected})
        expected |= dict.fromkeys(edge, hop)
    found = hops_from(0, 12, source, target, most=3)
    assert {place: int(hop) for place, hop in enumerate(found) if hop >= 0} == expected


def test_communities_lie_beside_each_other_without_touching() -> None:
    sizes = [4000, 900, 900, 250, *[40] * 60, *[3] * 200]
    assert len(sizes) > LARGE
    community = np.repeat(np.arange(len(sizes)), sizes)
    weight = np.random.default_rng(1).random(len(community))
    x, y = places(community, weight)
    heaviest = [np.flatnonzero(community == c)[np.argmax(weight[community == c])] for c in range(len(sizes))]
    middle = np.stack([x[heaviest], y[heaviest]], axis=1)
    apart = np.hypot(*(middle[:, None] - middle).transpose(2, 0, 1))
    radius = np.sqrt(sizes) * 0.9
    np.fill_diagonal(apart, np.inf)
    assert np.all(apart > (radius[:, None] + radius) * 0.98)
    assert np.all(np.hypot(x, y) < 2.2 * np.sqrt(sum(sizes)))


def test_places_are_the_same_for_the_same_fans() -> None:
    community, weight = np.asarray([0, 0, 1, 2]), np.asarray([1.0, 3.0, 1.0, 0.0])
    assert [c.tolist() for c in places(community, weight)] == [c.tolist() for c in places(community, weight)]
