"""Other doors for the same requests: `python rivals.py NAME PORT`, with the installation in GUANXI_DATA.

`nothing stored` reads the body and answers; `commit each` is our own desk with a transaction for each request;
`insert each` is what one would write first: decode, one INSERT with a text key, commit.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import uvloop
from granian.constants import Interfaces
from granian.server.embed import Server

from guanxi.listen.accept import Receipt, Unreadable, accept
from guanxi.listen.door.front import Door
from guanxi.listen.door.group import Committers
from guanxi.listen.door.rsgi import Entrance
from guanxi.listen.rows import Row, as_table
from guanxi.listen.track.desk import TrackDesk
from guanxi.records.databases import SOCIAL, conninfo

THREADS = 16
THANKS = b'{"success":true}'
HEADERS = [("content-type", "application/json"), ("content-length", str(len(THANKS)))]


class Pool:
    """Connections, one a thread, on which work is done away from the loop."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS)
        self._idle = [psycopg.connect(conninfo(SOCIAL), autocommit=True) for _ in range(THREADS)]

    async def on(self, work: Callable[[psycopg.Connection[Any]], None]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._threads, self._done, work)

    def _done(self, work: Callable[[psycopg.Connection[Any]], None]) -> None:
        connection = self._idle.pop()
        try:
            with connection.transaction():
                work(connection)
        finally:
            self._idle.append(connection)


class CommitEach(Committers):
    """Makes each offer durable by itself."""

    def __init__(self) -> None:
        super().__init__()
        self._pool = Pool()

    async def offer(
        self, alias: str, source: str, rows: Sequence[Row], unreadable: Sequence[Unreadable]
    ) -> Receipt:
        def work(connection: psycopg.Connection[Any]) -> None:
            accept(connection, source, as_table(rows), unreadable)

        await self._pool.on(work)
        return Receipt(accepted=len(rows))


class InsertEach:
    """A row an event."""

    def __init__(self) -> None:
        with psycopg.connect(conninfo(SOCIAL), autocommit=True) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS naive (key text PRIMARY KEY, body jsonb)")
        self._pool = Pool()

    async def __rsgi__(self, scope: Any, exchange: Any) -> None:
        event = json.loads(await exchange())

        def work(connection: psycopg.Connection[Any]) -> None:
            words = (event["messageId"], json.dumps(event))
            connection.execute("INSERT INTO naive VALUES (%s, %s) ON CONFLICT DO NOTHING", words)

        await self._pool.on(work)
        exchange.response_bytes(200, HEADERS, THANKS)


class NothingStored:
    """The limit: whatever is sent is read and thanked for."""

    async def __rsgi__(self, scope: Any, exchange: Any) -> None:
        await exchange()
        exchange.response_bytes(200, HEADERS, THANKS)


def opened(name: str) -> object:
    if name == "commit each":
        return Entrance(Door({"v1": TrackDesk(CommitEach())}))
    return InsertEach() if name == "insert each" else NothingStored()


async def main(name: str, port: int) -> None:
    server = Server(opened(name), port=port, interface=Interfaces.RSGI)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, server.stop)
    await server.serve()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(sys.argv[1], int(sys.argv[2])))
