"""Where openings are written: what many requests bring at once commits in one transaction, activities included.

One transaction at a time in the social database; a request waits for the one that holds its own. Wishes of one kind are
done together, so that the database is asked once a group and not once a wish. Where it is away everyone who waits is
told so, and the next one tries again.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, TypeVar

import psycopg

from guanxi.listen.accept import accept
from guanxi.listen.rows import Row, as_table
from guanxi.listen.shares.verdicts import Verdict
from guanxi.records.databases import SOCIAL, conninfo

GROUP_MAX = 200
SOURCE = "pages"
# Two doors met over the same rows in another order: whoever tries again finds them free.
_MET = (psycopg.errors.UniqueViolation, psycopg.errors.DeadlockDetected)
# Whatever is asked here is asked by key: a plan made while tables were small must not read them whole later.
_BY_KEY = "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off"
Wish = TypeVar("Wish")
Outcome = TypeVar("Outcome")


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
        connection: on the social database, within the transaction and a pipeline: whoever asks several questions
            before reading the first answer waits once.
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
        if self.tallies:
            pages, marks, days, verdicts = zip(*self.tallies, strict=True)
            self.connection.execute(
                "INSERT INTO share_verdict (page, token, day, verdict, n) SELECT * FROM "
                "unnest(%b::bigint[], %b::bigint[], %b::date[], %b::text[], %b::bigint[])",
                (
                    list(pages),
                    list(marks),
                    list(days),
                    [v.value for v in verdicts],
                    list(self.tallies.values()),
                ),
            )


Deed = Callable[[Sheet, Sequence[Wish]], Sequence[Outcome]]
"""Does all wishes of a group in their order; says what became of each."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A wish, what does it, whom to tell when it is durable, and whether it ends what others of its group begin."""

    deed: Deed[Any, Any]
    wish: Any
    told: asyncio.Future[Any]
    ends: bool


class Book:
    """Does wishes durably, as many in a transaction as wait."""

    def __init__(self) -> None:
        self._waiting: list[Entry] = []
        self._writing: asyncio.Task[None] | None = None
        self._connection: psycopg.Connection[Any] | None = None

    async def write(self, deed: Deed[Wish, Outcome], wish: Wish, ends: bool = False) -> Outcome:
        """What became of the wish, once everything that was written for it is durable.

        Args:
            deed: what does it.
            wish: what is wanted.
            ends: it ends what another wish begins, which may stand in the same group: it is done after those.

        Raises:
            psycopg.Error: the database could not take it; nothing was written.
        """
        told: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append(Entry(deed, wish, told, ends))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all())
        return await told

    async def _write_all(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:GROUP_MAX], self._waiting[GROUP_MAX:]
            outcomes = await asyncio.to_thread(self._commit, group)
            for entry, outcome in zip(group, outcomes, strict=True):
                _settle(entry.told, outcome)

    def _commit(self, entries: list[Entry], again: bool = True) -> list[Any]:
        try:
            return self._transact(entries)
        except Exception as error:  # whatever it was, nobody may believe that it is durable
            if self._connection is not None:
                self._connection.close()
            if again and isinstance(error, _MET):
                return self._commit(entries, again=False)
            if len(entries) > 1 and (
                isinstance(error, _MET) or not isinstance(error, psycopg.OperationalError)
            ):
                return [outcome for entry in entries for outcome in self._commit([entry])]
            return [error] * len(entries)

    def _transact(self, entries: list[Entry]) -> list[Any]:
        connection = self._connected()
        with connection.pipeline():
            connection.execute("BEGIN")
            sheet = Sheet(connection)
            outcomes = _done(sheet, entries)
            sheet.close()
            connection.execute("COMMIT")
        return outcomes

    def _connected(self) -> psycopg.Connection[Any]:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(
                conninfo(SOCIAL), autocommit=True, connect_timeout=3, options=_BY_KEY
            )
        return self._connection


def _done(sheet: Sheet, entries: list[Entry]) -> list[Any]:
    """What became of each; nobody in a group has had an answer, so what begins may go before what ends."""
    places: dict[Deed[Any, Any], list[int]] = {}
    for place in sorted(range(len(entries)), key=lambda place: entries[place].ends):
        places.setdefault(entries[place].deed, []).append(place)
    found: dict[int, Any] = {}
    for deed, mine in places.items():
        found |= zip(mine, deed(sheet, [entries[place].wish for place in mine]), strict=True)
    return [found[place] for place in range(len(entries))]


def _settle(told: asyncio.Future[Any], outcome: Any) -> None:
    if told.done():
        return
    if isinstance(outcome, Exception):
        told.set_exception(outcome)
    else:
        told.set_result(outcome)
