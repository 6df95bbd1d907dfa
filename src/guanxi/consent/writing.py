"""Bulk effects on consent's tables in the caller's transaction: idempotent, blind to the order of arrival.

The latest word wins; of two at the same moment, the refusal.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from guanxi.consent.locks import lock_for_withdrawal

Connection = psycopg.Connection[Any]

_HEARD_CONSENT = (
    "CREATE TEMP TABLE IF NOT EXISTS heard_consent (identity bigint, purpose text, channel text,"
    " granted boolean, happened_at timestamptz, source text, text_hash text, evidence text)"
    " ON COMMIT DELETE ROWS"
)
_HEARD_FOLLOW = (
    "CREATE TEMP TABLE IF NOT EXISTS heard_follow (identity bigint, follows boolean, happened_at timestamptz)"
    " ON COMMIT DELETE ROWS"
)
_RECORD = """
INSERT INTO consent (identity, purpose, channel, granted, happened_at, source, text_hash, evidence)
SELECT identity, purpose, channel, granted, happened_at, source,
       coalesce(text_hash, ''), coalesce(evidence, '')
FROM heard_consent
ORDER BY identity, purpose, channel, happened_at, granted
ON CONFLICT DO NOTHING
"""
_SETTLE = """
INSERT INTO consent_state AS state (identity, purpose, channel, granted, happened_at)
SELECT DISTINCT ON (identity, purpose, channel) identity, purpose, channel, granted, happened_at
FROM heard_consent
ORDER BY identity, purpose, channel, happened_at DESC, granted
ON CONFLICT (identity, purpose, channel) DO UPDATE
SET granted = excluded.granted, happened_at = excluded.happened_at
WHERE (excluded.happened_at, NOT excluded.granted) > (state.happened_at, NOT state.granted)
"""
_FOLLOW = """
INSERT INTO following AS state (identity, follows, happened_at)
SELECT DISTINCT ON (identity) identity, follows, happened_at
FROM heard_follow
ORDER BY identity, happened_at DESC, follows
ON CONFLICT (identity) DO UPDATE
SET follows = excluded.follows, happened_at = excluded.happened_at
WHERE (excluded.happened_at, NOT excluded.follows) > (state.happened_at, NOT state.follows)
"""
_TOLD = ("identity", "purpose", "channel", "granted", "happened_at", "source")
_PROVEN = ("text_hash", "evidence")


def write_consents(connection: Connection, rows: pa.Table) -> None:
    """Every row is on record and the present state is what the latest words say.

    Args:
        connection: an open transaction on the relationship database.
        rows: `words.CONSENTS`, with ``text_hash`` and ``evidence`` where there are any.
    """
    if not rows.num_rows:
        return
    refused = rows.filter(pc.invert(rows["granted"]))
    lock_for_withdrawal(connection, refused["identity"].to_pylist())
    names = _TOLD + tuple(name for name in _PROVEN if name in rows.column_names)
    _hear(connection, _HEARD_CONSENT, "heard_consent", names, rows)
    connection.execute(_RECORD)
    connection.execute(_SETTLE)


def write_follows(connection: Connection, rows: pa.Table) -> None:
    """Each fan follows, or does not, as the latest activity says (`words.FOLLOWS`)."""
    if not rows.num_rows:
        return
    refused = rows.filter(pc.invert(rows["follows"]))
    lock_for_withdrawal(connection, refused["identity"].to_pylist())
    _hear(connection, _HEARD_FOLLOW, "heard_follow", ("identity", "follows", "happened_at"), rows)
    connection.execute(_FOLLOW)


def _hear(connection: Connection, create: str, table: str, names: Iterable[str], rows: pa.Table) -> None:
    columns = tuple(names)
    connection.execute(create)
    connection.execute(f"TRUNCATE {table}")
    sink = io.BytesIO()
    csv.write_csv(rows.select(columns), sink, csv.WriteOptions(include_header=False))
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT csv)"
    with psycopg.Cursor(connection) as cursor, cursor.copy(statement.encode()) as copy:
        copy.write(sink.getbuffer())
