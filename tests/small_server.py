"""A platform's API on this machine: real HTTP, what was asked is counted, and what it answers next can be planned."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

from guanxi.channels.asking import open_directory
from guanxi.channels.calling import Way
from guanxi.channels.directory import Directory

Words = dict[str, Any]
Answer = tuple[int, Words]


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def words(self) -> Words:
        found: Words = json.loads(self.body or b"{}")
        return found


@dataclass
class SmallServer:
    """Answers by `answer`, unless something else was planned for a path."""

    calls: Counter[str] = field(default_factory=Counter)
    planned: dict[str, list[Answer]] = field(default_factory=lambda: defaultdict(list))

    def start(self) -> None:
        handler = type("Answering", (_Answering,), {"small": self})
        self._lock = Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def plan(self, path: str, *answers: Answer) -> None:
        """The next requests of the path are answered so."""
        self.planned[path] += answers

    def answer(self, asked: Asked) -> Answer:
        raise NotImplementedError

    def answered(self, asked: Asked) -> Answer:
        with self._lock:
            self.calls[asked.path] += 1
            planned = self.planned[asked.path]
            return planned.pop(0) if planned else self.answer(asked)


class _Answering(BaseHTTPRequestHandler):
    small: SmallServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _serve(self) -> None:
        split = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(split.query, keep_blank_values=True).items()}
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, words = self.small.answered(
            Asked(self.command, split.path, query, dict(self.headers.items()), body)
        )
        said = json.dumps(words).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)


Small = TypeVar("Small", bound=SmallServer)


@contextmanager
def running(server: Small) -> Iterator[Small]:
    """The server answers until the end of the block."""
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def asking(platform: str, **settings: str) -> Iterator[Directory]:
    """An account that can be asked, without waiting between tries."""
    found = open_directory(platform, settings, Way(pause=lambda _: None))
    try:
        yield found
    finally:
        found.close()
