"""Upkeep: joins small files, sweeps orphans, forgets parcels that every consumer has read and marks of old viewers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg

from guanxi.composition.consumers import consumers
from guanxi.composition.house import declared_tables
from guanxi.composition.locks import lake_lock
from guanxi.lake.store import Lake
from guanxi.listen.accept import turn_memory
from guanxi.listen.shares.forgetting import forget_marks
from guanxi.records.databases import CUSTOMERS, SOCIAL, alias_of, raw, transaction
from guanxi.social.forgetting import forget_notices
from guanxi.vocabulary.ids import Side

KEEP_HOURS = 24


@dataclass(frozen=True, slots=True)
class UpkeepReport:
    """What was tidied."""

    files_joined: int
    files_removed: int
    parcels_forgotten: int


def keep_up() -> UpkeepReport:
    """The lake has few and living files, and inboxes hold a day of what has been read."""
    with lake_lock():
        joined = sum(_compact(side) for side in Side)
        removed = sum(_sweep(side) for side in Side)
    forgotten = sum(_forget(alias) for alias in (SOCIAL, CUSTOMERS))
    with transaction(SOCIAL) as connection:
        forget_notices(connection)
    forget_marks()
    return UpkeepReport(joined, removed, forgotten)


def _compact(side: Side) -> int:
    joined = 0
    for table in {t.name: t for t in declared_tables() if t.side is side and not t.derived}.values():
        with transaction(alias_of(side)) as connection:
            joined += Lake(side).compact(connection, table)
    return joined


def _sweep(side: Side) -> int:
    lake = Lake(side)
    with transaction(alias_of(side)) as connection:
        replaced = lake.forget_replaced(connection)
    for path in replaced:
        path.unlink(missing_ok=True)
    return len(replaced) + len(lake.sweep(raw(alias_of(side))))


def _forget(alias: str) -> int:
    """Parcels older than a day that every consumer of their queue has passed are gone."""
    forgotten = 0
    with transaction(alias) as connection:
        turn_memory(connection)
        for table in ("inbox", "published"):
            readers = [c for c in consumers() if c.queue.alias == alias and c.queue.table == table]
            for topic in {c.queue.topic for c in readers}:
                places = [_place(c.target, c.name) for c in readers if c.queue.topic == topic]
                forgotten += _delete(connection, table, topic, min(places))
    return forgotten


def _place(target: str, name: str) -> tuple[int, int]:
    row = (
        raw(target)
        .execute("SELECT xid::text::bigint, seq FROM consumer_cursor WHERE name = %s", (name,))
        .fetchone()
    )
    return (row[0], row[1]) if row else (0, 0)


def _delete(connection: psycopg.Connection[Any], table: str, topic: str, place: tuple[int, int]) -> int:
    return connection.execute(
        f"DELETE FROM {table} WHERE topic = %s AND (xid, seq) <= (%s::text::xid8, %s) "  # noqa: S608
        "AND accepted_at < now() - make_interval(hours => %s)",
        (topic, str(place[0]), place[1], KEEP_HOURS),
    ).rowcount
