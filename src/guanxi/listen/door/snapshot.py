"""What the door knows of the databases (keys, accounts, rules) without asking them at each request.

Knows how old its knowledge is and never serves it older than promised; refuses nothing.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Snapshot(Generic[T]):
    """Something read from a database, at most so many seconds old; one reader at a time, in a thread.

    Args:
        read: reads it afresh; what it raises reaches whoever had to wait for it.
        seconds: how old it may be; from half of that on it is read anew while the old still serves.
    """

    def __init__(self, read: Callable[[], T], seconds: float = 4.0) -> None:
        self._read = read
        self._seconds = seconds
        self._read_at = float("-inf")
        self._reading: asyncio.Task[T] | None = None
        self._known: T

    async def get(self) -> T:
        """What is known, at most so old."""
        age = time.monotonic() - self._read_at
        if age <= self._seconds:
            if age > self._seconds / 2:
                self._begin()
            return self._known
        return await asyncio.shield(self._begin())

    def _begin(self) -> asyncio.Task[T]:
        """The reading that is under way, begun now if none is."""
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._again())
            self._reading.add_done_callback(lambda task: task.cancelled() or task.exception())
        return self._reading

    async def _again(self) -> T:
        began = time.monotonic()
        self._known = await asyncio.to_thread(self._read)
        self._read_at = began
        return self._known
