"""One small supervisor: starts the parts of an installation, restarts one that dies, stops them cleanly.

Parts are separate processes that end when the supervisor does; PostgreSQL is one of them unless a server is named.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from guanxi.records.databases import external_url
from guanxi.records.embedded import EmbeddedPostgres
from guanxi.records.installation import Installation
from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.reasons import Refused

_LONGEST_PAUSE = 10.0


@dataclass(slots=True)
class Part:
    """A command of its own that must keep running."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    not_before: float = 0.0

    def start(self, log_folder: Path) -> None:
        """The part runs, writing to its own log."""
        with (log_folder / f"{self.name}.log").open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def has_died(self, now: float) -> bool:
        """Whether it must be started again; one that dies at once waits longer each time."""
        if self.process is None:
            return now >= self.not_before
        if self.process.poll() is None:
            return False
        self.process = None
        self.deaths += 1
        self.not_before = now + min(_LONGEST_PAUSE, 0.2 * 2 ** min(self.deaths - 1, 6))
        return False

    def stop(self, seconds: float = 20.0) -> None:
        """The part has ended: asked first, killed if it does not."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@dataclass(slots=True)
class Supervisor:
    """The process tree of one installation.

    Attributes:
        installation: whose parts they are.
        parts: started in this order, stopped in the other.
        told: called with the name of a part that is started again.
    """

    installation: Installation
    parts: list[Part]
    told: Callable[[str], None] = lambda name: None
    _ending: threading.Event = field(default_factory=threading.Event)
    _server: EmbeddedPostgres | None = None
    _lock: IO[str] | None = None

    def run(self, ready: Callable[[], None] = lambda: None) -> None:
        """Everything runs until `end` is called or a signal to end arrives; then everything has ended."""
        self._take_lock()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.end())
        try:
            self._start_database()
            ready()
            while not self._ending.wait(0.2):
                self._tend()
        finally:
            for part in reversed(self.parts):
                part.stop()
            if self._server is not None:
                self._server.stop()

    def end(self) -> None:
        """`run` will return soon."""
        self._ending.set()

    def _take_lock(self) -> None:
        self._lock = (self.installation.folder / "serving.lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused("already_serving", str(self.installation.folder)) from None

    def _start_database(self) -> None:
        if any(external_url(side) is None for side in Side):
            self._server = EmbeddedPostgres(self.installation)
            self._server.start()

    def _tend(self) -> None:
        if self._server is not None and self._server.has_died():
            self.told("postgres")
            self._server.start()
        now = time.monotonic()
        for part in self.parts:
            if part.has_died(now):
                if part.deaths:
                    self.told(part.name)
                part.start(self.installation.log_folder)


def python_part(name: str, module: str, *arguments: str) -> Part:
    """A part that is a Python module of ours."""
    return Part(name, [sys.executable, "-m", module, *arguments])
