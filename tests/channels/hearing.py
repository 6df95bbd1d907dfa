"""Requests as platforms send them, and what is told of them in short."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from guanxi.channels.hook import Heard, HookRequest, Inbound, ReplyOn, Told
from guanxi.vocabulary.reasons import Refused

CAME_AT = datetime(2026, 11, 22, 4, tzinfo=UTC)


def silent(on: ReplyOn, words: str) -> str | None:
    return None


def as_json(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


def posted(body: bytes, headers: Mapping[str, str], query: Mapping[str, str] | None = None) -> HookRequest:
    return HookRequest("POST", query or {}, {n.lower(): v for n, v in headers.items()}, body, CAME_AT)


def asked(query: Mapping[str, str]) -> HookRequest:
    return HookRequest("GET", query, {}, b"", CAME_AT)


def in_short(heard: Heard) -> list[tuple[Any, ...]]:
    return [(one.kind.value, one.actor, one.reference) for one in heard.told]


def of_kind(heard: Heard, kind: str) -> list[Told]:
    return [one for one in heard.told if one.kind == kind]


def assert_refused(inbound: Inbound, request: HookRequest, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        inbound.hear(request, silent)
    assert refusal.value.code == code


def assert_identities_differ(heard: Heard) -> None:
    named = [one.identity for one in heard.told if one.identity]
    assert len(named) == len(set(named))
