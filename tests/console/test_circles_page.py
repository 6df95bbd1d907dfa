"""Circles: an empty house explains itself; who may not see customers sees no prospects and none of their traits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pyarrow as pa
import pytest
from django.test import Client
from django.urls import reverse

from guanxi.correlation import tables as correlation
from guanxi.customers import tables as customers
from guanxi.influence import tables as influence
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
    assert "2 (67" in shown
    assert "33" in shown
    assert "fifth of spending" in shown
    assert "fifth of spending" not in visitor("agency").get(reverse("fan_circle", args=[1])).text


def test_strangers_are_sent_away(visitor: Visit, house: object) -> None:
    assert visitor(None).get(reverse("circles")).status_code == 302
    assert visitor("care").get(reverse("circles")).status_code == 403


def test_the_side_of_prospects_is_the_relationships() -> None:
    assert influence.PROSPECT.side is Side.RELATIONSHIP
    assert influence.PROSPECT.reveals == {Side.SOCIAL, Side.CUSTOMERS}
