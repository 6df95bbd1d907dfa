"""The console of an installation served as `guanxi serve` does, and somebody who may see everything let in."""

from __future__ import annotations

import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

NAME = "bench"
COOKIE = "sessionid"
OPENING_SECONDS = 60.0


@dataclass(frozen=True)
class Visit:
    """One served console and the session of somebody who has come in."""

    address: str
    session: str

    def get(self, path: str) -> bytes:
        """The whole answer of a page, which must be one."""
        asked = urllib.request.Request(self.address + path, headers={"Cookie": f"{COOKIE}={self.session}"})
        with urllib.request.urlopen(asked, timeout=600) as answer:
            body: bytes = answer.read()
        return body


@contextmanager
def visited(folder: Path) -> Iterator[Visit]:
    """The console of the installation that is open in this process is served; an administrator has come in."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    from guanxi.composition.people import let_in

    let_in(NAME, "admin", secrets.token_urlsafe())
    somebody = get_user_model().objects.filter(username=NAME)
    came_in = Client()
    came_in.force_login(somebody.get())
    try:
        with served(folder) as address:
            yield Visit(address, came_in.cookies[COOKIE].value)
    finally:
        somebody.update(is_active=False)  # what is measured may be a brand's own installation


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of the installation's web part, while it runs."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "guanxi.cli", "part", "web", "--data", str(folder), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=None) as process:
        try:
            _await(f"http://127.0.0.1:{port}/login/")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _await(page: str) -> None:
    deadline = time.monotonic() + OPENING_SECONDS
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(page, timeout=OPENING_SECONDS).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the console did not open")
