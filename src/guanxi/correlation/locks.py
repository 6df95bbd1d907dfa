"""Locks on identities, held until the transaction ends, taken in one order so that nobody waits in a ring.

Links change one at a time; whoever counts or pays a person locks its identities, and finds its members under
the lock.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import psycopg

Connection = psycopg.Connection[Any]

_LINKS = 0x6C696E6B
_IDENTITY_CLASS = 0x69646E74
_BUCKETS = 512


def lock_links(connection: Connection) -> None:
    """Nobody else changes a link or a person until this transaction ends."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LINKS,))


def lock_identities(connection: Connection, identities: Iterable[int]) -> None:
    """Nobody else pays, caps, links or unlinks these identities until this transaction ends.

    Identities share a fixed number of locks, so that a bulk of any size fits into PostgreSQL's lock table.
    """
    buckets = sorted({code % _BUCKETS for code in identities})
    connection.execute(
        "SELECT pg_advisory_xact_lock(%s, bucket) FROM unnest(%s::int[]) bucket", (_IDENTITY_CLASS, buckets)
    )


def lock_person(connection: Connection, purpose: str, identity: int) -> list[int]:
    """All identities of this identity's person, ascending and locked; itself alone where nothing is linked.

    Where links changed between reading and locking, the locks are let go and taken again in order.
    """
    while True:
        connection.execute("SAVEPOINT person_lock")
        members = _members(connection, purpose, identity)
        lock_identities(connection, members)
        again = _members(connection, purpose, identity)
        if again == members:
            connection.execute("RELEASE SAVEPOINT person_lock")
            return members
        connection.execute("ROLLBACK TO SAVEPOINT person_lock")


def _members(connection: Connection, purpose: str, identity: int) -> list[int]:
    rows = connection.execute(
        "SELECT other.identity FROM person_member one JOIN person_member other USING (purpose, person) "
        "WHERE one.purpose = %s AND one.identity = %s ORDER BY other.identity",
        (purpose, identity),
    ).fetchall()
    return [code for (code,) in rows] or [identity]
