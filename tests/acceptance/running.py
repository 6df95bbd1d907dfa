"""Real commands on a folder of their own: started, watched, killed, and none left behind."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx
import psutil

PATIENCE = 90.0
T = TypeVar("T")
GUANXI = [sys.executable, "-W", "ignore", "-m", "guanxi.cli"]


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GUANXI_")}
    return {**kept, "GUANXI_DATA": str(folder), **more}


def guanxi(folder: Path, *arguments: str, seconds: float = PATIENCE, **more: str) -> str:
    """What a command printed; it must succeed."""
    done = subprocess.run(
        [*GUANXI, *arguments],
        env=environment(folder, **more),
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert done.returncode == 0, f"{arguments}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
    return done.stdout


def verified(folder: Path, *options: str, **more: str) -> dict[str, str]:
    """The details of `guanxi verify`, by check; every check must hold."""
    told = json.loads(guanxi(folder, "verify", "--json", *options, **more))
    assert told["clean"], [check for check in told["checks"] if not check["holds"]]
    return {check["name"]: check["detail"] for check in told["checks"]}


def until(found: Callable[[], T | None], what: str, seconds: float = PATIENCE) -> T:
    """What was waited for."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = found()
        if answer:
            return answer
        time.sleep(0.05)
    raise AssertionError(f"waited in vain for {what}")


def free_pair() -> int:
    """A port that is free together with the next one."""
    for _ in range(100):
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            with contextlib.suppress(OSError, OverflowError):
                second.bind(("127.0.0.1", port + 1))
                return int(port)
    raise AssertionError("no two neighbouring ports are free")


def belonging(folder: Path) -> list[psutil.Process]:
    """Every process that works for the installation in the folder, but not ourselves."""
    return [p for p in psutil.process_iter() if p.pid != os.getpid() and _belongs(p, str(folder))]


def _belongs(process: psutil.Process, folder: str) -> bool:
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        at_work = process.cwd().startswith(folder) or folder in " ".join(process.cmdline())
        return at_work or process.environ().get("GUANXI_DATA") == folder
    except psutil.Error:
        return False


@contextlib.contextmanager
def nobody_left(folder: Path) -> Iterator[None]:
    """Whatever happens in the block, no process of the installation outlives it."""
    try:
        yield
    finally:
        for process in belonging(folder):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        until(lambda: not belonging(folder), "the end of every process")


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2, follow_redirects=True).status_code == 200
    except httpx.HTTPError:
        return False


@dataclass
class Serving:
    """`guanxi serve` on a folder."""

    folder: Path
    port: int = field(default_factory=free_pair)
    process: Any = None

    def start(self) -> None:
        with (self.folder.parent / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*GUANXI, "serve", "--port", str(self.port)],
                env=environment(self.folder),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.await_answers()

    @property
    def web(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def door(self) -> str:
        return f"http://127.0.0.1:{self.port + 1}"

    def await_answers(self) -> None:
        until(lambda: answers(f"{self.door}/healthz") and answers(f"{self.web}/"), "web and front door")
        until(lambda: self.part("worker"), "the worker")

    def part(self, name: str) -> psutil.Process | None:
        """The process of one part; ``postgres`` is the server's first."""
        with contextlib.suppress(psutil.Error):
            for child in psutil.Process(self.process.pid).children():
                words = child.cmdline()
                if name == "postgres" and child.name() == "postgres" and "-D" in words:
                    return child
                if words[-1:] and "part" in words and words[words.index("part") + 1] == name:
                    return child
        return None

    def kill(self, name: str) -> None:
        """One part was killed without warning, and another has taken its place."""
        victim = until(lambda: self.part(name), name)
        victim.kill()
        until(lambda: (now := self.part(name)) and now.pid != victim.pid, f"another {name}")

    def kill_supervisor(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """Asked to end; says with which code it did."""
        self.process.send_signal(signal.SIGTERM)
        return int(self.process.wait(PATIENCE))
