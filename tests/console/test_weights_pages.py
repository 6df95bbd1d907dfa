"""Weights, why a fan weighs, ripples around a segment, and treatments: what each role sees, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pyarrow as pa
import pytest
from django.test import Client
from django.urls import reverse

from guanxi.audiences.actions import create_segment, evaluate_segment
from guanxi.influence import tables as influence
from guanxi.influence.treatments.queries import treatments_in_force
from guanxi.influence.treatments.rules import FIRST_TREATMENTS, Treatment
from guanxi.lake.engine import Engine
from guanxi.lake.store import Lake
from guanxi.lake.table import LakeTable
from guanxi.question.parser import parse
from guanxi.records.actor import SYSTEM
from guanxi.records.databases import SOCIAL, alias_of, transaction
from guanxi.social import tables as social

Visit = Callable[..., Client]
LANGUAGES = ("en", "zh-hans")
TIES = [(1, 2), (1, 3), (2, 4), (3, 4), (4, 5), (2, 1)]


def _laid(table: LakeTable, rows: list[dict[str, object]]) -> None:
    full = [{f.name: row.get(f.name) for f in table.schema} for row in rows]
    with transaction(alias_of(table.side)) as connection:
        Lake(table.side).append(connection, table, pa.Table.from_pylist(full, table.schema))


@pytest.fixture
def weights(house: object, now: datetime) -> int:
    """Fan 1 moved 2 and 3, who moved 4, who moved 5; a segment of the fans 1 and 2; says its number."""
    day = now.date()
    with transaction(SOCIAL) as connection:
        connection.execute("INSERT INTO account (platform, name) VALUES ('echo', 'a')")
        for fan in range(1, 6):
            connection.execute(
                "INSERT INTO fan (id, account_id, key, external_id, name) "
                "SELECT %s, id, %s, %s, %s FROM account",
                (fan, fan.to_bytes(16), f"f{fan}", f"<b>Fan {fan}</b>"),
            )
    _laid(social.FAN, [{"fan": f, "account": 1, "platform": "echo"} for f in range(1, 6)])
    tie = {"platform": "echo", "successes": 1, "opportunities": 1, "first_day": day, "last_day": day}
    chance = {"probability": 0.5, "low": 0.1, "high": 0.9}
    _laid(influence.TIE, [{**tie, **chance, "influencer": u, "influenced": v} for u, v in TIES])
    counts = {"platform": "echo", "engagements_low": 1.0, "engagements_high": 30.0}
    heavy = {"weight": 1.44, "direct": 2, "second": 1, "band": "igniter", "engagements": 12.0}
    light = {"weight": 0.5, "direct": 1, "second": 1, "band": "participant", "engagements": 3.0}
    _laid(influence.WEIGHT, [{**counts, **heavy, "fan": 1}, {**counts, **light, "fan": 2}])
    month = now.date().replace(day=1)
    past = month.replace(month=month.month - 1)
    remembered = [(past, 0.72), (month, 1.44)]
    _laid(influence.WEIGHT_MONTH, [{"fan": 1, "month": m, "weight": w} for m, w in remembered])
    shown = {"millionths": 1_000_000, "moves": 5, "carried": 2, "timed": 4, "soon": 3}
    facets = (("all", ""), ("topic", "sourdough"))
    _laid(influence.RESONANCE, [{**shown, "fan": 1, "facet": f, "value": v} for f, v in facets])
    moves = [
        {"influencer": u, "influenced": v, "platform": "echo", "content": 7, "first_day": day}
        for u, v in TIES
    ]
    _laid(influence.TIE_MOVE, moves)
    worth = {"fan": 1, "expected": 123_400, "low": 50_000, "high": 310_000, "known": 2, "people": 3}
    _laid(influence.NETWORK_VALUE, [worth])
    made = create_segment(SYSTEM, "Movers", parse("fans where band = igniter or band = participant"), now)
    with Engine() as engine:
        evaluate_segment(SYSTEM, engine, made, now)
    return made


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_house_says_where_weights_come_from(visitor: Visit, language: str) -> None:
    assert 'class="empty' in visitor("marketer", language).get(reverse("weights")).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_says_who_moves_people_and_what_lies_in_their_reach(
    visitor: Visit, weights: int, language: str
) -> None:
    shown = visitor("marketer", language).get(reverse("weights")).text
    assert "&lt;b&gt;Fan 1&lt;/b&gt;" in shown
    assert "1,234" in shown
    assert "40" in shown


def test_an_agency_sees_weights_without_money(visitor: Visit, weights: int) -> None:
    shown = visitor("agency").get(reverse("weights")).text
    assert "1.44" in shown
    assert "1,234" not in shown
    assert "Network value" not in shown
    assert visitor("agency").get(reverse("weights"), {"sort": "-expected"}).status_code in (200, 400)
    assert (
        "1,234" not in visitor("agency").get(reverse("weights"), {"sort": "-expected", "export": "csv"}).text
    )


def test_weights_can_be_asked_for_by_topic_band_and_platform(visitor: Visit, weights: int) -> None:
    browser = visitor("marketer")

    def found(**asked: str) -> set[str]:
        text = browser.get(reverse("weights"), {**asked, "export": "csv"}).text
        return {name for name in ("Fan 1", "Fan 2") if name in text}

    assert found() == {"Fan 1", "Fan 2"}
    assert found(topic="sourdough") == {"Fan 1"}
    assert found(band="participant") == {"Fan 2"}
    assert found(platform="wechat") == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fans_page_says_why_they_weigh(visitor: Visit, weights: int, language: str) -> None:
    shown = visitor("marketer", language).get(reverse("fan", args=[1])).text
    for part in ("sourdough", "+100", "1,234", "75"):
        assert part in shown
    money = visitor("agency", language).get(reverse("fan", args=[1])).text
    assert "1,234" not in money
    assert "12.0" in money


def test_a_fans_page_says_what_is_unknown_and_how_they_are_treated(visitor: Visit, weights: int) -> None:
    shown = visitor("marketer").get(reverse("fan", args=[1])).text
    assert "Of 1 of 3 people in reach it is not known what they spend." in shown
    assert "within 2 hours" in shown
    assert "at most 1 in 7 days" in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_ripples_around_a_segment_count_each_person_outside_once(
    visitor: Visit, weights: int, language: str
) -> None:
    browser = visitor("marketer", language)
    assert reverse("segment_ripples", args=[weights]) in browser.get(reverse("segment", args=[weights])).text
    shown = browser.get(reverse("segment_ripples", args=[weights])).text
    # Fans 3 and 4 directly, 5 through 4; expected 0.5 and 0.625 (4 also through 3) and 0.25.
    assert re.findall(r'figure-value">([\d.]+)', shown) == ["2", "2", "1", "1.4", "2"]


def test_ripples_need_sight_of_members_and_of_influence(visitor: Visit, weights: int) -> None:
    address = reverse("segment_ripples", args=[weights])
    assert visitor("agency").get(address).status_code == 403
    assert visitor(None).get(address).status_code == 302
    assert address not in visitor("agency").get(reverse("segment", args=[weights])).text
    assert visitor("admin").get(reverse("segment_ripples", args=[999])).status_code in (400, 404, 409)


def test_strangers_see_no_weights(visitor: Visit, house: object) -> None:
    assert visitor(None).get(reverse("weights")).status_code == 302
    assert visitor("care").get(reverse("weights")).status_code == 403


def test_an_administrator_sets_what_a_band_is_given(visitor: Visit, house: object) -> None:
    address = reverse("change_treatment", args=["igniter"])
    told = {"reply_hours": "4", "sends_max": "", "window_days": "9"}
    assert visitor("marketer").post(address, told).status_code == 403
    assert treatments_in_force() == FIRST_TREATMENTS
    assert visitor("admin").post(address, told).status_code == 302
    assert treatments_in_force()["igniter"] == Treatment(reply_hours=4, window_days=9)
    wrong = visitor("admin").post(address, {**told, "window_days": "9000"}, follow=True)
    assert "too small or too large" in wrong.text
    assert treatments_in_force()["igniter"].window_days == 9


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_leash_page_says_what_each_band_is_given(visitor: Visit, house: object, language: str) -> None:
    address = reverse("change_treatment", args=["listener"])
    assert address in visitor("admin", language).get(reverse("leash")).text
    assert address not in visitor("marketer", language).get(reverse("leash")).text
