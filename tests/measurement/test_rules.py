"""What a campaign changed, who brings how much, what was spared: rules on plain numbers."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.measurement.crosswalk import BANDS, CLASSES, UNLINKED, crosswalk
from guanxi.measurement.incremental import Arm, incremental, response_of
from guanxi.measurement.pareto import Point, curve
from guanxi.measurement.saved import EVERYONE_ONCE, Saved

TREATED = Arm(people=1000, responders=150, buyers=60, visible=400, money=4_000_000, money_squares=10**11)
HELD = Arm(people=200, responders=20, buyers=8, visible=80, money=600_000, money_squares=10**10)


def test_the_effect_is_an_interval_in_people_and_in_money_net_of_costs() -> None:
    found = incremental(TREATED, HELD, costs=250_000)
    assert found.response_rate.estimate is not None
    assert found.response_rate.estimate.value == pytest.approx(0.05)
    assert found.responders.estimate is not None
    assert found.responders.estimate.value == pytest.approx(50)
    assert found.money_per_person.estimate is not None
    assert found.money_per_person.estimate.value == pytest.approx(2500)
    assert found.money.estimate is not None
    assert found.money.estimate.value == pytest.approx(2500 * 400 - 250_000)
    assert found.money.estimate.low < found.money.estimate.value < found.money.estimate.high
    assert found.money.coverage == 0.4


@pytest.mark.parametrize(
    ("treated", "held", "code"),
    [
        (replace(TREATED, people=29, responders=3, visible=20), HELD, "too_few_treated"),
        (TREATED, replace(HELD, people=29, responders=3, visible=20), "too_few_held_out"),
    ],
)
def test_below_the_floor_it_says_that_it_cannot_say(treated: Arm, held: Arm, code: str) -> None:
    found = incremental(treated, held)
    assert (found.response_rate.estimate, found.response_rate.code) == (None, code)
    assert (found.responders.estimate, found.responders.code) == (None, code)


def test_money_needs_people_whose_purchases_are_seen() -> None:
    found = incremental(TREATED, replace(HELD, visible=29))
    assert found.response_rate.estimate is not None
    assert (found.money.estimate, found.money.code) == (None, "too_few_held_out")


def test_money_is_not_said_where_one_arm_is_seen_more_than_the_other() -> None:
    found = incremental(replace(TREATED, visible=900), HELD)
    assert (found.money.estimate, found.money.code) == (None, "arms_seen_unequally")


def test_nobody_at_all_is_no_error() -> None:
    nobody = Arm(0, 0, 0, 0, 0, 0)
    found = incremental(nobody, nobody)
    assert (found.money.code, found.money.coverage) == ("too_few_treated", None)
    assert response_of(nobody).code == "too_few_people"
    assert response_of(TREATED).estimate is not None


def test_a_curve_marks_what_the_best_fifth_brings() -> None:
    found = curve((Point(20, 65), Point(50, 90), Point(100, 100)), coverage=1.0)
    assert found.by_fifth == pytest.approx(0.65)
    assert found.shares[0] == (0.0, 0.0)
    assert found.shares[-1] == (1.0, 1.0)


def test_a_curve_of_few_people_or_of_nothing_cannot_be_said() -> None:
    assert curve((Point(29, 10),), None).code == "too_few_people"
    assert curve((Point(40, 0),), None).code == "nothing_to_share"
    assert curve((), None).code == "too_few_people"
    assert curve((Point(29, 10),), None).by_fifth is None
    assert curve((Point(29, 10),), None).shares == ()


@given(st.lists(st.integers(0, 10**6), min_size=30, max_size=300).filter(any))
@settings(max_examples=50, deadline=None)
def test_a_curve_rises_ever_more_slowly_and_never_under_the_diagonal(amounts: list[int]) -> None:
    best = np.cumsum(sorted(amounts, reverse=True))
    found = curve(tuple(Point(n, int(amount)) for n, amount in enumerate(best, start=1)), 1.0)
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(found.shares)]
    assert all(one >= other - 1e-9 for one, other in pairwise(slopes))
    assert found.by_fifth is not None
    assert found.by_fifth >= 0.2 - 1e-9


def test_a_grid_has_every_cell_and_keeps_money_unsaid_where_nobody_is_linked() -> None:
    found = crosswalk({("igniter", "top"): (40, 8000), ("igniter", UNLINKED): (90, 0)}, "CNY", 0.3, 0.5)
    assert len(found.cells) == len(BANDS) * len(CLASSES)
    top, *_, unlinked = found.row("igniter")
    assert (top.people, top.money, top.money_per_person, top.code) == (40, 8000, 200.0, "")
    assert (unlinked.people, unlinked.money, unlinked.money_per_person, unlinked.code) == (
        90,
        None,
        None,
        "not_linked",
    )
    assert found.row("listener")[0].code == "too_few_people"


def test_what_waits_is_not_yet_saved() -> None:
    found = Saved(EVERYONE_ONCE, baseline_sends=100, sent=30, waiting=20)
    assert (found.saved, found.share) == (50, 0.5)
    assert Saved(EVERYONE_ONCE, 0, 0, 0).share is None
