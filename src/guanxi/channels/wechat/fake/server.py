"""The fake WeChat as a server on this machine: its API, its pages for people, and its control desk.

Loopback only: whoever reaches it plays everybody.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from socketserver import ThreadingMixIn
from urllib.parse import parse_qsl
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import StartResponse, WSGIEnvironment

from guanxi.channels.wechat.fake.api import Api
from guanxi.channels.wechat.fake.api_content import media_type
from guanxi.channels.wechat.fake.chaos import Switch
from guanxi.channels.wechat.fake.courier import ANSWER_SECONDS, Courier
from guanxi.channels.wechat.fake.desk import Desk, Page, written_json
from guanxi.channels.wechat.fake.world import Media, World

BODY_BYTES_MAX = 1 << 20


@dataclass
class FakeWeChat:
    """A running fake; its world, courier and API may be used while it runs."""

    world: World = field(default_factory=World)
    answer_seconds: float = ANSWER_SECONDS
    address: str = ""

    def __post_init__(self) -> None:
        """Nothing is served yet."""
        self.courier = Courier(self.world, self.answer_seconds)
        self.api = Api(self.world, self.courier.post)
        self._desk = Desk(self.world, self.courier)
        self._server: WSGIServer | None = None

    def start(self, port: int = 0) -> None:
        """It listens on loopback (0: any free port)."""
        self._server = make_server("127.0.0.1", port, self, server_class=_Threaded, handler_class=_Quiet)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        target = self._server.serve_forever
        threading.Thread(target=target, args=(0.05,), daemon=True, name="fake-wechat").start()

    def stop(self) -> None:
        """The server has stopped and connections are closed."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
        self.courier.close()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answers one request (WSGI)."""
        page = self._page(environ)
        status = f"{page.status} {HTTPStatus(page.status).phrase}"
        headers = [
            ("Content-Type", page.content_type),
            ("Content-Length", str(len(page.body))),
            *page.headers,
        ]
        start_response(status, headers)
        if self.world.chaos.strikes(Switch.SLOW):
            return _trickle(page.body)
        return [page.body]

    def _page(self, environ: WSGIEnvironment) -> Page:
        path = environ["PATH_INFO"]
        query = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
        length = environ.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > BODY_BYTES_MAX:
            return Page(413, b"")
        body = environ["wsgi.input"].read(int(length))
        if self.api.knows(path):
            return self._called(path, query, body, environ["REMOTE_ADDR"])
        return self._desk.answer(environ["REQUEST_METHOD"], path, query, body)

    def _called(self, path: str, query: dict[str, str], body: bytes, caller: str) -> Page:
        chaos = self.world.chaos
        if chaos.strikes(Switch.BAD_GATEWAY):
            return Page(502, b"<html><body>Bad Gateway</body></html>", "text/html")
        answered = self.api.answer(path, query, body, caller)
        said = answered.content if isinstance(answered, Media) else written_json(answered)
        if chaos.strikes(Switch.LATE):
            time.sleep(chaos.late_seconds)
        if chaos.strikes(Switch.CUT):
            return Page(200, said[: len(said) // 2], "text/plain")
        return Page(200, said, media_type(answered) if isinstance(answered, Media) else "text/plain")


def _trickle(body: bytes) -> Iterable[bytes]:
    for start in range(0, len(body), 8):
        time.sleep(0.01)
        yield body[start : start + 8]


class _Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that hung up is not our error."""


class _Quiet(WSGIRequestHandler):
    def address_string(self) -> str:
        return str(self.client_address[0])

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is logged: the world is the record."""
