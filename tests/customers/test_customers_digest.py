from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from buyings import NOON, bought

from guanxi.lake.engine import Engine
from guanxi.listen.parcel import unpack
from guanxi.records.databases import CUSTOMERS, raw
from guanxi.records.installation import Installation
from guanxi.records.keys import fan_key
from guanxi.vocabulary.facts import decode

Hear = Callable[..., None]


def asked(question: str, *values: Any) -> list[tuple[Any, ...]]:
    return raw(CUSTOMERS).execute(question, values).fetchall()


def test_every_order_is_in_the_lake_once_and_a_refund_is_negative_however_it_is_written(
    hear: Hear, engine: Engine
) -> None:
    hear(bought("ordered", "1", 500, reference="A", quantity=2), bought("refunded", "1", 200, reference="A"))
    hear(bought("refunded", "1", -100, reference="A"), bought("ordered", "2", 70))
    rows = engine.ask("SELECT * FROM customers.orders ORDER BY id").to_pylist()
    assert [(r["kind"], r["amount"], r["quantity"]) for r in rows] == [
        ("ordered", 500, 2),
        ("refunded", -200, None),
        ("refunded", -100, None),
        ("ordered", 70, None),
    ]
    assert [r["customer"] for r in rows[:3]] == [rows[0]["customer"]] * 3
    assert [r["id"] for r in rows] == sorted({r["id"] for r in rows})
    assert {(r["currency"], r["day"]) for r in rows} == {("CNY", NOON.date())}


def test_a_sale_to_nobody_known_is_an_order_without_customer(hear: Hear, engine: Engine) -> None:
    hear(bought("ordered", "", 500))
    assert engine.ask("SELECT customer, amount FROM customers.orders").to_pylist() == [
        {"customer": None, "amount": 500}
    ]
    assert asked("SELECT count(*) FROM customer") == [(0,)]


def test_recorded_facts_keep_disagreeing_sources_and_the_latest_name(hear: Hear) -> None:
    def recorded(day: int, source: str, city: str, name: str) -> Any:
        traits = {"facts": {"city": city}, "source": source, "name": name, "phone": "13800138000"}
        return bought("recorded", "1", happened_at=NOON + timedelta(days=day), traits=json.dumps(traits))

    hear(recorded(2, "crm", "Shanghai", "New Name"))
    hear(recorded(1, "crm", "Wuxi", "Old Name"), recorded(0, "till", "Suzhou", ""))
    ((name, facts),) = asked("SELECT name, facts::text FROM customer")
    assert name == "New Name"
    assert [(f.source, f.value) for f in decode(facts)] == [("crm", "Shanghai"), ("till", "Suzhou")]
    assert asked("SELECT kind FROM contact_key") == [("phone",)]


def test_an_order_through_a_fans_account_leaves_the_key_that_the_social_side_computes(
    hear: Hear, house: Installation
) -> None:
    through = {"through_platform": "wechat", "through_account": "brand", "through_fan": "ann"}
    hear(bought("ordered", "1", 5, traits=json.dumps(through)), bought("ordered", "2", 5, traits="{}"))
    hear(bought("ordered", "1", 5, traits=json.dumps(through | {"through_fan": 7})))
    key = fan_key(house.secrets.pepper, "wechat", "brand", "ann")
    assert asked("SELECT kind, key FROM contact_key") == [("fan_account", key)]


def test_social_activities_of_a_mixed_source_are_passed_on_whole(hear: Hear, engine: Engine) -> None:
    hear(bought("ordered", "1", 5), bought("liked", "ann", content="post"))
    ((topic, body),) = asked("SELECT topic, body FROM published")
    passed = unpack([body]).to_pylist()
    assert topic == "activities"
    assert [(row["kind"], row["actor"], row["content"]) for row in passed] == [("liked", "ann", "post")]
    assert asked("SELECT number FROM customer") == [("1",)]


def test_consents_are_published_under_the_customers_id(hear: Hear) -> None:
    hear(bought("withdrew", "1", traits='{"purpose": "sell"}'))
    ((customer,),) = asked("SELECT id FROM customer")
    ((body,),) = asked("SELECT body FROM published WHERE topic = 'consent'")
    assert unpack([body]).select(["ref", "kind"]).to_pylist() == [{"ref": customer, "kind": "withdrew"}]


def test_a_number_of_hostile_text_is_kept_as_text(hear: Hear) -> None:
    hostile = "'; DROP TABLE customer; --\x00\\.\n"
    hear(bought("ordered", hostile, 5), bought("ordered", hostile, 5))
    hear(bought("ordered", hostile, 5))
    assert asked("SELECT number FROM customer") == [(hostile.replace("\x00", "\ufffd"),)]
