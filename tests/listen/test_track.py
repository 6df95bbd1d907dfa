from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from guanxi.composition.consumers import hear
from guanxi.listen.door.front import open_door
from guanxi.listen.models import WriteKey
from guanxi.listen.parcel import unpack
from guanxi.listen.track.actions import make_write_key, revoke_write_key
from guanxi.records.actor import SYSTEM
from guanxi.records.databases import CUSTOMERS, SOCIAL, raw
from guanxi.records.installation import Installation
from guanxi.records.public_address import set_public_address
from guanxi.vocabulary.facts import decode, fact_rows

BASKET = {"total": 12.5, "currency": "EUR", "order_id": 7, "products": [{"quantity": 2}, {}]}


@pytest.fixture
def key(house: Installation) -> str:
    return make_write_key(SYSTEM, "site", "web", "main")


def ask(method: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(open_door())
        async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
            return await client.request(method, path, json=body, **more)

    return asyncio.run(asked())


def heard(alias: str = SOCIAL) -> list[dict[str, Any]]:
    bodies = [body for (body,) in raw(alias).execute("SELECT body FROM inbox ORDER BY xid, seq")]
    return unpack(bodies).to_pylist() if bodies else []


def reasons() -> list[str]:
    return [reason for (reason,) in raw(SOCIAL).execute("SELECT reason FROM quarantine ORDER BY id")]


def test_a_page_of_any_origin_may_send_and_every_answer_lets_it_read(key: str) -> None:
    preflight = ask("OPTIONS", "/v1/t", headers={"origin": "https://shop.example"})
    assert (preflight.status_code, preflight.headers["access-control-allow-origin"]) == (204, "*")
    assert "authorization" in preflight.headers["access-control-allow-headers"]
    sent = {"event": "Content Liked", "anonymousId": "a", "messageId": "1", "writeKey": key}
    for body, status in ((sent, 200), ({**sent, "writeKey": "no"}, 401), ({**sent, "writeKey": 7}, 401)):
        answer = ask("POST", "/v1/t", body)
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (status, "*")
    assert [row["kind"] for row in heard()] == ["liked"]


def test_a_group_is_joined_under_its_name(key: str) -> None:
    body = {"userId": "ann", "groupId": 7, "traits": {"name": "Runners", "kind": "club"}, "messageId": "1"}
    assert ask("POST", "/v1/group", body, auth=(key, "")).status_code == 200
    assert ask("POST", "/v1/group", {"userId": "ann", "messageId": "2"}, auth=(key, "")).status_code == 200
    (row,) = heard()
    assert (row["kind"], row["reference"]) == ("joined", "7")
    assert json.loads(row["traits"]) == {"group": {"name": "Runners", "kind": "club"}}
    assert reasons() == ["group_missing"]


def test_an_alias_makes_two_fans_who_hold_the_same_mark_and_merges_nobody(key: str) -> None:
    body = {"previousId": "x", "userId": "ann", "messageId": "1"}
    for _ in range(2):
        assert ask("POST", "/v1/alias", body, auth=(key, "")).status_code == 200
    assert ask("POST", "/v1/alias", {"userId": "bob", "messageId": "2"}, auth=(key, "")).status_code == 200
    hear()
    fans = "SELECT f.external_id, k.key FROM fan f JOIN contact_key k ON k.ref = f.id WHERE k.kind = 'alias'"
    marks = dict(raw(SOCIAL).execute(fans).fetchall())
    assert sorted(marks) == ["ann", "x"]
    assert len(set(marks.values())) == 1
    assert reasons() == ["actor_missing"]


def test_whoever_orders_is_known_by_the_account_they_ordered_from(key: str) -> None:
    order = {"userId": "ann", "event": "Order Completed", "messageId": "1", "properties": BASKET}
    ask("POST", "/v1/track", order, auth=(key, ""))
    ask("POST", "/v1/page", {"userId": "ann", "messageId": "2"}, auth=(key, ""))
    (row,) = heard(CUSTOMERS)
    assert (row["amount"], row["quantity"], row["reference"]) == (1250, 3, "7")
    hear()
    shared = [
        {
            bytes(key)
            for (key,) in raw(alias).execute("SELECT key FROM contact_key WHERE kind = 'fan_account'")
        }
        for alias in (SOCIAL, CUSTOMERS)
    ]
    assert shared[0] == shared[1] != set()


def test_one_event_that_is_too_large_or_none_costs_no_other(key: str) -> None:
    fine = {"type": "track", "event": "Content Liked", "userId": "ann", "messageId": "1"}
    large = {**fine, "messageId": "2", "properties": {"text": "x" * 33_000}}
    late = {**fine, "messageId": "3", "timestamp": "yesterday"}
    odd = {**fine, "messageId": 4, "properties": [], "userId": 12.5}
    batch = [large, fine, 7, late, odd, {**fine, "messageId": "5", "type": "dance"}]
    assert ask("POST", "/v1/batch", {"batch": batch}, auth=(key, "")).status_code == 200
    assert [row["actor"] for row in heard()] == ["ann", "12.5"]
    assert sorted(reasons()) == ["event_too_large", "event_unreadable", "time_unreadable", "type_unknown"]


def test_the_page_and_the_campaign_are_read_from_the_circumstances(key: str) -> None:
    context = {"page": {"url": "https://brand.example/a"}, "campaign": {"name": "autumn"}}
    body = {"anonymousId": "a", "messageId": "1", "context": context}
    ask("POST", "/v1/page", body, auth=(key, ""))
    ask("POST", "/v1/screen", {"userId": "a", "messageId": "2", "name": "Home"}, auth=(key, ""))
    told = [(row["kind"], row["content"], row["campaign"]) for row in heard()]
    assert told == [("viewed", "https://brand.example/a", "autumn"), ("viewed", "Home", None)]


def test_an_event_without_an_id_is_known_by_all_it_tells(key: str) -> None:
    body = {"userId": "ann", "event": "Content Liked", "timestamp": "2026-10-01T00:00:00Z"}
    for sent_at in ("2026-10-01T00:00:01Z", "2026-10-01T00:00:09Z"):
        ask("POST", "/v1/track", {**body, "sentAt": sent_at}, auth=(key, ""))
    ask("POST", "/v1/track", {**body, "userId": "bob"}, auth=(key, ""))
    assert sorted(row["actor"] for row in heard()) == ["ann", "bob"]


def test_a_client_that_names_no_zone_means_utc(key: str) -> None:
    times = {"timestamp": "2026-10-01T00:00:00", "sentAt": "2026-10-01T00:00:00"}
    body = {"userId": "ann", "event": "Content Liked", "messageId": "1", **times}
    assert ask("POST", "/v1/track", body, auth=(key, "")).status_code == 200
    assert (
        ask("POST", "/v1/batch", {"batch": [], "sentAt": times["sentAt"]}, auth=(key, "")).status_code == 200
    )
    assert abs((datetime.now(UTC) - heard()[0]["happened_at"]).total_seconds()) < 60


def settings_at(path: str, method: str = "GET", **headers: str) -> httpx.Response:
    """What a browser's client is told."""

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(open_door())
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8601") as client:
            return await client.request(method, path, headers=headers)

    return asyncio.run(asked())


def test_a_browser_is_told_to_send_here_and_nowhere_else(house: Installation) -> None:
    key = make_write_key(SYSTEM, "page", "web", "main")
    path = f"/v1/projects/{key}/settings"
    answer = settings_at(path)
    assert answer.headers["access-control-allow-origin"] == "*"
    told = answer.json()
    assert told["integrations"]["Segment.io"]["apiHost"] == "localhost:8601/v1"
    assert told["metrics"] == {"sampleRate": 0, "host": "localhost:8601/v1"}
    set_public_address(SYSTEM, "https://hear.brand.example")
    here = settings_at(path, host="evil.example").json()["integrations"]["Segment.io"]
    assert (here["apiHost"], here["protocol"], here["apiKey"]) == ("hear.brand.example/v1", "https", key)


def test_a_key_nobody_has_made_or_a_made_up_host_is_told_nothing(house: Installation) -> None:
    key = make_write_key(SYSTEM, "page", "web", "main")
    unknown = settings_at("/v1/projects/nobodys/settings")
    assert (unknown.status_code, unknown.headers["access-control-allow-origin"]) == (404, "*")
    assert settings_at(f"/v1/projects/{key}/settings", "POST").status_code == 400
    assert settings_at(f"/v1/projects/{key}").status_code == 404
    hostile = settings_at(f"/v1/projects/{key}/settings", host="evil.example")
    assert (hostile.status_code, hostile.json()["error"]) == (400, "host_unknown")
    revoke_write_key(SYSTEM, WriteKey.objects.get().pk, datetime.now(UTC))
    assert settings_at(f"/v1/projects/{key}/settings").status_code == 404


def test_two_keys_that_disagree_of_somebody_are_both_kept(key: str) -> None:
    crm = make_write_key(SYSTEM, "crm", "web", "main")
    for number, (sender, city) in enumerate(((key, "Nice"), (crm, "Paris"), (key, "Lyon"))):
        body = {"userId": "ann", "traits": {"city": city}, "messageId": str(number)}
        assert ask("POST", "/v1/identify", body, auth=(sender, "")).status_code == 200
    hear()
    (facts,) = raw(SOCIAL).execute("SELECT facts::text FROM fan").fetchone() or ("",)
    shown = [(row.value, row.source, row.disputed) for row in fact_rows(decode(facts))]
    assert shown == [("Lyon", "site", True), ("Paris", "crm", True)]
