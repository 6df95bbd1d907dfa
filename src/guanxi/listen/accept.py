"""Accepts activities: in one transaction they are deduplicated, counted and durable, or nothing is.

Knows an activity by its 16-byte key and nothing of what it means. A key is remembered for 31 days at least.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import psycopg
import pyarrow as pa
from psycopg.adapt import Dumper
from psycopg.pq import Format

from guanxi.listen.parcel import PARCEL_ROWS, pack
from guanxi.vocabulary.activity import ACTIVITY_SCHEMA, KEY_BYTES

MEMORY_DAYS = 31
_TURNING = 7_236_001  # the advisory lock under which the halves of the memory change places
Connection = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something that could not be read as an activity: where it stood, why, and as it came.

    Attributes:
        detail: what the reason is about, such as the name of an unknown event.
        happened_at: where it is known, so that a later reading need not guess.
    """

    key: bytes
    position: str
    reason: str
    raw: str
    detail: str = ""
    happened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of what was offered."""

    accepted: int = 0
    duplicates: int = 0
    quarantined: int = 0

    def __add__(self, other: Receipt) -> Receipt:
        return Receipt(
            self.accepted + other.accepted,
            self.duplicates + other.duplicates,
            self.quarantined + other.quarantined,
        )


def accept(
    connection: Connection, source: str, activities: pa.Table, unreadable: Sequence[Unreadable] = ()
) -> Receipt:
    """Each activity not seen before waits in the inbox once the caller's transaction commits.

    Args:
        connection: an open transaction on a database of people.
        source: which door or file they came through.
        activities: rows of `ACTIVITY_SCHEMA`.
        unreadable: kept in quarantine, once each.
    """
    fresh = _unseen(connection, _in_schema(activities))
    for start in range(0, fresh.num_rows, PARCEL_ROWS):
        rows = fresh.slice(start, PARCEL_ROWS)
        connection.execute(
            "INSERT INTO inbox (source, activities, body) VALUES (%s, %s, %b)",
            (source, rows.num_rows, pack(rows)),
        )
    receipt = Receipt(
        fresh.num_rows, activities.num_rows - fresh.num_rows, _quarantine(connection, source, unreadable)
    )
    _count(connection, source, receipt)
    return receipt


def _in_schema(activities: pa.Table) -> pa.Table:
    if activities.schema.equals(ACTIVITY_SCHEMA):
        return activities
    return activities.select(ACTIVITY_SCHEMA.names).cast(ACTIVITY_SCHEMA)


def _unseen(connection: Connection, activities: pa.Table) -> pa.Table:
    if activities.num_rows == 0:
        return activities
    keys = _keys(activities)
    _, first = np.unique(keys, return_index=True)
    first.sort()
    unique = activities if len(first) == len(keys) else activities.take(pa.array(first))
    known = _remember(connection, keys[first])
    return unique.filter(pa.array(~np.isin(keys[first], known))) if len(known) else unique


def _keys(activities: pa.Table) -> np.ndarray[Any, Any]:
    column = activities["key"].combine_chunks()
    values = column.chunk(0) if isinstance(column, pa.ChunkedArray) else column
    start = values.offset * KEY_BYTES
    buffer = values.buffers()[1]
    return np.frombuffer(buffer, dtype=f"V{KEY_BYTES}", count=len(values), offset=start)


def _remember(connection: Connection, keys: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """All keys are remembered; says which of them had been heard before."""
    cursor = psycopg.Cursor(connection)
    cursor.adapters.register_dumper(_Keys, _KeysDumper)
    asked = cursor.execute("SELECT remember_keys(%s)", (_Keys(_binary_array(keys)),), binary=True)
    row = asked.fetchone()
    assert row is not None
    return np.frombuffer(row[0], dtype=keys.dtype)


class _Keys(bytes):
    """An array of uuid as PostgreSQL receives it."""


class _KeysDumper(Dumper):
    format = Format.BINARY
    oid = 2951

    def dump(self, obj: _Keys) -> bytes:
        return obj


def _binary_array(keys: np.ndarray[Any, Any]) -> bytes:
    """PostgreSQL's binary format of an array of uuid, built without a loop."""
    items = np.zeros(len(keys), dtype=np.dtype([("length", ">i4"), ("key", f"V{KEY_BYTES}")]))
    items["length"], items["key"] = KEY_BYTES, keys
    return struct.pack(">iiIii", 1, 0, 2950, len(keys), 1) + items.tobytes()


def turn_memory(connection: Connection, days: int = MEMORY_DAYS) -> bool:
    """The older half of the keys is forgotten if the younger is full ``days`` old; says whether it was."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (_TURNING,))
    row = connection.execute(
        "SELECT since < now() - make_interval(days => %s), turn %% 2 = 0 FROM seen_turn", (days,)
    ).fetchone()
    if row is None or not row[0]:
        return False
    connection.execute("TRUNCATE seen_odd" if row[1] else "TRUNCATE seen_even")
    connection.execute("UPDATE seen_turn SET turn = turn + 1, since = now()")
    return True


def _quarantine(connection: Connection, source: str, unreadable: Sequence[Unreadable]) -> int:
    if not unreadable:
        return 0
    columns = zip(*((u.key.hex(), u.position, u.reason, u.detail, u.raw) for u in unreadable), strict=True)
    cursor = connection.execute(
        "INSERT INTO quarantine (key, source, position, reason, detail, raw, happened_at) "
        "SELECT key, %s, position, reason, detail, raw, happened_at FROM "
        "unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::timestamptz[]) "
        "WITH ORDINALITY AS q (key, position, reason, detail, raw, happened_at, place) "
        "ORDER BY place ON CONFLICT (key) DO NOTHING",
        (
            source,
            *([value.replace("\0", "\ufffd") for value in column] for column in columns),
            [u.happened_at for u in unreadable],
        ),
    )
    return cursor.rowcount


def _count(connection: Connection, source: str, receipt: Receipt) -> None:
    """A row a call: a counter that is updated would make every door wait for every other."""
    connection.execute(
        "INSERT INTO heard VALUES (%s, current_date, %s, %s)", (source, receipt.accepted, receipt.duplicates)
    )
