"""Whatever comes, the rules refuse and never break: bodies, zipped bodies, keys, signatures of every platform."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from guanxi.channels.hook import HookRequest
from guanxi.channels.line import signing as line
from guanxi.channels.registry import can_hear, open_inbound, settings_of
from guanxi.channels.telegram import signing as telegram
from guanxi.channels.wechat import signing as wechat
from guanxi.channels.whatsapp import signing as whatsapp
from guanxi.listen.door.http import Request, unpacked
from guanxi.listen.track.body import Call, read_batch, read_single
from guanxi.listen.track.reading import Sender, sort_events
from guanxi.listen.track.senders import Known
from guanxi.vocabulary.platform import Platform
from guanxi.vocabulary.reasons import Refused

NOW = datetime(2026, 11, 22, tzinfo=UTC)
SENDER = Sender("track:site", "web", "main")
WORDS = [
    b"{",
    b"}",
    b"[",
    b"]",
    b'"',
    b":",
    b",",
    b"\\u0000",
    b"\\ud83d",
    b"null",
    b"-1e999",
    b"\xff\xfe",
    b"\x00",
]
SECRET = "k" * 43
XML = (
    b"<xml><ToUserName><![CDATA[b]]></ToUserName><FromUserName>ann</FromUserName><CreateTime>1790000000"
    b"</CreateTime><MsgType>event</MsgType><Event>SCAN</Event><EventKey>7</EventKey><A>&x;</A></xml>"
)
SAID = {"id": "m", "type": "text", "text": "stop"}
BY = {"type": "group", "userId": "ann", "groupId": "g"}
LINE = {
    "destination": "b",
    "events": [
        {"type": "message", "webhookEventId": "e1", "timestamp": 1790000000000, "source": BY, "message": SAID}
    ],
}
VALUE = {
    "metadata": {"phone_number_id": SECRET},
    "contacts": [{"wa_id": "1", "profile": {"name": "x"}}],
    "messages": [{"id": "w", "from": "1", "timestamp": "1790000000", "type": "text", "text": {"body": "hi"}}],
}
WHATSAPP = {
    "object": "whatsapp_business_account",
    "entry": [{"id": "1", "changes": [{"field": "messages", "value": VALUE}]}],
}
TELEGRAM = {
    "update_id": 1,
    "message": {
        "message_id": 2,
        "date": 1790000000,
        "from": {"id": 3, "first_name": "x"},
        "chat": {"id": -4, "type": "group", "title": "g"},
        "text": "/stop",
    },
}
SAMPLES = {
    Platform.WECHAT: XML,
    Platform.WECOM: XML,
    Platform.LINE: json.dumps(LINE).encode(),
    Platform.WHATSAPP: json.dumps(WHATSAPP).encode(),
    Platform.TELEGRAM: json.dumps(TELEGRAM).encode(),
}
EVENT = {
    "type": "track",
    "event": "Order Completed",
    "messageId": "m1",
    "userId": "ann",
    "timestamp": "2026-10-01T00:00:00Z",
    "sentAt": "2026-10-01T00:00:01Z",
    "properties": {"total": "9.90", "currency": "EUR", "products": [{"quantity": 2}]},
    "traits": {"name": "x"},
    "context": {"campaign": {"name": "autumn"}, "page": {"url": "https://a/b"}},
    "groupId": 7,
    "previousId": None,
}
VALUES: tuple[Any, ...] = (
    None,
    True,
    -1,
    10**30,
    1e308,
    "",
    "\0",
    "x" * 300,
    "9999-12-31",
    "0001-01-01T00:00:00+23:59",
    [],
    {},
    [[]],
)
Try = Callable[[bytes], object]


def odd_body(rng: random.Random) -> bytes:
    """A body that is nearly right: values of other types, bytes cut, doubled, changed, strewn in."""
    told = dict(EVENT)
    for _ in range(rng.randrange(4)):
        told[rng.choice(list(EVENT))] = rng.choice(VALUES)
    told["type"] = rng.choice(["track", "identify", "page", "group", "alias", "screen", "", 7])
    return json.dumps(
        told if rng.random() < 0.5 else {"batch": [told, rng.choice(VALUES)], "sentAt": rng.choice(VALUES)}
    ).encode()


def spoiled(body: bytes, rng: random.Random) -> bytes:
    for _ in range(rng.randrange(4)):
        place = rng.randrange(len(body) + 1)
        match rng.randrange(4):
            case 0:
                body = body[:place] + body[place + rng.randrange(1, 9) :]
            case 1:
                body = body[:place] + rng.choice(WORDS) + body[place:]
            case 2:
                body = body[:place] + rng.randbytes(rng.randrange(1, 5)) + body[place + 1 :]
            case _:
                body = body[:place] + body[place // 2 :]
    return body


def track(body: bytes) -> object:
    calls: list[Call] = []
    for read in (read_batch, lambda raw: read_single(raw, "track"), lambda raw: read_single(raw, "alias")):
        try:
            calls.append(read(body))
        except Refused:
            continue
    return [sort_events(call, SENDER, {}, NOW) for call in calls]


def zipped(body: bytes) -> object:
    return unpacked(Request("POST", "/", {}, {"content-encoding": "gzip"}, body, NOW, ""), 10_000)


def keyed(body: bytes) -> object:
    return Known({}, {}).sender("Basic " + body.decode("latin-1"), body.decode("utf-8", "replace"))


def hook(platform: str) -> Try:
    """The platform's reader; every other body carries the signature that it must have."""
    settings = {
        one.name: one.default or (next(iter(one.choices)) if one.choices else SECRET)
        for one in settings_of(platform)
    }
    inbound = open_inbound(platform, settings)

    def heard(body: bytes) -> object:
        text = body.decode("latin-1")[:200]
        query = dict.fromkeys(
            ("signature", "msg_signature", "timestamp", "nonce", "echostr", "crc_token"), text
        )
        headers = {"content-type": "text/xml", "x-line-signature": text}
        if len(body) % 2:
            query |= {"signature": wechat.signature(SECRET, text, text)}
            headers |= {
                line.HEADER.lower(): line.signature(SECRET, body),
                whatsapp.HEADER.lower(): whatsapp.signature(SECRET, body),
                telegram.HEADER.lower(): SECRET,
            }
        request = HookRequest("POST" if len(body) % 5 else "GET", query, headers, body, NOW)
        return inbound.hear(request, lambda on, words: None)

    return heard


def tries() -> Iterator[tuple[str, Try, bytes | None]]:
    yield "track", track, None
    yield "gzip", zipped, gzip.compress(json.dumps(EVENT).encode() * 3)
    yield "key", keyed, b"d29yZDo="
    for platform in Platform:
        if can_hear(platform):
            yield platform.value, hook(platform), SAMPLES.get(platform)


def fuzz(inputs: int, seed: int) -> dict[str, int]:
    """So many inputs over every parser; anything but an answer or a refusal is a failure."""
    rng = random.Random(seed)
    parsers = list(tries())
    refused = 0
    for number in range(inputs):
        name, attempt, sample = parsers[number % len(parsers)]
        body = spoiled(sample if sample is not None else odd_body(rng), rng)
        try:
            attempt(body)
        except Refused:
            refused += 1
        except Exception as error:
            raise AssertionError(f"{name} broke on {body!r} (seed {seed}, input {number})") from error
    return {"inputs": inputs, "parsers": len(parsers), "refused": refused}


def test_a_few_thousand_odd_inputs_break_no_parser() -> None:
    fuzz(4_000, seed=1)


@pytest.mark.soak
def test_ten_million_odd_inputs_break_no_parser(record_property: Callable[[str, object], None]) -> None:
    for name, figure in fuzz(10_000_000, seed=2).items():
        record_property(name, figure)
