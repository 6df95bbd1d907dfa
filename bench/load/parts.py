"""Parts of an installation as processes of their own, for as long as a bench wants them."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

OPENING_SECONDS = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    """The command runs and is asked to end at last."""
    with subprocess.Popen([sys.executable, *command], stdout=subprocess.DEVNULL, stderr=None) as process:
        try:
            yield process
        finally:
            process.terminate()


@contextmanager
def listening(command: Sequence[str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The command runs and answers at the port."""
    with running(command) as process:
        deadline = time.monotonic() + OPENING_SECONDS
        while not _answers(port):
            if time.monotonic() > deadline or process.poll() is not None:
                raise SystemExit(f"{' '.join(command)} did not open")
            time.sleep(0.1)
        yield process


def part(name: str, folder: Path, *options: str) -> list[str]:
    """The command of a part of the installation."""
    return ["-m", "guanxi.cli", "part", name, "--data", str(folder), *options]


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True
