"""Reads the bodies that Segment clients send: one call or a batch of them, each event by itself.

An event that breaks the measure or the form is set aside with its reason and costs no other event. Refuses a
body whose frame cannot be read.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec

from guanxi.vocabulary.reasons import Refused
from guanxi.vocabulary.time import aware

EVENT_BYTES_MAX = 32_768
EVENTS_MAX = 2_500

Properties = dict[str, Any]


class UtmCampaign(msgspec.Struct, gc=False):
    """The campaign that brought a visitor to the page."""

    name: str | None = None


class Page(msgspec.Struct, gc=False):
    """Where the visitor was."""

    url: str | None = None


class Context(msgspec.Struct, gc=False):
    """What a client's library says of the circumstances, as far as it is used."""

    campaign: UtmCampaign | None = None
    page: Page | None = None


class Event(msgspec.Struct, gc=False, rename="camel"):
    """One call of the specification; what is not named here is not used."""

    type: str = ""
    event: str = ""
    message_id: str = ""
    user_id: str | int | None = None
    anonymous_id: str | int | None = None
    previous_id: str | int | None = None
    group_id: str | int | None = None
    timestamp: datetime | None = None
    name: str | None = None
    properties: Properties | None = None
    traits: Properties | None = None
    context: Context | None = None
    sent_at: datetime | None = None
    write_key: str | None = None


class _Batch(msgspec.Struct, gc=False, rename="camel"):
    batch: list[msgspec.Raw]
    sent_at: Any = None
    write_key: Any = None


@dataclass(slots=True)
class Call:
    """What one request holds: its events with the bytes they came as, and what could not be read as one."""

    events: list[tuple[Event, bytes]] = field(default_factory=list)
    unread: list[tuple[str, str, bytes]] = field(default_factory=list)
    sent_at: datetime | None = None
    write_key: str = ""


_read_event = msgspec.json.Decoder(Event).decode
_read_batch = msgspec.json.Decoder(_Batch).decode
_read_anything = msgspec.json.Decoder().decode


def read_batch(body: bytes) -> Call:
    """The events of a batch, in order.

    Raises:
        Refused: ``body_unreadable`` where it is no batch, ``too_many_events`` where it holds too many.
    """
    try:
        found = _read_batch(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused("body_unreadable", "batch") from None
    if len(found.batch) > EVENTS_MAX:
        raise Refused("too_many_events", str(len(found.batch)))
    call = Call(sent_at=_moment_or_none(found.sent_at), write_key=_word(found.write_key))
    for place, raw in enumerate(found.batch):
        _add(call, bytes(raw), str(place))
    return call


def read_single(body: bytes, call_type: str) -> Call:
    """The one event of a call whose address says what it is."""
    call = Call()
    _add(call, body, "0")
    for event, _ in call.events:
        event.type = call_type
        call.sent_at, call.write_key = event.sent_at, event.write_key or ""
    if call.unread and not _is_object(body):
        raise Refused("body_unreadable", "json")
    return call


def _add(call: Call, raw: bytes, place: str) -> None:
    if len(raw) > EVENT_BYTES_MAX:
        call.unread.append((place, "event_too_large", raw))
        return
    try:
        call.events.append((event_of(raw), raw))
    except Refused as refused:
        call.unread.append((place, refused.code, raw))


def event_of(raw: bytes) -> Event:
    """One event, of whatever types its values are; refused where it is none."""
    try:
        return _read_event(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _leniently(raw)


def _is_object(body: bytes) -> bool:
    """Whether it can be kept as an event at all: an object, if a large or a wrong one."""
    try:
        return isinstance(_read_anything(body), dict)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False


def _leniently(raw: bytes) -> Event:
    """An event whose values have unexpected types, as far as they can be understood."""
    found = read_object(raw)
    page, campaign = (_object(_object(found.get("context")).get(name)) for name in ("page", "campaign"))
    return Event(
        type=_word(found.get("type")),
        event=_word(found.get("event")),
        message_id=_word(found.get("messageId")),
        user_id=_word(found.get("userId")),
        anonymous_id=_word(found.get("anonymousId")),
        previous_id=_word(found.get("previousId")),
        group_id=_word(found.get("groupId")),
        timestamp=moment_of(found.get("timestamp")),
        name=_word(found.get("name")),
        properties=_object(found.get("properties")),
        traits=_object(found.get("traits")),
        context=Context(UtmCampaign(_word(campaign.get("name"))), Page(_word(page.get("url")))),
        sent_at=_moment_or_none(found.get("sentAt")),
        write_key=_word(found.get("writeKey")),
    )


def read_object(raw: bytes) -> dict[str, Any]:
    """The event as an object; refused where it is none."""
    try:
        found = _read_anything(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        found = _with_half_characters(raw)
    if not isinstance(found, dict):
        raise Refused("event_unreadable")
    return found


def _with_half_characters(raw: bytes) -> object:
    """Clients cut texts in the middle of an emoji: half of one must not cost the event."""
    try:
        whole = json.dumps(json.loads(raw), ensure_ascii=False).encode(errors="replace")
        return _read_anything(whole)
    except (ValueError, RecursionError):
        raise Refused("event_unreadable") from None


def canonical(raw: bytes) -> bytes:
    """The event's text in which only what it tells counts: what it was sent with and when is left out."""
    found = read_object(raw)
    told = {name: value for name, value in found.items() if name not in ("sentAt", "writeKey")}
    return json.dumps(told, sort_keys=True).encode()


def moment_of(value: object) -> datetime | None:
    """The moment that a text names, as UTC where it names no zone; refused where it names none.

    >>> moment_of("2026-10-01 08:00").isoformat()
    '2026-10-01T08:00:00+00:00'
    """
    if value is None or value == "":
        return None
    try:
        moment = datetime.fromisoformat(str(value).strip())
        return aware(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        raise Refused("time_unreadable", str(value)[:100]) from None


def _moment_or_none(value: object) -> datetime | None:
    try:
        return moment_of(value)
    except Refused:
        return None


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _word(value: object) -> str:
    """A text or a number as text; anything else names nothing."""
    return value if isinstance(value, str) else str(value) if type(value) in (int, float) else ""
