"""Turns an authenticated push into activities by the tables `messages` and `events`.

Pure. What no table knows is kept as it came and never raised; what names nobody is kept likewise. A place is
left out unless the account keeps places, and then it is rounded before anything else sees it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from guanxi.channels.hook import ReplyOn, Told, Unread
from guanxi.channels.opt_out import with_opt_out
from guanxi.channels.wechat.document import Document, each_at, text_at
from guanxi.channels.wechat.entry import Entry, Who
from guanxi.channels.wechat.events import EVENTS, REVOKED
from guanxi.channels.wechat.messages import MESSAGES

_QR = "qrscene_"
_IDENTITY = ("event", "fromusername", "createtime", "eventkey", "openid", "msgid")
_PLACES = (
    ("location_x", "location_y"),
    ("latitude", "longitude"),
    ("sendlocationinfo.location_x", "sendlocationinfo.location_y"),
)
_COARSE_DIGITS = 1
_TRAIT_MAX = 4_000
_REFERENCE_MAX = 1_024
_EARLIEST = datetime(2011, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Push:
    """A push whose sender is known to be the platform; ``payload_hash`` is of the decrypted text."""

    document: Document
    raw: str
    payload_hash: str
    received_at: datetime
    keep_places: bool


@dataclass(frozen=True, slots=True)
class Read:
    """What a push tells, and what a passive reply to it would answer."""

    told: tuple[Told, ...] = ()
    unread: tuple[Unread, ...] = ()
    reply_on: ReplyOn | None = None
    reply_words: str = ""


def read_push(push: Push) -> Read:
    """What the tables make of a push."""
    name, entry = _entry(push.document)
    if entry is None:
        return Read(unread=(Unread(name, "event_unknown", push.raw, push.payload_hash),))
    fields = _with_derived(push)
    if entry.needs and not text_at(fields, entry.needs):
        return Read()
    told = tuple(_told(push, entry, fields))
    if not told or any(one.actor == "" and entry.who is not Who.NOBODY for one in told):
        reason = "actor_missing" if told else "event_unknown"
        return Read(unread=(Unread(name, reason, push.raw, push.payload_hash),))
    words = text_at(fields, entry.reply_words) if entry.reply_words else ""
    return Read(tuple(_with_opt_outs(told)), (), entry.reply_on, words)


def _with_opt_outs(told: tuple[Told, ...]) -> Iterator[Told]:
    """What was written or said aloud may ask to be left alone, and counts at once."""
    for one in told:
        yield from with_opt_out(one, (one.traits or {}).get("text", ""))


def _entry(document: Document) -> tuple[str, Entry | None]:
    form = text_at(document, "msgtype").lower()
    if form == "event":
        event = text_at(document, "event").lower()
        return f"event {event}", EVENTS.get(event)
    if form == "text" and text_at(document, "bizmsgmenuid"):
        form = "menu_text"
    return f"message {form}", MESSAGES.get(form)


def _told(push: Push, entry: Entry, fields: Document) -> Iterator[Told]:
    identity = _identity(push)
    for item in each_at(fields, entry.each) if entry.each else [{}]:
        merged = {**fields, **item}
        kind = entry.kinds.get(text_at(merged, entry.choose).lower()) if entry.choose else entry.kind
        if kind is None:
            continue
        yield Told(
            kind=kind,
            actor=text_at(merged, entry.who.value) if entry.who is not Who.NOBODY else "",
            happened_at=_moment(text_at(merged, "createtime"), push.received_at),
            identity=_of_item(identity, item),
            content=_text_or_none(merged, entry.content),
            reference=_text_or_none(merged, entry.reference),
            traits=_traits(entry, merged) or None,
        )


def _identity(push: Push) -> str:
    """The platform's message id; else what tells two events apart; else the whole payload."""
    document = push.document
    is_event = text_at(document, "msgtype").lower() == "event"
    message = text_at(document, "msgid")
    if message and not is_event:
        return f"message {message}"
    names_somebody = text_at(document, "fromusername") or text_at(document, "openid")
    if is_event and names_somebody and text_at(document, "createtime"):
        return "event " + "\x1f".join(text_at(document, name) for name in _IDENTITY)
    return f"payload {push.payload_hash}"


def _of_item(identity: str, item: Document) -> str:
    parts = [text_at(item, name) for name in ("templateid", "msgid") if text_at(item, name)]
    return "\x1f".join([identity, *parts])


def _traits(entry: Entry, fields: Document) -> dict[str, Any]:
    found: dict[str, Any] = dict(entry.says)
    for name, path in entry.traits.items():
        value = fields.get(path) if path in _LISTS else text_at(fields, path)[:_TRAIT_MAX]
        room, _, inner = name.rpartition(".")
        if value:
            (found.setdefault(room, {}) if room else found)[inner] = value
    return found


def _with_derived(push: Push) -> Mapping[str, Any]:
    """The push's fields and what follows from them; derived names hide nothing that the platform sends."""
    document = {name: value for name, value in push.document.items() if name not in _DERIVED}
    key = text_at(document, "eventkey")
    is_scan = text_at(document, "event").lower() == "scan"
    scene = key if is_scan else key.removeprefix(_QR) if key.startswith(_QR) else ""
    revoked = list(_revoked(text_at(document, "revokeinfo")))
    article = [text_at(document, name) for name in ("msgdataid", "idx")]
    return {
        **document,
        "scene": scene,
        "brought_by": "" if scene else key,
        "article": "_".join(article) if all(article) else "",
        "place": _place(document) if push.keep_places else "",
        "revoked": revoked or ["all"],
        "modified": revoked or list(REVOKED["205"]),
        "everything": ["all"],
    }


_LISTS = frozenset({"revoked", "modified", "everything"})
_DERIVED = _LISTS | {"scene", "brought_by", "article", "place"}


def _revoked(codes: str) -> Iterator[str]:
    for code in re.findall(r"[0-9]+", codes):
        yield from REVOKED.get(code, ("all",))


def _place(document: Document) -> str:
    for north, east in _PLACES:
        try:
            latitude, longitude = (float(text_at(document, path)) for path in (north, east))
        except ValueError:
            continue
        if -90 <= latitude <= 90 and -180 <= longitude <= 180:
            return f"{latitude:.{_COARSE_DIGITS}f},{longitude:.{_COARSE_DIGITS}f}"
    return ""


def _moment(seconds: str, received_at: datetime) -> datetime:
    """By the platform's clock; the moment of receipt where that is absurd."""
    if not (seconds.isascii() and seconds.isdecimal() and len(seconds) <= 10):
        return received_at
    moment = datetime.fromtimestamp(int(seconds), UTC)
    return moment if _EARLIEST <= moment <= received_at + _AHEAD else received_at


def _text_or_none(fields: Document, path: str) -> str | None:
    return (text_at(fields, path)[:_REFERENCE_MAX] or None) if path else None
