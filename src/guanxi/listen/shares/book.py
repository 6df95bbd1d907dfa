"""Where openings are written: what many requests bring at once commits in one transaction, activities included.

One transaction at a time in the social database; a request waits for the one that holds its own. Where the
database is away everyone who waits is told so, and the next one tries again.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import psycopg

from guanxi.listen.accept import accept
from guanxi.listen.rows import Row, as_table
from guanxi.listen.shares.verdicts import Verdict
from guanxi.records.databases import SOCIAL, conninfo

GROUP_MAX = 200
SOURCE = "pages"
# Two doors met over the same rows in another order: whoever tries again finds them free.
_MET = (psycopg.errors.UniqueViolation, psycopg.errors.DeadlockDetected)


class Tally(NamedTuple):
    """What is counted together: a page, the mark that led to it, a day, and what became of it."""

    page: int
    mark: int | None
    day: date
    verdict: Verdict


@dataclass(slots=True)
class Sheet:
    """What is written in one transaction.

    Attributes:
        connection: on the social database, within the transaction.
        told: activities for the inbox.
        tallies: how often each verdict was given.
    """

    connection: psycopg.Connection[Any]
    told: list[Row] = field(default_factory=list)
    tallies: Counter[Tally] = field(default_factory=Counter)

    def close(self) -> None:
        """Activities and counts are in the open transaction."""
        if self.told:
            accept(self.connection, SOURCE, as_table(self.told))
        with self.connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO share_verdict (page, token, day, verdict, n) VALUES (%s, %s, %s, %s, %s)",
                [(*tally, n) for tally, n in self.tallies.items()],
            )


Entry = Callable[[Sheet], Any]


class Book:
    """Writes entries durably, as many in a transaction as wait."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Entry, asyncio.Future[Any]]] = []
        self._writing: asyncio.Task[None] | None = None
        self._connection: psycopg.Connection[Any] | None = None

    async def write(self, entry: Entry) -> Any:
        """What the entry returned, once everything that it wrote is durable.

        Raises:
            psycopg.Error: the database could not take it; nothing was written.
        """
        told: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append((entry, told))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all())
        return await told

    async def _write_all(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:GROUP_MAX], self._waiting[GROUP_MAX:]
            outcomes = await asyncio.to_thread(self._commit, [entry for entry, _ in group])
            for (_, told), outcome in zip(group, outcomes, strict=True):
                _settle(told, outcome)

    def _commit(self, entries: list[Entry], again: bool = True) -> list[Any]:
        try:
            return self._transact(entries)
        except Exception as error:  # whatever it was, nobody may believe that it is durable
            if self._connection is not None:
                self._connection.close()
            if len(entries) > 1 and (
                isinstance(error, _MET) or not isinstance(error, psycopg.OperationalError)
            ):
                return [outcome for entry in entries for outcome in self._commit([entry])]
            if again and isinstance(error, _MET):
                return self._commit(entries, again=False)
            return [error] * len(entries)

    def _transact(self, entries: list[Entry]) -> list[Any]:
        connection = self._connected()
        # In a pipeline only a question waits for its answer; what is written goes along with the next one.
        with connection.pipeline(), connection.transaction():
            sheet = Sheet(connection)
            outcomes = [entry(sheet) for entry in entries]
            sheet.close()
        return outcomes

    def _connected(self) -> psycopg.Connection[Any]:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(conninfo(SOCIAL), autocommit=True, connect_timeout=3)
        return self._connection


def _settle(told: asyncio.Future[Any], outcome: Any) -> None:
    if told.done():
        return
    if isinstance(outcome, Exception):
        told.set_exception(outcome)
    else:
        told.set_result(outcome)
