"""A withdrawal and a send to the same identity never pass each other.

Who sends holds the identity's lock shared, who withdraws holds it alone; both until their transaction ends.
Taken in ascending order, after any other lock on identities.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import psycopg

Connection = psycopg.Connection[Any]

_CLASS = 0x636F6E73
_BUCKETS = 512


def lock_for_sending(connection: Connection, identities: Iterable[int]) -> None:
    """No word of these identities changes until this transaction ends."""
    _lock(connection, "pg_advisory_xact_lock_shared", identities)


def lock_for_withdrawal(connection: Connection, identities: Iterable[int]) -> None:
    """Nobody sends to these identities until this transaction ends."""
    _lock(connection, "pg_advisory_xact_lock", identities)


def _lock(connection: Connection, function: str, identities: Iterable[int]) -> None:
    buckets = sorted({code % _BUCKETS for code in identities})
    connection.execute(
        f"SELECT {function}(%s, bucket) FROM unnest(%s::int[]) AS bucket",  # noqa: S608
        (_CLASS, buckets),
    )
