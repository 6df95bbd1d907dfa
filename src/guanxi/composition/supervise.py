"""One small supervisor: starts the parts of an installation, restarts one that dies, stops them cleanly.

Parts are separate processes that end when the supervisor does; PostgreSQL is one of them unless a server is named.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from guanxi.records.databases import external_url
from guanxi.records.embedded import EmbeddedPostgres
from guanxi.records.installation import Installation
from guanxi.records.parting import ending_with_us
from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.reasons import Refused

_LONGEST_PAUSE = 10.0
_STEADY_SECONDS = 60.0
_PARTING_SECONDS = 20.0
_TURN_SECONDS = 0.2


@dataclass(slots=True)
class Part:
    """A command of its own that must keep running."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    started: float = 0.0
    not_before: float = 0.0

    def start(self, log_folder: Path, now: float) -> None:
        """The part runs, writing to its own log."""
        with (log_folder / f"{self.name}.log").open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=ending_with_us(),
            )
        self.started = now

    def must_start(self, now: float) -> bool:
        """Whether it must be started now; one that dies at once waits longer each time."""
        if self.process is None:
            return now >= self.not_before
        if self.process.poll() is None:
            return False
        self._end_group()
        self.process = None
        self.deaths = 1 if now - self.started > _STEADY_SECONDS else self.deaths + 1
        self.not_before = now + min(_LONGEST_PAUSE, 0.2 * 2 ** min(self.deaths - 1, 6))
        return False

    def ask_to_end(self) -> None:
        """The part was asked to end."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def stop(self, seconds: float) -> None:
        """The part has ended, and whatever it started: killed if it did not within the time."""
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(seconds, 0.0))
        self._end_group()
        self.process.wait()
        self.process = None

    def _end_group(self) -> None:
        """Children that a killed part left behind still hold its port: they end too."""
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


@dataclass(slots=True)
class Supervisor:
    """The process tree of one installation.

    Attributes:
        installation: whose parts they are.
        parts: started in this order, asked to end in the other.
        told: called with the name of a part that is started again.
        front_door: where the front door is on this machine; said in the installation's folder.
    """

    installation: Installation
    parts: list[Part]
    told: Callable[[str], None] = lambda name: None
    front_door: str = ""
    _ending: bool = False
    _server: EmbeddedPostgres | None = None
    _server_not_before: float = 0.0

    def run(self) -> None:
        """Everything runs until `end` is called or a signal to end arrives; then everything has ended."""
        with self._alone():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: self.end())
            try:
                self._start_database()
                while not self._ending:
                    self._tend(time.monotonic())
                    time.sleep(_TURN_SECONDS)
            finally:
                self._stop()

    def end(self) -> None:
        """`run` will return soon; a plain flag, for a signal may arrive at any instruction."""
        self._ending = True

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        with self.installation.serving_path.open("a", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Refused("already_serving", str(self.installation.folder)) from None
            lock.truncate(0)
            lock.write(self.front_door)
            lock.flush()
            yield

    def _start_database(self) -> None:
        if any(external_url(side) is None for side in Side):
            self._server = EmbeddedPostgres(self.installation)
            self._server.start()

    def _tend(self, now: float) -> None:
        self._tend_database(now)
        for part in self.parts:
            if part.must_start(now):
                if part.deaths:
                    self.told(part.name)
                part.start(self.installation.log_folder, now)

    def _tend_database(self, now: float) -> None:
        if self._server is None or now < self._server_not_before or not self._server.has_died():
            return
        self.told("postgres")
        try:
            self._server.start()
        except Refused:  # its log says why; the parts answer "not now" until it is back
            self._server_not_before = now + _LONGEST_PAUSE

    def _stop(self) -> None:
        for part in reversed(self.parts):
            part.ask_to_end()
        deadline = time.monotonic() + _PARTING_SECONDS
        for part in reversed(self.parts):
            part.stop(deadline - time.monotonic())
        if self._server is not None:
            self._server.stop()


def python_part(name: str, module: str, *arguments: str) -> Part:
    """A part that is a Python module of ours."""
    return Part(name, [sys.executable, "-m", module, *arguments])
