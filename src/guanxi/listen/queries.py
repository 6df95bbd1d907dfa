"""What doors show of hearing: how far each consumer has read, what was heard, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import LiteralString

from guanxi.listen.ports import Consumer
from guanxi.records.actor import Actor, Permission, require
from guanxi.records.databases import CUSTOMERS, SOCIAL, raw

QUARANTINE_ROWS_MAX = 5_000


@dataclass(frozen=True, slots=True)
class Backlog:
    """One consumer: what it has applied, what waits for it, and since when the oldest waits."""

    consumer: str
    applied: int
    waiting: int
    oldest_at: datetime | None
    moved_at: datetime | None


@dataclass(frozen=True, slots=True)
class HeardRow:
    """What one source sent on one day."""

    source: str
    day: date
    activities: int
    duplicates: int


@dataclass(frozen=True, slots=True)
class QuarantineRow:
    """Something that could not be read, with its place and why; ``raw`` is hostile text."""

    id: int
    kept_in: str
    source: str
    position: str
    reason: str
    raw: str
    heard_at: datetime


def backlogs(actor: Actor, consumers: Iterable[Consumer]) -> tuple[Backlog, ...]:
    """How far each consumer has come, in the given order."""
    require(actor, Permission.SEE_TRUST)
    return tuple(_backlog(consumer) for consumer in consumers)


def heard(actor: Actor, days: int = 30) -> tuple[HeardRow, ...]:
    """What each source sent on each of the latest days on which anything was heard, newest first."""
    require(actor, Permission.SEE_TRUST)
    rows = [
        HeardRow(*row)
        for alias in (SOCIAL, CUSTOMERS)
        for row in raw(alias).execute(
            "SELECT source, day, sum(activities)::bigint, sum(duplicates)::bigint FROM heard "
            "GROUP BY source, day ORDER BY day DESC, source LIMIT %s",
            (days * 50,),
        )
    ]
    return tuple(sorted(rows, key=lambda row: (row.day, row.source), reverse=True))


def quarantined(actor: Actor) -> int:
    """How many rows lie open in quarantine."""
    require(actor, Permission.SEE_TRUST)
    return sum(
        _count(alias, "SELECT count(*) FROM quarantine WHERE state = 'open'") for alias in _seen(actor)
    )


def pushes_waiting(actor: Actor) -> int:
    """How many parts of platforms' pushes lie open in quarantine, which `actions_kept` can read again."""
    require(actor, Permission.SEE_TRUST)
    return _count(
        SOCIAL,
        "SELECT count(*) FROM quarantine WHERE state = 'open' AND detail <> '' AND source NOT LIKE 'track:%'",
    )


def quarantine(actor: Actor) -> tuple[QuarantineRow, ...]:
    """What lies open in quarantine, newest first; the customers' side only for who may see customers.

    Raw text can hold names and phones, so it is blank for whoever may not see what is personal.
    """
    require(actor, Permission.SEE_TRUST)
    shown = "raw" if actor.may(Permission.SEE_PERSONAL) else "''"
    rows = [
        QuarantineRow(id, kept_in, source, position, reason, text, heard_at)
        for kept_in in _seen(actor)
        for id, source, position, reason, text, heard_at in raw(kept_in).execute(
            f"SELECT id, source, position, reason, {shown}, heard_at FROM quarantine "  # noqa: S608
            "WHERE state = 'open' ORDER BY id DESC LIMIT %s",
            (QUARANTINE_ROWS_MAX,),
        )
    ]
    return tuple(sorted(rows, key=lambda row: (row.heard_at, row.kept_in, row.id), reverse=True))


def _seen(actor: Actor) -> tuple[str, ...]:
    return (SOCIAL, CUSTOMERS) if actor.may(Permission.SEE_CUSTOMERS) else (SOCIAL,)


def _backlog(consumer: Consumer) -> Backlog:
    found = (
        raw(consumer.target)
        .execute(
            "SELECT xid::text, seq, activities, moved_at FROM consumer_cursor WHERE name = %s",
            (consumer.name,),
        )
        .fetchone()
    )
    xid, seq, applied, moved_at = found or ("0", 0, 0, None)
    queue = consumer.queue
    row = (
        raw(queue.alias)
        .execute(
            f"SELECT coalesce(sum(activities), 0)::bigint, min(accepted_at) FROM {queue.table} "  # noqa: S608
            "WHERE topic = %s AND (xid, seq) > (%s::xid8, %s)",
            (queue.topic, xid, seq),
        )
        .fetchone()
    )
    assert row is not None
    return Backlog(consumer.name, applied, row[0], row[1], moved_at)


def _count(alias: str, question: LiteralString) -> int:
    row = raw(alias).execute(question).fetchone()
    assert row is not None
    return int(row[0])
