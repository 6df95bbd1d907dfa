"""Maps events of the brand's own to kinds of activity, and turns what waited for such a mapping into activities."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg

from guanxi.listen.models import EventRule, WriteKey
from guanxi.listen.rows import Row
from guanxi.listen.settle import Replayed, accept_sides, settle
from guanxi.listen.track.body import event_of
from guanxi.listen.track.events import EVENTS, name_of
from guanxi.listen.track.reading import TRACK, UNKNOWN_EVENT, Rules, Sender, activities_of, of_customers
from guanxi.listen.track.senders import mapped
from guanxi.records.actor import Actor, Permission, require
from guanxi.records.audit import record
from guanxi.records.databases import RELATIONSHIP, SOCIAL, transaction
from guanxi.vocabulary.activity import Kind
from guanxi.vocabulary.reasons import Refused

MAPPABLE = (
    Kind.CLICKED,
    Kind.VIEWED,
    Kind.LIKED,
    Kind.COMMENTED,
    Kind.MESSAGED,
    Kind.SHARED,
    Kind.OPENED,
    Kind.ANSWERED,
    Kind.ATTENDED,
    Kind.FOLLOWED,
    Kind.UNFOLLOWED,
    Kind.ORDERED,
    Kind.REFUNDED,
)
NAME_MAX = 200
_ROWS_AT_ONCE = 2_000
_NO_SKEW = timedelta(0)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event in quarantine: its row, the key it is counted under, what it came through, and as it came."""

    id: int
    key: UUID
    source: str
    raw: str
    happened_at: datetime


def map_event(actor: Actor, name: str, kind: str, content_property: str = "") -> None:
    """The event tells of this kind of activity from now on, at the door within four seconds.

    Args:
        actor: who decides.
        name: of the event; case and spacing say nothing.
        kind: one of `MAPPABLE`.
        content_property: which of its properties names the content; empty for the usual ones.
    """
    require(actor, Permission.MAP_EVENTS)
    event = name_of(name)
    if not 0 < len(event) <= NAME_MAX or len(content_property) > NAME_MAX:
        raise Refused("event_name_unfit")
    if event in EVENTS:
        raise Refused("event_known", event)
    if kind not in MAPPABLE:
        raise Refused("kind_not_mappable", kind)
    with transaction(RELATIONSHIP):
        said = {"kind": kind, "content_property": content_property.strip()}
        rule, _ = EventRule.objects.update_or_create(name=event, defaults=said)
        record(RELATIONSHIP, actor, "event_mapped", f"event_rule:{rule.pk}", {"event": event, **said})


def replay(actor: Actor, name: str) -> Replayed:
    """Whatever waited for the event's mapping is an activity now, once each, under its own key, time and source."""
    require(actor, Permission.MAP_EVENTS)
    event = name_of(name)
    rule = EventRule.objects.filter(name=event).first()
    if rule is None:
        raise Refused("event_unmapped", event)
    rules, senders = {event: mapped(rule.kind, rule.content_property)}, _senders()
    found, after = Replayed(), 0
    while turn := _replay_some(event, rules, senders, after):
        found, after = found + turn[0], turn[1]
    with transaction(RELATIONSHIP):
        told = {"event": event, "replayed": found.replayed, "still_unreadable": found.still_unreadable}
        record(RELATIONSHIP, actor, "event_replayed", f"event_rule:{rule.pk}", told)
    return found


def _senders() -> dict[str, Sender]:
    """By source, those of revoked keys too."""
    keys = WriteKey.objects.values_list("name", "platform", "account")
    return {f"{TRACK}{name}": Sender(f"{TRACK}{name}", platform, account) for name, platform, account in keys}


def _replay_some(
    event: str, rules: Rules, senders: dict[str, Sender], after: int
) -> tuple[Replayed, int] | None:
    """The next rows left quarantine in the transaction in which they were accepted; and which was the last."""
    with transaction(SOCIAL) as connection:
        waiting = list(_waiting(connection, event, after))
        if not waiting:
            return None
        read: dict[str, list[Row]] = {}
        unread: dict[str, list[int]] = {}
        for one in waiting:
            try:
                read.setdefault(one.source, []).extend(_activities(one, event, senders, rules))
            except Refused as refused:
                unread.setdefault(refused.code, []).append(one.id)
        for source, rows in read.items():
            _accept(connection, senders[source], rows)
        return settle(connection, [one.id for one in waiting], unread), waiting[-1].id


def _waiting(connection: psycopg.Connection[Any], event: str, after: int) -> Iterator[Waiting]:
    rows = connection.execute(
        "SELECT id, key, source, raw, coalesce(happened_at, heard_at) FROM quarantine "
        "WHERE state = 'open' AND reason = %s AND detail = %s AND source LIKE 'track:%%' "
        "AND id > %s ORDER BY id LIMIT %s FOR UPDATE",
        (UNKNOWN_EVENT, event, after, _ROWS_AT_ONCE),
    )
    return (Waiting(*row) for row in rows)


def _activities(one: Waiting, name: str, senders: dict[str, Sender], rules: Rules) -> list[Row]:
    sender = senders.get(one.source)
    if sender is None:
        raise Refused("source_unknown", one.source)
    raw = one.raw.encode()
    event = event_of(raw)
    event.type, event.event, event.timestamp = "track", name, None
    rows = activities_of(event, raw, sender, rules, one.happened_at, _NO_SKEW)
    return [{**row, "key": one.key.bytes} for row in rows]


def _accept(connection: psycopg.Connection[Any], sender: Sender, rows: list[Row]) -> None:
    bought = [row for row in rows if of_customers(row["kind"], sender)]
    told = [row for row in rows if not of_customers(row["kind"], sender)]
    accept_sides(connection, sender.source, told, bought)
