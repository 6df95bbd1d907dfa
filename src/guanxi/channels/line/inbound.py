"""Hears LINE: events of the Messaging API, signed over the raw body, each counted once by its own id.

What people write is not kept, so there is nothing to delete when they unsend it. A group's name is not told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from guanxi.channels.hook import Heard, HookAnswer, HookRequest, Kept, Replies, Told
from guanxi.channels.line.signing import HEADER, is_signed
from guanxi.channels.opt_out import with_opt_out
from guanxi.channels.reading import (
    Object,
    Part,
    each_at,
    group_words,
    heard_of,
    moment_at,
    object_at,
    read_object,
    text_at,
)
from guanxi.vocabulary.activity import Kind
from guanxi.vocabulary.reasons import Refused

Reader = Callable[[Told, Object], Sequence[Told]]
_GROUPS = {"group": "groupId", "room": "roomId"}


@dataclass(frozen=True, slots=True)
class LineInbound:
    """One channel of LINE."""

    channel_secret: str = field(repr=False)

    def hear(self, request: HookRequest, replies: Replies) -> Heard:
        """What the events tell; the platform's own check posts none and is answered like any."""
        if not is_signed(self.channel_secret, request.headers.get(HEADER.lower(), ""), request.body):
            raise Refused("signature_wrong", "line")
        body = read_object(request.body)
        return heard_of(HookAnswer(), _parts(body, request.received_at))

    def read_again(self, kept: Kept) -> Heard:
        """What an event tells that was kept by itself."""
        event = read_object(kept.raw.encode())
        return heard_of(HookAnswer(), _parts({"events": [event]}, kept.received_at))


def open_inbound(settings: Mapping[str, str]) -> LineInbound:
    """A channel that hears under its secret."""
    if not settings.get("channel_secret"):
        raise Refused("setting_missing", "channel_secret")
    return LineInbound(settings["channel_secret"])


def _parts(body: Object, received_at: datetime) -> Iterator[Part]:
    for place, event in enumerate(each_at(body, "events")):
        read = _READERS.get(text_at(event, "type"))
        found = read(_begun(event, received_at), event) if read else None
        yield f"events[{place}]", event, found


def _begun(event: Object, received_at: datetime) -> Told:
    """What every event tells; its kind is still to be said."""
    source = object_at(event, "source")
    group = _group(source)
    return Told(
        Kind.NOTED,
        text_at(source, "userId"),
        moment_at(event, "timestamp", otherwise=received_at, per_second=1000),
        text_at(event, "webhookEventId"),
        traits=group_words(group, kind=text_at(source, "type")) if group else None,
    )


def _group(source: Object) -> str:
    return text_at(source, _GROUPS.get(text_at(source, "type"), ""))


def _more(told: Told, **traits: Any) -> dict[str, Any]:
    return {
        **(told.traits or {}),
        **{name: value for name, value in traits.items() if value not in ("", None)},
    }


def _message(told: Told, event: Object) -> Sequence[Told]:
    message = object_at(event, "message")
    form, quoted = text_at(message, "type"), text_at(message, "quotedMessageId")
    said = replace(
        told,
        kind=Kind.MESSAGED,
        reference=text_at(message, "id") or None,
        traits=_more(told, form=form, answers=quoted),
    )
    return with_opt_out(said, text_at(message, "text") if form == "text" else "")


def _clicked(told: Told, event: Object) -> Sequence[Told]:
    pressed = text_at(event, "postback", "data")
    return (replace(told, kind=Kind.CLICKED, reference=pressed or None, traits=_more(told, by="postback")),)


def _viewed(told: Told, event: Object) -> Sequence[Told]:
    seen = text_at(event, "videoPlayComplete", "trackingId")
    return (replace(told, kind=Kind.VIEWED, reference=seen or None, traits=_more(told, form="video")),)


def _followed(told: Told, event: Object) -> Sequence[Told]:
    again = object_at(event, "follow").get("isUnblocked") is True
    return (replace(told, kind=Kind.FOLLOWED, traits={"again": True} if again else None),)


def _unfollowed(told: Told, _: Object) -> Sequence[Told]:
    return (replace(told, kind=Kind.UNFOLLOWED, traits=None),)


def _members(kind: Kind, where: str) -> Reader:
    def read(told: Told, event: Object) -> Sequence[Told]:
        group = _group(object_at(event, "source"))
        members = (text_at(member, "userId") for member in each_at(event, where, "members"))
        return [
            replace(told, kind=kind, actor=member, identity=f"{told.identity}:{member}", reference=group)
            for member in members
            if member and group
        ]

    return read


def _noted(notice: str, *reference: str, alarm: bool = False, **traits: tuple[str, ...]) -> Reader:
    def read(told: Told, event: Object) -> Sequence[Told]:
        stated = {name: text_at(event, *path) for name, path in traits.items()}
        found = _more(told, notice=notice, alarm=alarm or None, **stated)
        group = _group(object_at(event, "source"))
        pointed = text_at(event, *reference) if reference else group
        return (replace(told, reference=pointed or None, traits=found),)

    return read


_READERS: dict[str, Reader] = {
    "message": _message,
    "unsend": _noted("unsent", "unsend", "messageId"),
    "follow": _followed,
    "unfollow": _unfollowed,
    "join": _noted("group_opened"),
    "leave": _noted("group_closed"),
    "memberJoined": _members(Kind.JOINED, "joined"),
    "memberLeft": _members(Kind.LEFT, "left"),
    "postback": _clicked,
    "videoPlayComplete": _viewed,
    "beacon": _noted("beacon", how=("beacon", "type")),
    "accountLink": _noted("account_link", "link", "nonce", result=("link", "result")),
    "membership": _noted("membership", "membership", "membershipId", how=("membership", "type")),
    "module": _noted("module", "module", "moduleId", how=("module", "type")),
    "activated": _noted("activated"),
    "deactivated": _noted("deactivated", alarm=True),
    "botSuspended": _noted("botSuspended", alarm=True),
    "botResumed": _noted("botResumed"),
    "delivery": _noted("delivery", "delivery", "data"),
}
