"""Echo's receiver: an HTTP server that verifies, keeps and acknowledges messages, or misbehaves on purpose.

``PUT /messages/<id>`` accepts one message; ``GET /messages/<id>`` says whether it came. Loopback only.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from uuid import UUID
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import StartResponse, WSGIEnvironment

from guanxi.channels.echo.chaos import CALM, Chaos, Mood
from guanxi.channels.echo.mailbox import Mailbox
from guanxi.channels.echo.signing import SIGNATURE, TIMESTAMP, is_signed

BODY_BYTES_MAX = 64 * 1024
LINES = {
    200: "200 OK",
    400: "400 Bad Request",
    401: "401 Unauthorized",
    404: "404 Not Found",
    410: "410 Gone",
    413: "413 Content Too Large",
    503: "503 Service Unavailable",
}
Answer = tuple[int, dict[str, Any]]


@dataclass
class Receiver:
    """A running receiver; ``chaos`` may be changed while it runs."""

    mailbox: Mailbox
    secret: bytes
    clock: Callable[[], float] = time.time
    chaos: Chaos = CALM
    address: str = ""
    _server: WSGIServer | None = field(default=None, repr=False)

    def received(self) -> list[dict[str, Any]]:
        """Every message that was kept, repeats included."""
        return self.mailbox.received()

    def stop(self) -> None:
        """The server has stopped and its file is closed."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
        self.mailbox.close()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answers one request (WSGI)."""
        status, words = self._answer(environ)
        content = b"<html>" if words.pop("garbled", False) else json.dumps(words).encode()
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(content)))]
        start_response(LINES[status], headers)
        return [content]

    def _answer(self, environ: WSGIEnvironment) -> Answer:
        message_id = _message_id(environ["PATH_INFO"])
        if message_id is None:
            return 404, {"code": "no_such_place"}
        length = environ.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > BODY_BYTES_MAX:
            return 413, {"code": "too_long"}
        body = environ["wsgi.input"].read(int(length))
        if not self._is_signed(environ, message_id, body):
            return 401, {"code": "signature"}
        if environ["REQUEST_METHOD"] == "GET":
            receipt = self.mailbox.receipt(message_id)
            return (200, {"receipt": receipt}) if receipt else (410, {"code": "never_came"})
        return self._accept(message_id, body)

    def _is_signed(self, environ: WSGIEnvironment, message_id: str, body: bytes) -> bool:
        signed = f"{environ['REQUEST_METHOD']} {message_id}\n".encode() + body
        timestamp, signature = (environ.get(_header(name), "") for name in (TIMESTAMP, SIGNATURE))
        return is_signed(self.secret, timestamp, signature, signed, int(self.clock()))

    def _accept(self, message_id: str, body: bytes) -> Answer:
        letter = _letter(body)
        if letter is None:
            return 400, {"code": "unreadable"}
        mood = self.chaos.mood(message_id)
        if mood is Mood.REFUSING:
            return 503, {"code": "busy"}
        if mood is Mood.BLOCKED:
            return 410, {"code": "blocked"}
        receipt, repeated = self.mailbox.accept(message_id, letter)
        if mood is Mood.SILENT:
            time.sleep(self.chaos.silence_seconds)
        return 200, {"receipt": receipt, "repeated": repeated, "garbled": mood is Mood.GARBLED}


def start(folder: Path, secret: bytes, port: int = 0, clock: Callable[[], float] = time.time) -> Receiver:
    """A receiver that keeps its messages in ``folder`` and listens on loopback (0: any free port)."""
    receiver = Receiver(Mailbox(folder), secret, clock)
    server = make_server("127.0.0.1", port, receiver, server_class=_Threaded, handler_class=_Quiet)
    receiver.address = f"http://127.0.0.1:{server.server_port}"
    receiver._server = server
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True, name="echo-receiver").start()
    return receiver


class _Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """A sender that hung up is not our error."""


class _Quiet(WSGIRequestHandler):
    def address_string(self) -> str:
        return str(self.client_address[0])

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is logged: the mailbox is the record."""


def _header(name: str) -> str:
    return "HTTP_" + name.upper().replace("-", "_")


def _message_id(path: str) -> str | None:
    place, _, text = path.removeprefix("/").partition("/")
    try:
        return str(UUID(text)) if place == "messages" else None
    except ValueError:
        return None


def _letter(body: bytes) -> dict[str, Any] | None:
    try:
        letter = json.loads(body)
    except ValueError:
        return None
    known = {"account", "address", "body"}
    if not isinstance(letter, dict) or set(letter) != known:
        return None
    return letter if all(isinstance(value, str) for value in letter.values()) else None
