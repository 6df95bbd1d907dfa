"""Circles: an empty house explains itself; who may not see customers sees no prospects and none of their traits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pyarrow as pa
import pytest
from django.test import Client
from django.urls import reverse

from guanxi.console.influence.communities import names_by_community
from guanxi.correlation import tables as correlation
from guanxi.customers import tables as customers
from guanxi.influence import tables as influence
from guanxi.influence.circles.queries import CommunityFace
from guanxi.influence.circles.refresh import refresh_circles, refresh_customer_likeness
from guanxi.lake.engine import Engine
from guanxi.lake.store import Lake
from guanxi.lake.table import LakeTable
from guanxi.records.databases import alias_of, transaction
from guanxi.social import tables as social
from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.progress import SILENT

Visit = Callable[..., Client]
CITIES = {1: "Shanghai", 2: "Shanghai", 3: "Shanghai", 4: "Beijing"}
TIES = [(1, 2), (1, 3), (1, 4)]


def _laid(table: LakeTable, rows: list[dict[str, object]]) -> None:
    full = [{f.name: row.get(f.name) for f in table.schema} for row in rows]
    with transaction(alias_of(table.side)) as connection:
        Lake(table.side).append(connection, table, pa.Table.from_pylist(full, table.schema))


@pytest.fixture
def circles(house: object, now: datetime) -> None:
    """Fan 1 moved 2, 3 and 4; fan 2 is a good customer; three live in Shanghai."""
    day = now.date()
    _laid(social.FAN, [{"fan": f, "account": 1, "platform": "echo"} for f in CITIES])
    _laid(
        social.FAN_FACT,
        [
            {"fan": f, "name": "city", "value": c, "source": "test", "confidence": 1.0, "best": True}
            for f, c in CITIES.items()
        ],
    )
    counts = {"platform": "echo", "successes": 1, "opportunities": 1, "first_day": day, "last_day": day}
    tie = {**counts, "probability": 0.5, "low": 0.1, "high": 0.9}
    _laid(influence.TIE, [{**tie, "influencer": u, "influenced": v} for u, v in TIES])
    _laid(
        correlation.LINK,
        [{"fan": 2, "customer": 9, "purpose": "reward", "probability": 1.0, "state": "made"}],
    )
    _laid(customers.RFM, [{"customer": 9, "monetary": 50_000, "r": 5, "f": 5, "m": 5, "orders": 3}])
    with Engine() as engine:
        refresh_circles(engine, now, SILENT)
        tiers = [{"fan": f, "trait": "tier", "value": "friend"} for f in CITIES]
        refresh_customer_likeness(engine, now, pa.Table.from_pylist(tiers))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("address", [reverse("circles"), reverse("fan_circle", args=[1])])
def test_an_empty_house_says_what_belongs_here(visitor: Visit, address: str, language: str) -> None:
    assert 'class="empty' in visitor("marketer", language).get(address).text


def test_whoever_is_near_a_good_customer_is_warm_and_customers_are_not(visitor: Visit, circles: None) -> None:
    shown = visitor("marketer").get(reverse("circles"), {"export": "csv"}).text
    assert "fan 1" in shown
    assert "fan 2" not in shown
    assert "fan 4" not in shown


def test_without_enough_customers_to_judge_by_no_money_is_named(visitor: Visit, circles: None) -> None:
    shown = visitor("marketer").get(reverse("circles")).text
    assert "so no money is named" in shown
    assert "People in their place spend" not in shown


def test_every_trait_has_its_line_and_says_where_it_cannot_be_told(visitor: Visit, circles: None) -> None:
    shown = visitor("marketer").get(reverse("circles")).text
    likeness = shown[shown.index('<ul class="likeness">') :].split("</ul>")[0]
    lines = [line.split("</span>")[0] for line in likeness.split("<li><span>")[1:]]
    assert lines == ["band", "city", "language", "taste", "fifth of spending", "loyalty tier"]
    assert likeness.count("can't say") == len(lines)


def test_an_agency_sees_circles_without_customers(visitor: Visit, circles: None) -> None:
    shown = visitor("agency").get(reverse("circles")).text
    assert "city" in shown
    assert "fifth of spending" not in shown
    assert "loyalty tier" not in shown
    assert "Warm prospects" not in shown
    assert "Customers already" not in visitor("agency").get(reverse("fan_circle", args=[1])).text


def test_whoever_may_see_customers_sees_likeness_in_tier_and_spending(visitor: Visit, circles: None) -> None:
    shown = visitor("marketer").get(reverse("circles")).text
    assert "loyalty tier" in shown
    with Engine() as engine:
        rows = engine.ask("SELECT trait, known, alike FROM relationship.customer_homophily").to_pylist()
    assert rows == [{"trait": "tier", "known": 3, "alike": 3}]


def test_a_circle_says_how_alike_and_how_many_are_customers(visitor: Visit, circles: None) -> None:
    shown = visitor("marketer").get(reverse("fan_circle", args=[1])).text
    assert "Shanghai" in shown
    assert ">2</a> (67" in shown
    assert "33" in shown
    assert "fifth of spending" in shown
    assert "fifth of spending" not in visitor("agency").get(reverse("fan_circle", args=[1])).text


def test_a_circle_names_its_people_and_narrows_to_those_alike(visitor: Visit, circles: None) -> None:
    there = reverse("fan_circle", args=[1])
    shown = visitor("marketer").get(there, {"export": "csv"}).text
    assert [f"fan {n}" in shown for n in (1, 2, 3, 4)] == [False, True, True, True]
    alike = visitor("marketer").get(there, {"alike": "city", "export": "csv"}).text
    assert [f"fan {n}" in alike for n in (2, 3, 4)] == [True, True, False]
    assert "fan 2" not in visitor("marketer").get(there, {"alike": "band", "export": "csv"}).text
    assert "?alike=city#people" in visitor("marketer").get(there).text


def test_communities_are_told_with_size_with_who_stayed_and_who_is_a_customer(
    visitor: Visit, circles: None, now: datetime
) -> None:
    long_ago, lately = now.date() - timedelta(days=60), now.date()
    _laid(
        influence.COMMUNITY,
        [{"fan": f, "community": 7, "size": 4, "since": long_ago if f < 4 else lately} for f in CITIES],
    )
    with Engine() as engine:
        faces = [CommunityFace(n, "city", "Wuhan", 2, 4, 200) for n in (7, 8)]
        assert set(names_by_community({7: faces[:1], 8: faces[1:]}).values()) == {"Wuhan (7)", "Wuhan (8)"}
        refresh_circles(engine, now, SILENT)
    shown = visitor("marketer").get(reverse("circles")).text
    assert "community%20%3D%207" in shown
    assert "75" in shown.split('id="communities"')[1].split("</table>")[0]
    assert "1 (25" in shown
    assert "1 (25" not in visitor("agency").get(reverse("circles")).text


def test_strangers_are_sent_away(visitor: Visit, house: object) -> None:
    assert visitor(None).get(reverse("circles")).status_code == 302
    assert visitor("care").get(reverse("circles")).status_code == 403


def test_the_side_of_prospects_is_the_relationships() -> None:
    assert influence.PROSPECT.side is Side.RELATIONSHIP
    assert influence.PROSPECT.reveals == {Side.SOCIAL, Side.CUSTOMERS}
