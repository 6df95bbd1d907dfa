"""Counts what became of requests that were passed on: one row an account, written every few seconds.

A process that is asked to end writes what it counted; one that is killed loses the counts of the last seconds, which
are no record of anybody: what was relayed is heard and kept all the same.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg

from guanxi.records.databases import RELATIONSHIP, conninfo

WRITE_SECONDS = 5.0
_log = logging.getLogger(__name__)
_WRITE = """
INSERT INTO relay_state AS known (source, passed, failed, last_passed_at, last_failed_at, last_failure, failing_since)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (source) DO UPDATE SET
    passed = known.passed + excluded.passed,
    failed = known.failed + excluded.failed,
    last_passed_at = coalesce(excluded.last_passed_at, known.last_passed_at),
    last_failed_at = coalesce(excluded.last_failed_at, known.last_failed_at),
    last_failure = CASE WHEN excluded.failed > 0 THEN excluded.last_failure ELSE known.last_failure END,
    failing_since = CASE WHEN excluded.passed > 0 THEN excluded.failing_since
        ELSE coalesce(known.failing_since, excluded.failing_since) END
"""


@dataclass(slots=True)
class Count:
    """What became of an account's requests since it was last written."""

    passed: int = 0
    failed: int = 0
    last_passed_at: datetime | None = None
    last_failed_at: datetime | None = None
    last_failure: str = ""
    failing_since: datetime | None = None

    def note(self, failure: str, at: datetime) -> None:
        """One more request: passed on, or not because of ``failure``."""
        if not failure:
            self.passed += 1
            self.last_passed_at, self.failing_since = at, None
            return
        self.failed += 1
        self.last_failed_at, self.last_failure = at, failure
        self.failing_since = self.failing_since or at


class RelayTally:
    """Counts by account; one of a process."""

    def __init__(self) -> None:
        self._counts: dict[str, Count] = {}
        self._writing: asyncio.Task[None] | None = None
        self._ending = asyncio.Event()

    def count(self, source: str, failure: str = "") -> None:
        """The outcome is counted, and written a few seconds from now with all others."""
        self._counts.setdefault(source, Count()).note(failure, datetime.now(UTC))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all())

    async def close(self) -> None:
        """All that was counted is written; what is counted from now on is written at once."""
        self._ending.set()
        while self._writing is not None and not self._writing.done():
            await self._writing

    async def _write_all(self) -> None:
        """What is counted while others are written is not left behind."""
        while self._counts:
            await self._write_soon()

    async def _write_soon(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._ending.wait(), WRITE_SECONDS)
        counts, self._counts = self._counts, {}
        try:
            await asyncio.to_thread(_write, counts)
        except (psycopg.Error, OSError) as error:
            _log.warning("relay counts are lost: %s", str(error).partition("\n")[0])


def _write(counts: dict[str, Count]) -> None:
    with psycopg.connect(conninfo(RELATIONSHIP), connect_timeout=3) as connection:
        for source, one in sorted(counts.items()):
            row = (one.passed, one.failed, one.last_passed_at, one.last_failed_at, one.last_failure)
            connection.execute(_WRITE, (source, *row, one.failing_since))
