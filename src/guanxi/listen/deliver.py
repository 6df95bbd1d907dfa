"""Delivery: parcels to consumers in the order of their commits, the cursor moving with the effects.

The cursor is the pair (xid, seq), read only below the horizon of running transactions: by seq alone a parcel
that commits late would be skipped for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg

from guanxi.listen.parcel import unpack
from guanxi.listen.ports import Consumer, Queue
from guanxi.records.databases import raw, transaction
from guanxi.vocabulary.progress import SILENT, Progress

ROWS_AT_ONCE = 100_000
_PARCELS_AT_ONCE = 2_000
Connection = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a consumer has read."""

    epoch: int
    xid: str
    seq: int


def deliver(consumer: Consumer, tell: Progress = SILENT, rows_at_once: int = ROWS_AT_ONCE) -> int:
    """Everything that was committed before the call has been applied, exactly once; says how many rows."""
    total = 0
    while applied := deliver_once(consumer, rows_at_once):
        total += applied
        tell.advance(applied)
    return total


def deliver_once(consumer: Consumer, rows_at_once: int = ROWS_AT_ONCE) -> int:
    """The next parcels have been applied in one transaction; says how many rows, 0 where nothing waits."""
    with transaction(consumer.target) as connection:
        cursor = _locked_cursor(connection, consumer)
        inbox = raw(consumer.queue.alias)
        cursor = _in_present_epoch(inbox, consumer.queue, cursor)
        parcels = _next_parcels(inbox, consumer.queue, cursor, rows_at_once)
        if not parcels:
            return 0
        rows = unpack(body for _, _, body in parcels)
        consumer.apply(connection, rows)
        xid, seq, _ = parcels[-1]
        connection.execute(
            "UPDATE consumer_cursor SET epoch = %s, xid = %s::xid8, seq = %s, parcels = parcels + %s, "
            "activities = activities + %s, moved_at = now() WHERE name = %s",
            (cursor.epoch, xid, seq, len(parcels), rows.num_rows, consumer.name),
        )
        return int(rows.num_rows)


def _locked_cursor(connection: Connection, consumer: Consumer) -> Cursor:
    connection.execute(
        "INSERT INTO consumer_cursor (name, epoch, xid, seq) VALUES (%s, 1, '0', 0) ON CONFLICT DO NOTHING",
        (consumer.name,),
    )
    row = connection.execute(
        "SELECT epoch, xid::text, seq FROM consumer_cursor WHERE name = %s FOR UPDATE", (consumer.name,)
    ).fetchone()
    assert row is not None
    return Cursor(*row)


def _in_present_epoch(inbox: Connection, queue: Queue, cursor: Cursor) -> Cursor:
    """The cursor in the stamps of the inbox's present epoch."""
    row = inbox.execute("SELECT epoch FROM inbox_epoch").fetchone()
    assert row is not None
    epoch = cursor.epoch
    while epoch < row[0]:
        moved = inbox.execute(
            "SELECT new_xid::text, new_seq FROM inbox_restamp WHERE queue = %s AND epoch = %s "
            "AND (old_xid, old_seq) <= (%s::xid8, %s) ORDER BY old_xid DESC, old_seq DESC LIMIT 1",
            (queue.table, epoch, cursor.xid, cursor.seq),
        ).fetchone()
        epoch += 1
        cursor = Cursor(epoch, *moved) if moved else Cursor(epoch, "0", 0)
    return cursor


def _next_parcels(
    inbox: Connection, queue: Queue, cursor: Cursor, rows_at_once: int
) -> list[tuple[str, int, bytes]]:
    return (
        psycopg.Cursor(inbox)
        .execute(
            "WITH waiting AS (SELECT xid, seq, "  # noqa: S608
            "sum(activities) OVER (ORDER BY xid, seq) - activities AS before "
            f"FROM (SELECT xid, seq, activities FROM {queue.table} WHERE topic = %(topic)s "
            "AND (xid, seq) > (%(xid)s::xid8, %(seq)s) AND xid < pg_snapshot_xmin(pg_current_snapshot()) "
            "ORDER BY xid, seq LIMIT %(parcels)s) AS next) "
            f"SELECT q.xid::text, q.seq, q.body FROM waiting w JOIN {queue.table} q USING (xid, seq) "
            "WHERE w.before < %(rows)s ORDER BY q.xid, q.seq",
            {
                "topic": queue.topic,
                "xid": cursor.xid,
                "seq": cursor.seq,
                "parcels": _PARCELS_AT_ONCE,
                "rows": rows_at_once,
            },
            binary=True,
        )
        .fetchall()
    )


def open_epoch(connection: Connection) -> int:
    """The inbox of this database is restamped for a server whose transaction numbers start anew.

    Every parcel that is still kept gets this transaction's number, in its old order; consumers find their
    place again through `inbox_restamp`. Says which epoch it is now.
    """
    row = connection.execute("UPDATE inbox_epoch SET epoch = epoch + 1 RETURNING epoch").fetchone()
    assert row is not None
    for table in ("inbox", "published"):
        connection.execute(
            f"WITH top AS (SELECT coalesce(max(seq), 0) AS seq FROM {table}), moved AS (SELECT q.xid, q.seq, "  # noqa: S608
            f"top.seq + row_number() OVER (ORDER BY q.xid, q.seq) AS place FROM {table} q, top), "
            f"changed AS (UPDATE {table} q SET xid = pg_current_xact_id(), seq = m.place FROM moved m "
            "WHERE (q.xid, q.seq) = (m.xid, m.seq) RETURNING m.xid AS x, m.seq AS s, q.xid, q.seq) "
            "INSERT INTO inbox_restamp SELECT %s, %s, * FROM changed",
            (table, row[0] - 1),
        )
        connection.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'seq'), greatest(max(seq), 1)) FROM {table}"  # noqa: S608
        )
    return int(row[0])
