"""Whatever comes to a parser of the front door is read, kept or refused: nothing else is ever raised."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode

import pytest

from fuzzing import broken
from guanxi.channels.hook import HookRequest
from guanxi.channels.wechat.inbound import open_inbound
from guanxi.listen.shares.marks import read_token, write_token
from guanxi.listen.track_body import read_batch
from guanxi.listen.viewer import Viewer, read_viewer, sign_viewer
from guanxi.vocabulary.reasons import Refused
from wechat_pushes import AT, PUSHES, SETTINGS, as_json, as_xml, request, silent

PLAIN = open_inbound({**SETTINGS, "mode": "plain"})
SAFE = open_inbound({**SETTINGS, "mode": "safe"})
XML = [as_xml(fields) for fields, _ in PUSHES.values()]
JSON = [as_json(fields) for fields, _ in PUSHES.values()]
SEALED = [request(body, "safe") for body in (XML[0], JSON[0])]
KEY = b"k" * 32
Parser = Callable[[bytes], object]


def as_push(body: bytes) -> object:
    return PLAIN.hear(replace(OPEN, body=body), silent)


def as_sealed_push(body: bytes) -> object:
    return SAFE.hear(request(body, "safe"), silent)


def as_envelope(body: bytes) -> object:
    return SAFE.hear(replace(SEALED[0], body=body), silent)


def as_query(query: bytes) -> object:
    asked = dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True))
    sent = HookRequest("POST" if len(query) % 2 else "GET", asked, {}, SEALED[0].body, AT)
    return SAFE.hear(sent, silent)


def as_token(text: bytes) -> object:
    return read_token(KEY, text.decode("latin-1"))


def as_cookie(text: bytes) -> object:
    return read_viewer(KEY, text.decode("latin-1"), AT)


def as_batch(body: bytes) -> object:
    return read_batch(body)


OPEN = request(b"")
QUERIES = [urlencode(dict(one.query)).encode() for one in (OPEN, *SEALED)]
COOKIE = sign_viewer(KEY, Viewer("wechat", "main", "o1", datetime(2026, 11, 1, tzinfo=UTC))).encode()
BATCHES = [
    b'{"sentAt":"2026-11-01T12:00:00Z","batch":[{"type":"track","event":"Liked","messageId":"1","userId":"u",'
    b'"timestamp":"2026-11-01T11:59:00Z","properties":{"total":"1.50"}},{"type":"identify","traits":{"city":"x"}}]}'
]
# Each parser with what it is made for and its share of the inputs, in thousandths.
PARSERS: list[tuple[Parser, list[bytes], int]] = [
    (as_push, XML, 300),
    (as_push, JSON, 300),
    (as_sealed_push, [*XML, *JSON], 100),
    (as_envelope, [one.body for one in SEALED], 100),
    (as_query, QUERIES, 100),
    (as_token, [write_token(KEY, number).encode() for number in (0, -1, 2**62)], 40),
    (as_cookie, [COOKIE], 40),
    (as_batch, BATCHES, 20),
]


def fuzz(inputs: int, seed: int) -> int:
    """How many were refused; anything but an answer or a refusal is a find, and says what caused it."""
    refused = 0
    for parser, seeds, share in PARSERS:
        refused += _refused(parser, broken(seeds, inputs * share // 1000, seed))
    return refused


def _refused(parser: Parser, texts: Iterable[bytes]) -> int:
    refused = 0
    for text in texts:
        try:
            parser(text)
        except Refused:
            refused += 1
        except Exception as error:
            raise AssertionError(f"{parser.__name__}({text!r})") from error
    return refused


def test_ten_thousand_broken_inputs_are_answered_or_refused() -> None:
    refused = fuzz(10_000, seed=1)
    assert 1_000 < refused < 9_999


@pytest.mark.soak
def test_ten_million_broken_inputs_are_answered_or_refused(
    record_property: Callable[[str, object], None],
) -> None:
    began = time.monotonic()
    record_property("refused", fuzz(10_000_000, seed=int(began)))
    record_property("inputs_a_second", round(10_000_000 / (time.monotonic() - began)))
