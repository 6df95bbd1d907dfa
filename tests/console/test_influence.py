"""Influence: an empty house explains itself, decisions are forms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.console.act.faces import visible_name
from guanxi.influence.models import Ambassador, SeedRun

Visit = Callable[..., Client]
PAGES = ("ambassadors", "content", "map")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("name", PAGES)
def test_an_empty_house_shows_every_page_in_both_languages(visitor: Visit, name: str, language: str) -> None:
    shown = visitor("agency", language).get(reverse(name))
    assert shown.status_code == 200
    way = {"content": reverse("settings")}.get(name, reverse("shares"))
    assert (f'<a class="button act" href="{way}">' in shown.text) == (name != "content")


def test_the_back_test_comes_before_the_promise_and_the_promise_behind_a_click(visitor: Visit) -> None:
    _shortlisted(7)
    shown = visitor("marketer").get(reverse("ambassadors")).text
    assert shown.index("chart-backtest") < shown.index("<summary>What the choice is sure to reach")


def test_the_page_says_which_way_of_choosing_the_back_test_favours(visitor: Visit) -> None:
    _shortlisted(7)
    assert (
        "favours this list&#x27;s own way: it reached 40.0"
        in visitor("marketer").get(reverse("ambassadors")).text
    )
    run = SeedRun.objects.get()
    run.backtest = {"reach": {"learned_model": 0.4, "most_movers": 0.45}, "best": "most_movers", "movers": 90}
    run.save()
    told = visitor("marketer").get(reverse("ambassadors")).text
    assert "favours “moved most people”: it reached 45.0" in told
    assert "own way 40.0" in told
    assert "回测支持“带动人数最多”" in visitor("marketer", "zh-hans").get(reverse("ambassadors")).text


def test_where_no_share_is_seen_the_spread_is_not_said(visitor: Visit) -> None:
    _shortlisted(7)
    shown = visitor("marketer").get(reverse("ambassadors")).text
    assert "180–260" not in shown
    assert "can't say" in shown.replace("&#x27;", "'")


def test_the_guarantee_is_never_said_without_its_model(visitor: Visit) -> None:
    _shortlisted(7)
    shown = visitor("marketer").get(reverse("ambassadors")).text
    assert "the model&#x27;s promise" in shown or "the model's promise" in shown


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_fan_is_invited_or_declined_with_a_reason(visitor: Visit, language: str) -> None:
    _shortlisted(7, 8)
    client = visitor("marketer", language)
    assert client.get(reverse("ambassador", args=[7])).status_code == 200
    client.post(reverse("decide_ambassador", args=[7, "approve"]))
    client.post(reverse("decide_ambassador", args=[8, "decline"]), {"reason": ""})
    assert dict(Ambassador.objects.values_list("fan", "state")) == {7: "invited", 8: "shortlisted"}
    client.post(reverse("decide_ambassador", args=[8, "decline"]), {"reason": "works for a rival"})
    assert Ambassador.objects.get(fan=8).reason == "works for a rival"
    assert "works for a rival" in client.get(reverse("ambassadors")).text
    back = reverse("decide_ambassador", args=[8, "reconsider"])
    assert back in client.get(reverse("ambassador", args=[8])).text
    client.post(back)
    assert Ambassador.objects.get(fan=8).state == "shortlisted"


def test_whoever_only_looks_decides_nothing(visitor: Visit) -> None:
    _shortlisted(7)
    approve = reverse("decide_ambassador", args=[7, "approve"])
    for role in ("agency", "analyst", "care"):
        client = visitor(role)
        assert client.post(approve).status_code == 403
        assert approve not in client.get(reverse("ambassador", args=[7])).text
    assert Ambassador.objects.get(fan=7).state == "shortlisted"


def test_a_name_that_nobody_can_see_gives_way_to_a_number() -> None:
    assert visible_name("\u200b\u3000 ", "fan 3") == "fan 3"
    assert visible_name("小云", "fan 3") == "小云"
    assert visible_name("exe\u202egnp", "fan 3") == "exegnp"
    assert visible_name("\u202e\u2066", "fan 3") == "fan 3"


def _shortlisted(*fans: int) -> None:
    run = SeedRun.objects.create(
        as_of=datetime(2026, 11, 1, tzinfo=UTC),
        parameters={"k": len(fans), "objective": "new_customers", "epsilon": 0.1},
        seeds=[{"fan": fan, "marginal": 10.0} for fan in fans],
        spread=220.0,
        low=180.0,
        high=260.0,
        guarantee=0.63,
        delta=0.01,
        seconds=0.2,
        people=1000,
        ties=4000,
        backtest={"reach": {"learned_model": 0.4, "random": 0.1}, "best": "learned_model", "movers": 90},
    )
    for rank, fan in enumerate(fans, 1):
        Ambassador.objects.create(fan=fan, state="shortlisted", chosen_rank=rank, marginal=10.0, run=run)
