"""The whole way: what LINE, Telegram, WhatsApp and e-mail post to the door becomes fans, groups, consent, notices."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hearing import as_json

from guanxi.channels.email.signing import HEADER as EMAIL_HEADER
from guanxi.channels.email.signing import sign
from guanxi.channels.line.signing import HEADER as LINE_HEADER
from guanxi.channels.line.signing import signature as line_signature
from guanxi.channels.telegram.signing import HEADER as TELEGRAM_HEADER
from guanxi.channels.whatsapp.signing import HEADER as WHATSAPP_HEADER
from guanxi.channels.whatsapp.signing import signature as whatsapp_signature
from guanxi.composition.consumers import hear
from guanxi.listen.door.front import open_door
from guanxi.records.accounts import ZONE, add_account
from guanxi.records.actor import SYSTEM
from guanxi.records.databases import RELATIONSHIP, SOCIAL, raw
from guanxi.records.installation import Installation

ACCOUNTS = {
    "line": {"channel_secret": "s1"},
    "telegram": {"secret_token": "s2"},
    "whatsapp": {"app_secret": "s3", "verify_token": "v"},
    "email": {"hook_secret": "s4"},
}
SIGNED: dict[str, Callable[[bytes], dict[str, str]]] = {
    "line": lambda body: {LINE_HEADER: line_signature("s1", body)},
    "telegram": lambda body: {TELEGRAM_HEADER: "s2"},
    "whatsapp": lambda body: {WHATSAPP_HEADER: whatsapp_signature("s3", body)},
    "email": lambda body: {EMAIL_HEADER: sign("s4", int(time.time()), body)},
}


@pytest.fixture
def post(house: Installation) -> Callable[..., list[int]]:
    for platform, settings in ACCOUNTS.items():
        add_account(SYSTEM, platform, "main", ZONE, settings)

    def send(*posts: tuple[str, bytes], headers: dict[str, str] | None = None) -> list[int]:
        async def visit() -> list[int]:
            transport = httpx.ASGITransport(open_door())
            async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
                answers = [
                    await client.post(
                        f"/hooks/{platform}/main", content=body, headers=headers or SIGNED[platform](body)
                    )
                    for platform, body in posts
                ]
            return [one.status_code for one in answers]

        return asyncio.run(visit())

    return send


def asked(question: str, alias: str = SOCIAL) -> list[tuple[Any, ...]]:
    return raw(alias).execute(question).fetchall()


def line(*events: dict[str, Any]) -> tuple[str, bytes]:
    return "line", as_json({"destination": "U0", "events": list(events)})


def line_event(number: int, form: str, **more: Any) -> dict[str, Any]:
    source = {"type": "group", "groupId": "C1", "userId": "Uann"}
    return {
        "type": form,
        "timestamp": 1700000000000 + number,
        "webhookEventId": f"e{number}",
        "source": source,
        **more,
    }


def test_line_becomes_a_group_with_members_and_a_withdrawal(post: Callable[..., list[int]]) -> None:
    said = line_event(2, "message", message={"type": "text", "id": "m", "text": "hi"})
    joined = line_event(1, "memberJoined", joined={"members": [{"userId": "Uann"}, {"userId": "Ubob"}]})
    alone = {"type": "user", "userId": "Uann"}
    stop = line_event(3, "message", source=alone, message={"type": "text", "id": "n", "text": "退订"})
    left = line_event(4, "memberLeft", left={"members": [{"userId": "Ubob"}]})
    assert post(line(joined, said), line(joined, said), line(stop, left), line()) == [200] * 4
    hear()
    assert asked("SELECT external_id, kind FROM chat_group") == [("C1", "group")]
    states = "SELECT f.external_id, m.left_at IS NULL, m.heard_at IS NULL"
    assert sorted(asked(f"{states} FROM group_member m JOIN fan f ON f.id = m.fan")) == [
        ("Uann", True, False),
        ("Ubob", False, True),
    ]
    state = asked("SELECT purpose, channel, granted FROM consent_state ORDER BY purpose", RELATIONSHIP)
    assert state == [("engage", "any", False), ("sell", "any", False)]
    assert asked("SELECT sum(activities)::int FROM inbox") == [(6,)]


def test_telegram_follows_by_a_deep_link_and_leaves_by_a_block(post: Callable[..., list[int]]) -> None:
    sender = {"id": 7, "is_bot": False, "first_name": "Ann"}
    chat = {"id": 7, "type": "private"}
    start = {"message_id": 1, "date": 1700000000, "chat": chat, "from": sender, "text": "/start store"}
    block = {"chat": chat, "date": 1700000100, "new_chat_member": {"status": "kicked", "user": {"id": 9}}}
    updates = [{"update_id": 1, "message": start}, {"update_id": 2, "my_chat_member": block}]
    assert post(*(("telegram", as_json(one)) for one in updates)) == [200, 200]
    hear()
    assert asked("SELECT name, unfollowed_at > followed_at FROM fan") == [("Ann", True)]
    assert asked("SELECT follows FROM following", RELATIONSHIP) == [(False,)]


def test_whatsapp_keeps_phone_and_scoped_id_apart_and_linkable(post: Callable[..., list[int]]) -> None:
    def body(number: int, contact: dict[str, Any], **sent: Any) -> tuple[str, bytes]:
        message = {
            "id": f"w{number}",
            "timestamp": "1700000000",
            "type": "text",
            "text": {"body": "x"},
            **sent,
        }
        value = {"contacts": [contact], "messages": [message]}
        return "whatsapp", as_json({"entry": [{"changes": [{"field": "messages", "value": value}]}]})

    phone = {"wa_id": "8613800138000", "profile": {"name": "Ann"}}
    assert post(body(1, phone), body(2, {**phone, "user_id": "CN.1"})) == [200, 200]
    hear()
    assert asked("SELECT external_id FROM fan ORDER BY 1") == [("8613800138000",), ("CN.1",)]
    assert asked("SELECT count(DISTINCT key), count(*) FROM contact_key WHERE kind = 'phone'") == [(1, 2)]


def test_an_email_reply_is_an_activity_and_its_words_are_nowhere(post: Callable[..., list[int]]) -> None:
    raw_letter = (
        b"From: Ann <ann@example.org>\r\nMessage-ID: <1@x>\r\nIn-Reply-To: <s@x>\r\n\r\nplanted-words\r\n"
    )
    assert post(("email", raw_letter), ("email", raw_letter)) == [200, 200]
    hear()
    assert asked("SELECT external_id, name FROM fan") == [("ann@example.org", "Ann")]
    assert not asked("SELECT 1 FROM inbox WHERE position('planted-words'::bytea IN body) > 0")


def test_what_is_unknown_is_acknowledged_and_kept_and_what_is_not_signed_is_refused(
    post: Callable[..., list[int]],
) -> None:
    assert post(line({"type": "new", "webhookEventId": "x"})) == [200]
    assert asked("SELECT position, reason FROM quarantine") == [("events[0]", "kind_unknown")]
    assert post(line(), headers={"x-line-signature": "wrong"}) == [403]
    assert asked("SELECT count(*) FROM inbox WHERE activities > 0") == [(0,)]
