"""Cascades as forests: first touch, no cycles, counts as a plain walk gives them, pauses and pictures."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.influence.cascades.forest import draw, tell
from guanxi.influence.kernels.cascade import ROOT, Cascade, grow

HOUR = 3_600_000_000
events = st.lists(st.tuples(st.integers(1, 12), st.integers(1, 12), st.integers(0, 400)), max_size=60)


def grown(*rows: tuple[int, int, int]) -> Cascade:
    """A cascade from (who, through whom, hour)."""
    columns = np.asarray(rows, np.int64).reshape(-1, 3)
    return grow(columns[:, 0], columns[:, 1], columns[:, 2] * HOUR)


def parents(cascade: Cascade) -> dict[int, int | None]:
    above = cascade.parent
    return {
        int(cascade.fan[i]): None if above[i] == ROOT else int(cascade.fan[above[i]])
        for i in range(len(cascade))
    }


def test_the_first_touch_wins() -> None:
    cascade = grown((1, 1, 0), (2, 1, 1), (3, 1, 2), (4, 2, 3), (4, 3, 4))
    assert parents(cascade) == {1: None, 2: 1, 3: 1, 4: 2}
    assert dict(zip(cascade.fan.tolist(), cascade.below.tolist(), strict=True)) == {1: 3, 2: 1, 3: 0, 4: 0}


def test_two_who_move_each_other_make_no_cycle() -> None:
    assert parents(grown((2, 1, 1), (1, 2, 2))) == {1: None, 2: 1}


def test_a_chain_of_any_length_is_followed() -> None:
    cascade = grown(*((n + 1, n, n) for n in range(1, 5_001)))
    assert int(cascade.depth.max()) == 5_000
    assert cascade.below[0] == 5_000


@settings(max_examples=50, deadline=None)
@given(events)
def test_counts_equal_a_plain_walk_and_the_order_of_rows_does_not_matter(
    rows: list[tuple[int, int, int]],
) -> None:
    cascade = grown(*rows)
    above = parents(cascade)
    assert parents(grown(*reversed(rows))) == above

    def line(fan: int) -> list[int]:
        found: list[int] = []
        one = above[fan]
        while one is not None:
            found.append(one)
            one = above[one]
        return found

    for i, fan in enumerate(cascade.fan.tolist()):
        assert cascade.depth[i] == len(line(fan))
        assert cascade.moved[i] == sum(1 for parent in above.values() if parent == fan)
        assert cascade.below[i] == sum(1 for other in above if fan in line(other))


def test_the_telling_names_generations_pauses_and_who_revived_it() -> None:
    told = tell(grown((1, 1, 0), (2, 1, 2), (3, 1, 4), (4, 2, 100), (5, 4, 101)))
    assert told is not None
    assert [(g.hops, g.people, g.ended) for g in told.generations] == [
        (0, 1, 0),
        (1, 2, 1),
        (2, 1, 0),
        (3, 1, 1),
    ]
    assert told.generations[1].median_hours == 3
    assert told.half_hours == 4
    assert [(r.fan, r.pause_hours, r.after) for r in told.revivals] == [(2, 96.0, 2)]
    assert [b.fan for b in told.branches] == [1, 2, 4]


def test_a_content_that_moved_nobody_has_nothing_to_tell() -> None:
    assert tell(grown((1, 1, 0), (2, 2, 5))) is None
    assert tell(grown()) is None


@settings(max_examples=50, deadline=None)
@given(events, st.integers(1, 30))
def test_a_picture_holds_every_parent_of_whom_it_shows(rows: list[tuple[int, int, int]], most: int) -> None:
    cascade = grown(*rows)
    drawn = draw(cascade, most)
    assert len(drawn.place) <= most
    for i, place in enumerate(drawn.place.tolist()):
        above = int(cascade.parent[place])
        assert drawn.parent[i] == ROOT if above == ROOT else drawn.place[drawn.parent[i]] == above
    assert all(0 <= turn <= 1 for turn in drawn.turn)


def test_a_cascade_that_never_paused_was_revived_by_nobody() -> None:
    told = tell(grown((2, 1, 1), (3, 1, 2)))
    assert told is not None
    assert told.revivals == ()


def test_how_long_it_took_is_told_only_from_those_whose_own_moment_is_known() -> None:
    told = tell(grown((2, 1, 50), (3, 1, 90), (4, 2, 56)))
    assert told is not None
    assert [one.median_hours for one in told.generations] == [None, None, 6]
