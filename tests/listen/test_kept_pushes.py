"""What a platform pushed before anybody knew its type is read by the version that does: once, as of its own time."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from guanxi.channels.hook import Told
from guanxi.channels.line import inbound as line
from guanxi.channels.telegram import inbound as telegram
from guanxi.channels.wechat import reading as wechat
from guanxi.channels.wechat.entry import Entry
from guanxi.channels.wechat.events import EVENTS
from guanxi.channels.wecom import changes as wecom
from guanxi.channels.whatsapp import changes as whatsapp
from guanxi.channels.x import inbound as x
from guanxi.listen.door.front import open_door
from guanxi.listen.hooks.actions import read_again
from guanxi.listen.parcel import unpack
from guanxi.listen.settle import Replayed
from guanxi.records.accounts import ZONE, add_account, remove_account
from guanxi.records.actor import SYSTEM, Actor, Role
from guanxi.records.databases import CUSTOMERS, SOCIAL, raw
from guanxi.records.installation import Installation
from guanxi.vocabulary.activity import Kind
from guanxi.vocabulary.reasons import Refused
from wechat_pushes import FAN, KEY, SETTINGS, as_xml, event, request

MARKETER = Actor(7, "mia", frozenset({Role.MARKETER}))
SECRET = "s3cret"
CORP = "wwcorp"
AT = 1_760_000_000
TELEPORTED = Entry(Kind.ATTENDED, reference="eventkey")


def posted(path: str, body: bytes, query: Mapping[str, str] | None = None, **headers: str) -> int:
    async def sent() -> int:
        transport = httpx.ASGITransport(open_door())
        async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
            written = {name.replace("_", "-"): value for name, value in headers.items()}
            answer = await client.post(path, params=dict(query or {}), content=body, headers=written)
            return answer.status_code

    return asyncio.run(sent())


def mac(body: bytes) -> bytes:
    return hmac.new(SECRET.encode(), body, hashlib.sha256).digest()


def to_wechat(fields: dict[str, Any], mode: str = "safe") -> int:
    one = request(as_xml(fields), mode, datetime.now(UTC))
    return posted("/hooks/wechat/main", one.body, one.query)


def to_line(*events: dict[str, Any]) -> int:
    body = json.dumps({"destination": "U0", "events": list(events)}).encode()
    return posted("/hooks/line/main", body, x_line_signature=base64.b64encode(mac(body)).decode())


def heard(alias: str = SOCIAL) -> list[dict[str, Any]]:
    bodies = [body for (body,) in raw(alias).execute("SELECT body FROM inbox ORDER BY xid, seq")]
    return unpack(bodies).to_pylist() if bodies else []


def states() -> list[tuple[str, str]]:
    return raw(SOCIAL).execute("SELECT state, reason FROM quarantine ORDER BY id").fetchall()


@pytest.fixture
def accounts(house: Installation) -> None:
    add_account(SYSTEM, "wechat", "main", ZONE, {**SETTINGS, "mode": "safe"})
    add_account(SYSTEM, "line", "main", ZONE, {"channel_secret": SECRET})


def test_a_sealed_push_is_read_once_as_of_its_time_and_under_its_key(
    accounts: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    pushed = event("teleported", CreateTime=str(AT), EventKey="hall 3")
    assert [to_wechat(pushed), to_wechat(event("vanished", CreateTime=str(AT)))] == [200, 200]
    assert read_again(MARKETER) == Replayed(0, 2)
    monkeypatch.setattr(wechat, "EVENTS", {**EVENTS, "teleported": TELEPORTED})
    assert read_again(MARKETER) == Replayed(1, 1)
    assert read_again(MARKETER) == Replayed(0, 1)
    (row,) = heard()
    assert (row["kind"], row["actor"], row["reference"]) == ("attended", FAN, "hall 3")
    assert row["happened_at"] == datetime.fromtimestamp(AT, UTC)
    assert to_wechat(pushed) == 200
    assert len(heard()) == 1
    assert states() == [("replayed", "event_unknown"), ("open", "event_unknown")]


def test_a_push_that_came_again_after_the_new_version_is_not_counted_twice(
    accounts: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    pushed = event("teleported", CreateTime="", FromUserName=FAN)
    to_wechat(pushed)
    monkeypatch.setattr(wechat, "EVENTS", {**EVENTS, "teleported": TELEPORTED})
    to_wechat(pushed)
    assert len(heard()) == 1
    assert read_again(MARKETER) == Replayed(1, 0)
    assert len(heard()) == 1


def test_what_tells_of_buying_reaches_the_customers_side(
    accounts: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    to_line({"type": "bought", "webhookEventId": "e1", "timestamp": AT * 1000, "source": {"userId": "Uann"}})
    reader = {"bought": lambda told, event: (replace(told, kind=Kind.ORDERED, reference="o1"),)}
    monkeypatch.setattr(line, "_READERS", {**line._READERS, **reader})
    assert read_again(MARKETER) == Replayed(1, 0)
    assert [row["reference"] for row in heard(CUSTOMERS)] == ["o1"]
    assert heard() == []


def test_what_waits_of_an_account_that_is_gone_or_of_another_door_is_left_alone(accounts: None) -> None:
    to_wechat(event("teleported"))
    raw(SOCIAL).execute(
        "INSERT INTO quarantine (key, source, position, reason, raw) VALUES "
        "(gen_random_uuid(), 'line:main', 'page 1', 'snapshot_viewer', '')"
    )
    remove_account(SYSTEM, "wechat", "main")
    assert read_again(MARKETER) == Replayed(0, 0)
    assert states() == [("open", "event_unknown"), ("open", "snapshot_viewer")]


def test_reading_again_is_nothing_for_whoever_may_not(house: Installation) -> None:
    with pytest.raises(Refused, match="not_permitted"):
        read_again(Actor(8, "ada", frozenset({Role.ANALYST})))


def to_telegram() -> int:
    update = {"update_id": 5, "wished": {"from": {"id": 7}, "date": AT}}
    body = json.dumps(update).encode()
    return posted("/hooks/telegram/main", body, x_telegram_bot_api_secret_token=SECRET)


def to_whatsapp() -> int:
    person = {"wa_id": "8613800138000", "user_id": "CN.1", "profile": {"name": "Ann"}}
    said = {"type": "hologram", "id": "m1", "from": "8613800138000", "timestamp": str(AT)}
    value = {"metadata": {"phone_number_id": "9"}, "contacts": [person], "messages": [said]}
    body = json.dumps({"entry": [{"changes": [{"field": "messages", "value": value}]}]}).encode()
    return posted("/hooks/whatsapp/main", body, x_hub_signature_256=f"sha256={mac(body).hex()}")


def to_x() -> int:
    body = json.dumps({"for_user_id": "1", "dance_events": [{"id": "d1", "who": "7"}]}).encode()
    signed = f"sha256={base64.b64encode(mac(body)).decode()}"
    return posted("/hooks/x/main", body, x_twitter_webhooks_signature=signed)


def to_wecom() -> int:
    one = request(as_xml(wecom_fields()), "safe", datetime.now(UTC), app=CORP)
    return posted("/hooks/wecom/main", one.body, one.query)


def wecom_fields() -> dict[str, Any]:
    return {"MsgType": "event", "Event": "waved", "CreateTime": str(AT), "ExternalUserID": "wmAnn"}


def told(actor: str, at: int = AT) -> Callable[..., Any]:
    def read(*parts: Any) -> Any:
        begun = next((part for part in parts if hasattr(part, "identity")), None)
        moment = datetime.fromtimestamp(at, UTC)
        if begun is not None:
            return [replace(begun, kind=Kind.ATTENDED, actor=begun.actor or actor, happened_at=moment)]
        return [Told(Kind.ATTENDED, actor, moment)]

    return read


LATER: list[tuple[str, dict[str, str], Callable[[], int], Any, str, dict[Any, Any], str]] = [
    ("telegram", {"secret_token": SECRET}, to_telegram, telegram, "READERS", {"wished": told("7")}, "7"),
    (
        "whatsapp",
        {"app_secret": SECRET, "verify_token": "v"},
        to_whatsapp,
        whatsapp,
        "_READERS",
        {"hologram": told("")},
        "CN.1",
    ),
    ("x", {"consumer_secret": SECRET}, to_x, x, "READERS", {"dance_events": told("7")}, "7"),
    (
        "wecom",
        {"corp_id": CORP, "token": SETTINGS["token"], "aes_key": KEY},
        to_wecom,
        wecom,
        "_READERS",
        {("waved", ""): told("")},
        "wmAnn",
    ),
]


@pytest.mark.parametrize("later", LATER, ids=[one[0] for one in LATER])
def test_every_platform_reads_what_it_kept_once_its_folder_knows_more(
    house: Installation, later: tuple[Any, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    platform, settings, deliver, module, name, more, actor = later
    add_account(SYSTEM, platform, "main", ZONE, settings)
    assert deliver() == 200
    assert [state for state, _ in states()] == ["open"]
    monkeypatch.setattr(module, name, {**getattr(module, name), **more})
    assert read_again(MARKETER) == Replayed(1, 0)
    row = heard()[0]
    assert (row["kind"], row["actor"], row["happened_at"]) == (
        "attended",
        actor,
        datetime.fromtimestamp(AT, UTC),
    )
    before = len(heard())
    assert deliver() == 200
    assert len(heard()) == before


def test_parts_without_ids_count_once_each_however_many_beside_them_are_understood(
    accounts: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_account(SYSTEM, "x", "main", ZONE, {"consumer_secret": SECRET, "user_id": "100"})

    def to_x() -> int:
        pair = {"source": {"id": "100"}, "target": {"id": "1"}}
        events = {"teleport_events": [pair, pair], "block_events": [pair], "mute_events": [pair, pair]}
        body = json.dumps({"for_user_id": "100", **events}).encode()
        seal = "sha256=" + base64.b64encode(mac(body)).decode()
        return posted("/hooks/x/main", body, x_twitter_webhooks_signature=seal)

    assert [to_x(), to_x()] == [200, 200]
    assert len(heard()) == 3
    monkeypatch.setattr(x, "READERS", {**x.READERS, "teleport_events": x.READERS["block_events"]})
    assert read_again(MARKETER) == Replayed(2, 0)
    assert len(heard()) == 5
    assert to_x() == 200
    assert len(heard()) == 5
