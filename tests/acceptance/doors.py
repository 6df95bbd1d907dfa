"""A front door of its own process on the test's installation, and pages of a brand on another origin."""

from __future__ import annotations

import contextlib
import http.server
import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from running import GUANXI, answers, environment, until

from guanxi.listen.parcel import unpack
from guanxi.records.databases import CUSTOMERS, SOCIAL, raw
from guanxi.records.installation import Installation

ROOT = Path(__file__).resolve().parents[2]

# Playwright's own loop runs in the thread of the test, which is no reason for Django to refuse it the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextlib.contextmanager
def open_door(house: Installation) -> Iterator[str]:
    """The address of a running front door."""
    port = free_port()
    with (house.log_folder / "door.log").open("ab") as log:
        running = subprocess.Popen(
            [*GUANXI, "part", "door", "--port", str(port)],
            env=environment(house.folder),
            stdout=log,
            stderr=log,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        until(lambda: answers(f"{address}/healthz"), "the front door")
        yield address
    finally:
        running.terminate()
        running.wait(20)


@contextlib.contextmanager
def pages(found: Mapping[str, tuple[str, str | bytes]]) -> Iterator[str]:
    """The origin at which pages (path to type and text) are served; what is not there is 404."""

    class Pages(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, text = found.get(self.path.partition("?")[0], ("", ""))
            body = text.encode() if isinstance(text, str) else text
            self.send_response(200 if kind else 404)
            self.send_header("content-type", kind or "text/plain")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def heard(alias: str) -> list[dict[str, object]]:
    """The activities in an inbox, in the order of their commits."""
    bodies = [body for (body,) in raw(alias).execute("SELECT body FROM inbox ORDER BY xid, seq")]
    return unpack(bodies).to_pylist() if bodies else []


def kinds_heard(wanted: set[str], seconds: float = 20.0) -> list[dict[str, object]]:
    """All that was heard, once every wanted kind is among it."""
    deadline = time.monotonic() + seconds
    while True:
        found = heard(SOCIAL) + heard(CUSTOMERS)
        if wanted <= {str(row["kind"]) for row in found} or time.monotonic() > deadline:
            return found
        time.sleep(0.1)
