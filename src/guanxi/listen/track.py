"""Turns what a Segment client sends into activities, by documented rules.

Pure: bodies in, rows out. Event names are matched without case; one that is not known is left to quarantine.
Source of the shapes: twilio.com/docs/segment/connections/spec.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from guanxi.listen.accept import Unreadable
from guanxi.vocabulary.activity import ACTIVITY_SCHEMA, BUYING, EITHER, Kind
from guanxi.vocabulary.money import to_minor
from guanxi.vocabulary.platform import Platform
from guanxi.vocabulary.reasons import Refused
from guanxi.vocabulary.time import aware

EVENTS: dict[str, Kind] = {
    "link clicked": Kind.CLICKED,
    "product viewed": Kind.VIEWED,
    "content viewed": Kind.VIEWED,
    "content liked": Kind.LIKED,
    "content commented": Kind.COMMENTED,
    "message received": Kind.MESSAGED,
    "content shared": Kind.SHARED,
    "product shared": Kind.SHARED,
    "share opened": Kind.OPENED,
    "followed": Kind.FOLLOWED,
    "unfollowed": Kind.UNFOLLOWED,
    "survey answered": Kind.ANSWERED,
    "event attended": Kind.ATTENDED,
    "consent granted": Kind.CONSENTED,
    "consent withdrawn": Kind.WITHDREW,
    "order completed": Kind.ORDERED,
    "order refunded": Kind.REFUNDED,
}
_AMOUNT_MAX = 10**14
Row = dict[str, Any]
_FACTS = ("gender", "city", "language", "birth_year")


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose write key came with a request: the source and the brand's account it speaks for."""

    source: str
    platform: str
    account: str


@dataclass(slots=True)
class Sorted:
    """A request's events: activities by whether they tell of buying, and what could not be read."""

    social: list[Row] = field(default_factory=list)
    customers: list[Row] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)


def sort_events(
    events: Iterable[Mapping[str, Any]], sender: Sender, received_at: datetime, sent_at: datetime | None
) -> Sorted:
    """Each event as an activity of its side, or as unreadable with its reason.

    A client's clock is corrected by what it says it sent at: ``timestamp + (received_at - sent_at)``.
    """
    skew = received_at - sent_at if sent_at is not None else timedelta(0)
    found = Sorted()
    for event in events:
        key = _key(sender, event)
        try:
            row = _activity(event, sender, received_at, skew)
        except Refused as refused:
            raw = json.dumps(event, ensure_ascii=False)
            found.unreadable.append(Unreadable(key, str(event.get("messageId", "")), refused.code, raw))
            continue
        row["key"] = key
        (found.customers if _of_customers(row["kind"], sender) else found.social).append(row)
    return found


def _of_customers(kind: str, sender: Sender) -> bool:
    return kind in BUYING or (kind in EITHER and sender.platform == Platform.SHOP)


def as_table(rows: list[Row]) -> pa.Table:
    """The rows as a table of activities."""
    return pa.Table.from_pylist(rows, schema=ACTIVITY_SCHEMA)


def _key(sender: Sender, event: Mapping[str, Any]) -> bytes:
    own = event.get("messageId") or json.dumps(event, sort_keys=True)
    return hashlib.blake2b(f"{sender.source}\0{own}".encode(), digest_size=16).digest()


def _activity(
    event: Mapping[str, Any], sender: Sender, received_at: datetime, skew: timedelta
) -> dict[str, Any]:
    actor = event.get("userId") or event.get("anonymousId")
    if not actor or not isinstance(actor, str | int):
        raise Refused("actor_missing")
    kind = _kind(event)
    properties = _mapping(event.get("properties"))
    row: dict[str, Any] = {
        "kind": kind.value,
        "platform": sender.platform,
        "account": sender.account,
        "actor": str(actor),
        "happened_at": _moment(event.get("timestamp"), received_at, skew),
        "through": _text(properties.get("through")),
        "content": _text(
            properties.get("content_id") or properties.get("product_id") or properties.get("url")
        ),
        "campaign": _text(properties.get("campaign")),
        "reference": _text(properties.get("order_id") or properties.get("token")),
        "traits": _traits(kind, event, properties),
    }
    if kind in (Kind.ORDERED, Kind.REFUNDED):
        row |= _money(properties)
    return row


def _kind(event: Mapping[str, Any]) -> Kind:
    match event.get("type"):
        case "identify":
            return Kind.IDENTIFIED
        case "page" | "screen":
            return Kind.VIEWED
        case "track":
            known = EVENTS.get(str(event.get("event", "")).strip().lower())
            if known is not None:
                return known
            raise Refused("event_unknown", str(event.get("event", "")))
    raise Refused("type_unknown", str(event.get("type")))


def _traits(kind: Kind, event: Mapping[str, Any], properties: Mapping[str, Any]) -> str | None:
    if kind in (Kind.CONSENTED, Kind.WITHDREW):
        return json.dumps({k: str(properties[k]) for k in ("purpose", "channel") if k in properties})
    if kind is not Kind.IDENTIFIED:
        return None
    traits = _mapping(event.get("traits"))
    kept: dict[str, Any] = {
        k: str(traits[k]) for k in ("phone", "email", "name", "union_id") if traits.get(k)
    }
    kept["facts"] = {k: str(traits[k]) for k in _FACTS if traits.get(k)}
    return json.dumps(kept, ensure_ascii=False)


def _money(properties: Mapping[str, Any]) -> dict[str, Any]:
    currency = str(properties.get("currency", "CNY"))
    total = properties.get("total", properties.get("revenue"))
    if total is None:
        raise Refused("amount_unreadable")
    if _is_absurd(str(total)):
        raise Refused("amount_unreadable", str(total))
    return {"amount": to_minor(str(total), currency), "currency": currency}


def _is_absurd(text: str) -> bool:
    """Whether a number is beyond any price; asked before it is made exact, which takes long for a long one."""
    try:
        return not abs(float(text)) < _AMOUNT_MAX
    except ValueError:
        return False


def _moment(text: object, received_at: datetime, skew: timedelta) -> datetime:
    if text is None:
        return received_at
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        raise Refused("time_unreadable", str(text)) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        return aware(moment) + skew
    except OverflowError:
        raise Refused("time_unreadable", str(text)) from None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str | None:
    return None if value is None or value == "" else str(value)
