"""Turns what a Segment client sends into activities, by documented rules (docs/how-to/track.md).

Pure: events and rules in, rows out. What no rule knows is left to quarantine, whole and with its reason.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from guanxi.listen.accept import Unreadable
from guanxi.listen.rows import Row
from guanxi.listen.track.body import Call, Event, Properties, canonical
from guanxi.listen.track.events import EVENTS, OF_MAIL, Rule, name_of
from guanxi.vocabulary.activity import BUYING, EITHER, KEY_BYTES, Kind
from guanxi.vocabulary.money import to_minor
from guanxi.vocabulary.platform import Platform
from guanxi.vocabulary.reasons import Refused

Rules = Mapping[str, Rule]

TRACK = "track:"
UNKNOWN_EVENT = "event_unknown"
_AMOUNT_MAX = 10**14
_DETAIL_MAX = 200
_QUANTITY_MAX = 2**31 - 1
_FACTS = ("gender", "city", "language", "birth_year")
_NOTHING: Properties = {}
_VIEWED = Rule(Kind.VIEWED, ("content_id", "url"))
_IDENTIFIED, _JOINED = Rule(Kind.IDENTIFIED, ()), Rule(Kind.JOINED, ())
_WRITES_ITSELF = frozenset({Kind.IDENTIFIED, Kind.JOINED, Kind.CONSENTED, Kind.WITHDREW})


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose write key came with a request: the source and the brand's account it speaks for."""

    source: str
    platform: str
    account: str

    @property
    def name(self) -> str:
        """What the brand calls the key."""
        return self.source.removeprefix(TRACK)


@dataclass(slots=True)
class Sorted:
    """A request's events: activities by whether they tell of buying, and what could not be read."""

    social: list[Row] = field(default_factory=list)
    customers: list[Row] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)


def sort_events(call: Call, sender: Sender, rules: Rules, received_at: datetime) -> Sorted:
    """Each event as activities of its side, or as unreadable with its reason.

    A client's clock is corrected by what it says it sent at: ``timestamp + (received_at - sent_at)``.
    """
    skew = received_at - _in_utc(call.sent_at) if call.sent_at is not None else timedelta(0)
    found = Sorted()
    for event, raw in call.events:
        try:
            rows = activities_of(event, raw, sender, rules, received_at, skew)
        except Refused as refused:
            found.unreadable.append(_set_aside(event, raw, sender, refused, received_at, skew))
            continue
        for row in rows:
            (found.customers if of_customers(row["kind"], sender) else found.social).append(row)
    for place, reason, raw in call.unread:
        text = raw.decode("utf-8", "replace")
        found.unreadable.append(Unreadable(_digest(sender.source, raw), place, reason, text))
    return found


def activities_of(
    event: Event, raw: bytes, sender: Sender, rules: Rules, received_at: datetime, skew: timedelta
) -> list[Row]:
    """What the event tells: one activity, or two where it says that two ids are one visitor's.

    Raises:
        Refused: the reason for quarantine.
    """
    key = event_key(sender.source, event, raw)
    happened_at = _moment(event.timestamp, received_at, skew)
    if event.type == "alias":
        return _aliases(event, key, sender, happened_at)
    actor = event.user_id or event.anonymous_id
    if not actor:
        raise Refused("actor_missing")
    rule = _rule(event, rules)
    properties = event.properties or _NOTHING
    kind = rule.kind
    row: Row = {
        "key": key,
        "kind": kind.value,
        "platform": sender.platform,
        "account": sender.account,
        "actor": str(actor),
        "happened_at": happened_at,
        "through": _text(properties.get("through")),
        "content": _first(properties, rule.content) or _content_of_page(event, kind),
        "campaign": _text(properties.get("campaign")) or _campaign(event),
        "reference": _first(properties, rule.reference),
    }
    if kind in _WRITES_ITSELF:
        _write_traits(row, kind, event, properties, sender)
    elif kind in BUYING:
        row |= _order(properties, sender, row["actor"])
    return [row]


def event_key(source: str, event: Event, raw: bytes) -> bytes:
    """The bytes under which an event is counted once: of the client's own id, or of all it tells."""
    return _digest(source, event.message_id.encode("utf-8", "replace") or canonical(raw))


def _digest(source: str, identity: bytes) -> bytes:
    return hashlib.blake2b(b"%b\0%b" % (source.encode(), identity), digest_size=KEY_BYTES).digest()


def _set_aside(
    event: Event, raw: bytes, sender: Sender, refused: Refused, received_at: datetime, skew: timedelta
) -> Unreadable:
    """The event as it came, with its moment by the corrected clock: what was sent with it is not kept."""
    try:
        happened_at = _moment(event.timestamp, received_at, skew)
    except Refused:
        happened_at = None
    key = event_key(sender.source, event, raw)
    text = raw.decode("utf-8", "replace")
    return Unreadable(key, event.message_id, refused.code, text, refused.detail[:_DETAIL_MAX], happened_at)


def of_customers(kind: str, sender: Sender) -> bool:
    """Whether an activity belongs to the customers' side."""
    return kind in BUYING or (kind in EITHER and sender.platform == Platform.SHOP)


def _rule(event: Event, rules: Rules) -> Rule:
    match event.type:
        case "track":
            rule = EVENTS.get(event.event) or _named(event.event, rules)
            if rule is None:
                raise Refused(UNKNOWN_EVENT, name_of(event.event))
            return rule
        case "page" | "screen":
            return _VIEWED
        case "identify":
            return _IDENTIFIED
        case "group":
            return _JOINED
    raise Refused("type_unknown", event.type)


def _named(event: str, rules: Rules) -> Rule | None:
    name = name_of(event)
    return EVENTS.get(name) or rules.get(name)


def _aliases(event: Event, key: bytes, sender: Sender, happened_at: datetime) -> list[Row]:
    """Both ids exist and hold the same alias; neither becomes the other."""
    ids = [str(event.previous_id or event.anonymous_id or ""), str(event.user_id or "")]
    if not all(ids):
        raise Refused("actor_missing")
    place = "\0".join((sender.platform, sender.account, ids[1]))
    traits = _written({"alias": hashlib.blake2b(place.encode(), digest_size=KEY_BYTES).hexdigest()})
    return [
        {
            "key": key if number == 0 else _digest(sender.source, key + b"alias"),
            "kind": Kind.IDENTIFIED.value,
            "platform": sender.platform,
            "account": sender.account,
            "actor": actor,
            "happened_at": happened_at,
            "traits": traits,
        }
        for number, actor in enumerate(ids)
    ]


def _write_traits(row: Row, kind: Kind, event: Event, properties: Properties, sender: Sender) -> None:
    if kind is Kind.IDENTIFIED:
        row["traits"] = _profile(event.traits or _NOTHING, sender)
    elif kind is Kind.JOINED and event.type == "group":
        if not event.group_id:
            raise Refused("group_missing")
        row["reference"] = str(event.group_id)
        traits = event.traits or _NOTHING
        named = {"name": _text(traits.get("name")), "kind": _text(traits.get("kind") or traits.get("type"))}
        row["traits"] = _written({"group": {name: text for name, text in named.items() if text}})
    elif kind is not Kind.JOINED:
        said: Properties = {
            name: str(properties[name]) for name in ("purpose", "channel") if name in properties
        }
        if name_of(event.event) in OF_MAIL:
            said["channel"] = Platform.EMAIL.value
        row["traits"] = _written(said)


def _profile(traits: Properties, sender: Sender) -> str:
    """What somebody is told to be, as the word of this key: another key's word stands beside it."""
    kept: dict[str, Any] = {
        name: str(traits[name]) for name in ("phone", "email", "name", "union_id") if traits.get(name)
    }
    kept["facts"] = {name: str(traits[name]) for name in _FACTS if traits.get(name)}
    kept["source"] = sender.name
    return _written(kept)


def _order(properties: Properties, sender: Sender, actor: str) -> Row:
    """The money, and that whom the shop calls so is whom the pages call so."""
    currency = str(properties.get("currency") or "CNY")
    total = properties.get("total", properties.get("revenue"))
    if total is None or _is_absurd(str(total)):
        raise Refused("amount_unreadable", "" if total is None else str(total)[:100])
    place = {
        "through_platform": sender.platform,
        "through_account": sender.account,
        "through_fan": actor,
    }
    return {
        "amount": to_minor(str(total), currency),
        "currency": currency,
        "quantity": _quantity(properties.get("products")),
        "traits": _written(place),
    }


def _quantity(products: object) -> int | None:
    counts = (
        [p.get("quantity", 1) for p in products if isinstance(p, dict)] if isinstance(products, list) else []
    )
    whole = [n for n in counts if type(n) is int and 0 <= n <= _QUANTITY_MAX]
    return sum(whole) if whole and sum(whole) <= _QUANTITY_MAX else None


def _is_absurd(text: str) -> bool:
    """Whether a number is beyond any price; asked before it is made exact, which takes long for a long one."""
    try:
        return not abs(float(text)) < _AMOUNT_MAX
    except ValueError:
        return False


def _content_of_page(event: Event, kind: Kind) -> str | None:
    if kind is not Kind.VIEWED or event.type == "track":
        return None
    page = event.context.page if event.context else None
    return (page.url if page else None) or event.name or None


def _campaign(event: Event) -> str | None:
    campaign = event.context.campaign if event.context else None
    return (campaign.name or None) if campaign else None


def _moment(moment: datetime | None, received_at: datetime, skew: timedelta) -> datetime:
    if moment is None:
        return received_at
    moment = _in_utc(moment)
    try:
        return moment + skew if skew else moment
    except OverflowError:
        raise Refused("time_unreadable", moment.isoformat()) from None


def _in_utc(moment: datetime) -> datetime:
    """A client that names no zone is taken to mean UTC."""
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _first(properties: Properties, names: Iterable[str]) -> str | None:
    for name in names:
        value = properties.get(name)
        if value is not None and value != "":
            return str(value)
    return None


def _text(value: object) -> str | None:
    return None if value is None or value == "" else str(value)


def _written(traits: Properties) -> str:
    return json.dumps(traits, ensure_ascii=False)
