"""Hears X: the challenge (CRC), then what the account's two interfaces push, signed over the raw body.

What people write is not kept, so there is nothing to delete when they delete it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from guanxi.channels.hook import Heard, HookAnswer, HookRequest, Kept, Replies
from guanxi.channels.reading import (
    RAW_MAX,
    Object,
    Part,
    as_text,
    each_at,
    heard_of,
    object_at,
    read_object,
    text_at,
)
from guanxi.channels.x.activities import READERS, SILENT, About, names_in, note_of_account
from guanxi.channels.x.pushes import named_user, told_in
from guanxi.channels.x.signing import HEADER, crc_answer, is_signed
from guanxi.vocabulary.reasons import Refused

_JSON = "application/json"
_USERS_KEPT_MAX = 20
_AROUND = frozenset({"users", "apps"})


@dataclass(frozen=True, slots=True)
class XInbound:
    """One account of X."""

    consumer_secret: str = field(repr=False)
    user_id: str = ""

    def hear(self, request: HookRequest, replies: Replies) -> Heard:
        """What the activities tell, or the answer to the challenge."""
        if request.method == "GET":
            return _challenged(request.query, self.consumer_secret)
        if not is_signed(self.consumer_secret, request.headers.get(HEADER, ""), request.body):
            raise Refused("signature_wrong", "x")
        return self._heard(read_object(request.body), request.received_at)

    def read_again(self, kept: Kept) -> Heard:
        """What an activity tells that was kept with whose account it is and the names it came with."""
        return self._heard(read_object(kept.raw.encode()), kept.received_at)

    def _heard(self, body: Object, received_at: datetime) -> Heard:
        push = object_at(body, "data")
        named = text_at(body, "for_user_id") or named_user(push)
        if self.user_id and named and named != self.user_id:
            raise Refused("message_for_another", "x")
        brand = self.user_id or named
        if push:
            return heard_of(HookAnswer(), [("data", _pushed(push), told_in(push, brand, received_at))])
        about = About(brand, received_at, names_in(body))
        return heard_of(HookAnswer(), _parts(body, about, received_at))


def open_inbound(settings: Mapping[str, str]) -> XInbound:
    """An account that hears under its app's secret."""
    if not settings.get("consumer_secret"):
        raise Refused("setting_missing", "consumer_secret")
    return XInbound(settings["consumer_secret"], settings.get("user_id", ""))


def _challenged(query: Mapping[str, str], secret: str) -> Heard:
    if not query.get("crc_token"):
        raise Refused("signature_wrong", "x")
    answer = json.dumps(crc_answer(secret, query["crc_token"]))
    return Heard(HookAnswer(body=answer.encode(), content_type=_JSON))


def _parts(body: Object, about: About, received_at: datetime) -> Iterator[Part]:
    for name, value in body.items():
        if isinstance(value, list) and name not in SILENT:
            read = READERS.get(name)
            for place, one in enumerate(each_at(body, name)):
                yield f"{name}[{place}]", _alone(body, name, one), read(one, about) if read else None
        elif name == "user_event":
            yield name, {name: object_at(body, name)}, note_of_account(object_at(body, name), received_at)
        elif isinstance(value, dict) and name not in _AROUND:
            yield name, {"for_user_id": text_at(body, "for_user_id"), name: object_at(body, name)}, None


def _pushed(push: Object) -> Object:
    """The push as it came; what it only adds is left out where all of it would be too long to keep."""
    whole = {"data": push}
    if len(as_text(whole)) < RAW_MAX:
        return whole
    return {"data": {name: value for name, value in push.items() if name != "includes"}}


def _alone(body: Object, name: str, part: Object) -> Object:
    """The part with what its reading needs of the request around it."""
    users = object_at(body, "users")
    named = {"users": users} if 0 < len(users) <= _USERS_KEPT_MAX else {}
    return {"for_user_id": text_at(body, "for_user_id"), **named, name: [part]}
