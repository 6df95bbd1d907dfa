"""Group commit: what many requests bring at once becomes durable in one transaction, and each is told after it.

Two lanes a database, each a thread with a connection. Many single requests share one lane, for every group costs a
commit; whoever brings many activities at once takes whichever is free. Where the database is away, every waiting
request is told so, and the next one tries again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import psycopg

from guanxi.listen.accept import Receipt, Unreadable, accept
from guanxi.listen.rows import Row, as_table
from guanxi.records.databases import conninfo

LANES = 2
GATHER_SECONDS = 0.003
ENOUGH_ROWS = 500
"""So many neither wait for more nor for a smaller group that is under way."""
GROUP_ROWS = 20_000
# Two transactions met over the same rows in another order: whoever tries again finds them free.
_MET = (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure)


@dataclass(frozen=True, slots=True)
class Offer:
    """Some activities of one source, and whom to tell when they are durable."""

    source: str
    activities: Sequence[Row]
    unreadable: Sequence[Unreadable]
    told: asyncio.Future[Receipt]


Outcome = tuple[Offer, Exception | None]


class Lane:
    """Makes one group after another durable, on a connection of its own."""

    def __init__(self, alias: str) -> None:
        self._alias = alias
        self._connection: psycopg.Connection[Any] | None = None

    def commit(self, group: list[Offer], again: bool = True) -> list[Outcome]:
        """Each offer of the group with the error that kept it from being durable, if any."""
        try:
            _accept_by_source(self._connected(), group)
        except Exception as error:  # whatever it was, nobody may believe that it is durable
            self._drop_connection()
            if again and isinstance(error, _MET):
                return self.commit(group, again=False)
            if len(group) > 1 and not isinstance(error, psycopg.OperationalError):
                return [self.commit([offer])[0] for offer in group]  # one is to blame, it alone is told so
            return [(offer, error) for offer in group]
        return [(offer, None) for offer in group]

    def _connected(self) -> psycopg.Connection[Any]:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(conninfo(self._alias), autocommit=True, connect_timeout=3)
        return self._connection

    def _drop_connection(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class Committer:
    """Makes offers durable in one database, as many in a transaction as wait."""

    def __init__(self, alias: str) -> None:
        self._waiting: list[Offer] = []
        self._rows = 0
        self._gathering: asyncio.TimerHandle | None = None
        self._small: Lane | None = None
        self._idle = [Lane(alias) for _ in range(LANES)]
        self._threads = ThreadPoolExecutor(LANES, f"commit-{alias}")

    async def offer(
        self, source: str, activities: Sequence[Row], unreadable: Sequence[Unreadable]
    ) -> Receipt:
        """The activities are durable; raises `psycopg.Error` where the database could not take them."""
        loop = asyncio.get_running_loop()
        told: asyncio.Future[Receipt] = loop.create_future()
        self._waiting.append(Offer(source, activities, unreadable, told))
        self._rows += len(activities)
        self._gather(loop)
        return await told

    def _gather(self, loop: asyncio.AbstractEventLoop) -> None:
        """A group begins a moment from now, so that it holds those who were answered together and come again."""
        if not self._idle or not self._waiting:
            return
        if self._rows >= ENOUGH_ROWS:
            self._begin(loop)
        elif self._gathering is None and self._small is None:
            self._gathering = loop.call_later(GATHER_SECONDS, self._begin, loop)

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """The offers that wait, up to the measure of a group, are on their way."""
        if self._gathering is not None:
            self._gathering.cancel()
            self._gathering = None
        if not self._idle:
            return  # larger groups took every lane in the meantime; the first that is free takes what waits
        rows = taken = 0
        while taken < len(self._waiting) and rows < GROUP_ROWS:
            rows += len(self._waiting[taken].activities)
            taken += 1
        group, self._waiting = self._waiting[:taken], self._waiting[taken:]
        self._rows -= rows
        lane = self._idle.pop()
        if rows < ENOUGH_ROWS:
            self._small = lane
        committing = loop.run_in_executor(self._threads, lane.commit, group)
        committing.add_done_callback(lambda committed: self._over(lane, committed))

    def _over(self, lane: Lane, committed: asyncio.Future[list[Outcome]]) -> None:
        """Everybody in the group is told, and the lane is free for the next."""
        self._idle.append(lane)
        self._small = None if self._small is lane else self._small
        for offer, error in committed.result():
            if offer.told.done():
                continue
            if error is None:
                offer.told.set_result(
                    Receipt(accepted=len(offer.activities), quarantined=len(offer.unreadable))
                )
            else:
                offer.told.set_exception(error)
        self._gather(committed.get_loop())


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
    """The group is durable: two turns to the database and back, one for what is known, one for all the rest."""
    by_source: dict[str, list[Offer]] = {}
    for offer in group:
        by_source.setdefault(offer.source, []).append(offer)
    with connection.pipeline():
        connection.execute("BEGIN")
        for source, offers in sorted(by_source.items()):
            activities = as_table([row for offer in offers for row in offer.activities])
            accept(connection, source, activities, [u for offer in offers for u in offer.unreadable])
        connection.execute("COMMIT")
