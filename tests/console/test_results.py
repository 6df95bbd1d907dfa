"""Results: nothing is said of nobody, intervals are drawn, and whoever may not see customers sees none of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.console.crossing import grid_of
from guanxi.console.effects import effects_of
from guanxi.measurement.crosswalk import BANDS, CLASSES, UNLINKED, crosswalk
from guanxi.measurement.incremental import Arm, incremental
from guanxi.measurement.queries import CampaignResults

Visit = Callable[..., Client]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_an_empty_house_says_that_it_cannot_say(visitor: Visit, language: str) -> None:
    answer = visitor("analyst", language).get(reverse("results"))
    assert answer.status_code == 200
    assert ("can't say" in answer.text) == (language == "en")


@pytest.mark.parametrize("role", ["agency", "care"])
def test_whoever_may_not_see_both_sides_is_refused(visitor: Visit, role: str) -> None:
    assert visitor(role).get(reverse("results")).status_code == 403


def test_a_stranger_is_sent_to_the_login(visitor: Visit) -> None:
    assert visitor(None).get(reverse("results")).status_code == 302


def test_an_effect_is_an_interval_around_its_middle_with_zero_marked() -> None:
    shown = effects_of("x", _results(Arm(1000, 200, 10, 0, 0, 0), Arm(1000, 100, 5, 0, 0, 0)))
    rate, _, money, _ = shown.whiskers
    places = [float(text.rstrip("%")) for text in (rate.zero, rate.low, rate.middle, rate.high)]
    assert places == sorted(places)
    assert rate.is_sure
    assert money.wrong
    assert not money.ends


def test_too_few_in_the_holdout_say_nothing() -> None:
    shown = effects_of("x", _results(Arm(1000, 200, 10, 0, 0, 0), Arm(3, 1, 0, 0, 0, 0)))
    assert all(one.wrong and not one.text for one in shown.whiskers)


def test_the_unlinked_stand_on_the_edge_and_never_show_money() -> None:
    found = {
        ("igniter", "top"): (40, 4_000_000),
        ("igniter", UNLINKED): (900, 0),
        (UNLINKED, "low"): (50, 100),
    }
    grid = grid_of(crosswalk(found, "CNY", 0.1, 0.2))
    top, edge = grid.lines[0].squares[0], grid.lines[0].squares[-1]
    assert (len(grid.lines), len(grid.heads)) == (len(BANDS), len(CLASSES))
    assert (top.note, top.aside, edge.note, edge.aside) == ("¥1,000", False, "", True)
    assert "not+linked+for+contact" in edge.href


def _results(treated: Arm, held: Arm) -> CampaignResults:
    return CampaignResults(1, 14, "CNY", None, False, incremental(treated, held))
