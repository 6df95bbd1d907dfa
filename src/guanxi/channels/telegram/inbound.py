"""Hears Telegram: updates of a bot, admitted by the secret header, each counted once by `update_id`.

What people write is not kept. A deep link's payload comes with ``/start`` and is told as a scene.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from guanxi.channels.hook import Heard, HookAnswer, HookRequest, Kept, Replies, Told
from guanxi.channels.reading import Object, heard_of, read_object, text_at
from guanxi.channels.telegram.signing import HEADER, is_signed
from guanxi.channels.telegram.updates import READERS
from guanxi.vocabulary.activity import Kind
from guanxi.vocabulary.reasons import Refused


@dataclass(frozen=True, slots=True)
class TelegramInbound:
    """One bot of Telegram."""

    secret_token: str = field(repr=False)

    def hear(self, request: HookRequest, replies: Replies) -> Heard:
        """What the update tells."""
        if not is_signed(self.secret_token, request.headers.get(HEADER.lower(), "")):
            raise Refused("signature_wrong", "telegram")
        update = read_object(request.body)
        return heard_of(HookAnswer(), [("update", update, told_in(update, request.received_at))])

    def read_again(self, kept: Kept) -> Heard:
        """What an update tells that was kept."""
        update = read_object(kept.raw.encode())
        return heard_of(HookAnswer(), [("update", update, told_in(update, kept.received_at))])


def open_inbound(settings: Mapping[str, str]) -> TelegramInbound:
    """A bot that hears under its secret token."""
    if not settings.get("secret_token"):
        raise Refused("setting_missing", "secret_token")
    return TelegramInbound(settings["secret_token"])


def told_in(update: Object, received_at: datetime) -> Sequence[Told] | None:
    """What an update tells; None where its kind is not known."""
    begun = Told(Kind.NOTED, "", received_at, text_at(update, "update_id"))
    for name, read in READERS.items():
        found = update.get(name)
        if isinstance(found, dict):
            return list(_numbered(read(begun, found)))
    return None


def _numbered(told: Sequence[Told]) -> Iterator[Told]:
    """Several activities of one update are told apart by their place."""
    for place, one in enumerate(told):
        yield replace(one, identity=f"{one.identity}:{place}") if one.identity and place else one
