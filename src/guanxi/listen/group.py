"""Group commit: what many requests bring at once becomes durable in one transaction, and each is told after it.

One thread a database; a request waits for the commit that holds its rows. Where the database is away, every
waiting request is told so, and the next one tries again.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from guanxi.listen.accept import Receipt, Unreadable, accept
from guanxi.listen.track import Row, as_table
from guanxi.records.databases import conninfo

GROUP_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Offer:
    """Some activities of one source, and whom to tell when they are durable."""

    source: str
    activities: Sequence[Row]
    unreadable: Sequence[Unreadable]
    loop: asyncio.AbstractEventLoop
    told: asyncio.Future[Receipt]


class Committer:
    """Makes offers durable in one database, as many in a transaction as wait."""

    def __init__(self, alias: str) -> None:
        self._alias = alias
        self._offers: queue.SimpleQueue[Offer | None] = queue.SimpleQueue()
        self._connection: psycopg.Connection[Any] | None = None
        self._thread = threading.Thread(target=self._work, name=f"commit-{alias}", daemon=True)
        self._thread.start()

    async def offer(
        self, source: str, activities: Sequence[Row], unreadable: Sequence[Unreadable]
    ) -> Receipt:
        """The activities are durable; raises `psycopg.Error` where the database could not take them."""
        loop = asyncio.get_running_loop()
        told: asyncio.Future[Receipt] = loop.create_future()
        self._offers.put(Offer(source, activities, unreadable, loop, told))
        return await told

    def close(self) -> None:
        """Everything offered so far was answered; the thread has ended."""
        self._offers.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (first := self._offers.get()) is not None:
            group = [first]
            rows = len(first.activities)
            while rows < GROUP_ROWS:
                try:
                    more = self._offers.get_nowait()
                except queue.Empty:
                    break
                if more is None:
                    self._offers.put(None)
                    break
                group.append(more)
                rows += len(more.activities)
            self._commit(group)

    def _commit(self, group: list[Offer]) -> None:
        try:
            connection = self._connected()
            with connection.transaction():
                _accept_by_source(connection, group)
        except Exception as error:  # whatever it was, nobody may believe that it is durable
            self._drop_connection()
            if len(group) > 1 and not isinstance(error, psycopg.OperationalError):
                for offer in group:  # one of them is to blame, and it alone is told so
                    self._commit([offer])
                return
            for offer in group:
                _tell(offer, error)
            return
        for offer in group:
            _tell(offer, None)

    def _connected(self) -> psycopg.Connection[Any]:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(conninfo(self._alias), autocommit=True, connect_timeout=3)
        return self._connection

    def _drop_connection(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class Committers:
    """One committer a database, opened when something is first offered to it."""

    def __init__(self) -> None:
        self._opened: dict[str, Committer] = {}

    async def offer(
        self, alias: str, source: str, rows: Sequence[Row], unreadable: Sequence[Unreadable]
    ) -> Receipt:
        """The rows are durable in the database; raises `psycopg.Error` where it could not take them.

        Args:
            alias: a database of people.
            source: which door they came through.
            rows: activities by the names of `ACTIVITY_SCHEMA`; what is missing is null.
            unreadable: for quarantine.
        """
        if alias not in self._opened:
            self._opened[alias] = Committer(alias)
        return await self._opened[alias].offer(source, rows, unreadable)


def _accept_by_source(connection: psycopg.Connection[Any], group: list[Offer]) -> None:
    by_source: dict[str, list[Offer]] = {}
    for offer in group:
        by_source.setdefault(offer.source, []).append(offer)
    for source, offers in sorted(by_source.items()):
        activities = as_table([row for offer in offers for row in offer.activities])
        accept(connection, source, activities, [u for offer in offers for u in offer.unreadable])


def _tell(offer: Offer, error: Exception | None) -> None:
    def settle() -> None:
        if offer.told.done():
            return
        if error is None:
            kept = Receipt(accepted=len(offer.activities), quarantined=len(offer.unreadable))
            offer.told.set_result(kept)
        else:
            offer.told.set_exception(error)

    offer.loop.call_soon_threadsafe(settle)
