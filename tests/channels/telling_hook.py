"""A hook on this machine that keeps what it gets and answers as it is told to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl
from wsgiref.simple_server import WSGIRequestHandler

Answerer = Callable[[dict[str, str], bytes], tuple[int, bytes]]


@dataclass
class Hook:
    """A hook that keeps what it gets and answers as it is told to."""

    address: str = ""
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answer: Answerer = lambda query, body: (200, b"success")

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        query = dict(parse_qsl(environ["QUERY_STRING"]))
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        self.heard.append((query, body))
        status, answer = (200, query["echostr"].encode()) if "echostr" in query else self.answer(query, body)
        start(f"{status} so", [("Content-Length", str(len(answer)))])
        return [answer]


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass
