"""Follows what the digests of both sides publish, so that it is known who allowed what."""

from __future__ import annotations

from typing import Any

import psycopg
import pyarrow as pa

from guanxi.consent.words import consents_in, follows_in
from guanxi.consent.writing import write_consents, write_follows
from guanxi.listen.ports import Queue
from guanxi.records.databases import RELATIONSHIP, SOCIAL, alias_of
from guanxi.vocabulary.ids import Side

Connection = psycopg.Connection[Any]


class ConsentConsumer:
    """Words of consent heard on one side; run before every other consumer."""

    target = RELATIONSHIP

    def __init__(self, side: Side) -> None:
        self.name = f"consent_{side.value}"
        self.queue = Queue(alias_of(side), "published", "consent")
        self._side = side

    def apply(self, connection: Connection, rows: pa.Table) -> None:
        """The words are on record once the transaction commits."""
        write_consents(connection, consents_in(self._side, rows))


class FollowConsumer:
    """Follows and unfollows heard on the social side."""

    name = "following"
    target = RELATIONSHIP
    queue = Queue(SOCIAL, "published", "follow")

    def apply(self, connection: Connection, rows: pa.Table) -> None:
        """It is known who follows once the transaction commits."""
        write_follows(connection, follows_in(rows))
