"""Settles what lay in quarantine: what can be read now is accepted and leaves in the transaction that accepts it.

What tells of buying is accepted in the other database just before: if we die in between, its keys are known
there, and accepting it again changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from guanxi.listen.accept import accept
from guanxi.listen.rows import Row, as_table
from guanxi.records.databases import CUSTOMERS, transaction


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of what waited: how much is activities now, how much still cannot be read."""

    replayed: int = 0
    still_unreadable: int = 0

    def __add__(self, other: Replayed) -> Replayed:
        return Replayed(self.replayed + other.replayed, self.still_unreadable + other.still_unreadable)


def accept_sides(
    connection: psycopg.Connection[Any], source: str, social: Sequence[Row], buying: Sequence[Row]
) -> None:
    """The rows of both sides wait in their inboxes once the caller's transaction on the social side commits."""
    if buying:
        with transaction(CUSTOMERS) as theirs:
            accept(theirs, source, as_table(buying))
    if social:
        accept(connection, source, as_table(social))


def settle(
    connection: psycopg.Connection[Any], waiting: Iterable[int], unread: Mapping[str, Sequence[int]]
) -> Replayed:
    """What still cannot be read stays open under its new reason; the rest is settled.

    Args:
        connection: an open transaction on the social side, which holds the rows.
        waiting: all of them.
        unread: those of them that stay, by reason.
    """
    for code, ids in unread.items():
        connection.execute("UPDATE quarantine SET reason = %s WHERE id = ANY(%s)", (code, list(ids)))
    failed = {id for ids in unread.values() for id in ids}
    settled = [id for id in waiting if id not in failed]
    connection.execute("UPDATE quarantine SET state = 'replayed' WHERE id = ANY(%s)", (settled,))
    return Replayed(len(settled), len(failed))
