"""Hears WeCom: the encrypted address check, then encrypted changes of external contacts and their groups.

A push names neither a contact's name nor tags; those are asked for from the platform. Pushes have no id of their
own and are encrypted anew each time, so each is known by what it says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from guanxi.channels.hook import Heard, HookAnswer, HookRequest, Kept, Replies, Told
from guanxi.channels.reading import heard_of
from guanxi.channels.wechat.document import Document, read_document, text_at
from guanxi.channels.wecom.changes import told_in
from guanxi.channels.wecom.signing import open_push
from guanxi.vocabulary.reasons import Refused


@dataclass(frozen=True, slots=True)
class WeComInbound:
    """One corporation of WeCom."""

    corp_id: str
    token: str = field(repr=False)
    aes_key: str = field(repr=False)

    def hear(self, request: HookRequest, replies: Replies) -> Heard:
        """What the push tells, or the decrypted answer to the address check."""
        if request.method == "GET":
            return Heard(HookAnswer(body=self._opened(request.query, request.query.get("echostr", ""))))
        sealed = text_at(read_document(request.body), "encrypt")
        plain = self._opened(request.query, sealed)
        return _heard(read_document(plain), hashlib.sha256(plain).hexdigest(), request.received_at)

    def read_again(self, kept: Kept) -> Heard:
        """What a push tells that was kept in the clear."""
        return _heard(read_document(kept.raw.encode()), kept.identity, kept.received_at)

    def _opened(self, query: Mapping[str, str], sealed: str) -> bytes:
        signature, timestamp, nonce = (query.get(n, "") for n in ("msg_signature", "timestamp", "nonce"))
        return open_push(signature, self.token, self.aes_key, self.corp_id, timestamp, nonce, sealed)


def open_inbound(settings: Mapping[str, str]) -> WeComInbound:
    """A corporation that hears under its token and key."""
    for name in ("corp_id", "token", "aes_key"):
        if not settings.get(name):
            raise Refused("setting_missing", name)
    return WeComInbound(settings["corp_id"], settings["token"], settings["aes_key"])


def _heard(push: Document, content: str, received_at: datetime) -> Heard:
    found = told_in(push, received_at)
    told = None if found is None else _numbered(found, content)
    heard = heard_of(HookAnswer(), [("push", push, told)])
    return replace(heard, unread=tuple(replace(one, identity=content) for one in heard.unread))


def _numbered(told: list[Told], content: str) -> list[Told]:
    return [replace(one, identity=f"{content}:{place}") for place, one in enumerate(told)]
