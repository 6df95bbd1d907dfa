"""The front door: an ASGI application that takes a request to the desk which the first word of its path names.

Knows desks and how long their bodies may be; knows no platform, no fan and no rule of a room above. An answer
goes out when what the request brought is durable, and not before.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import psycopg

from guanxi.listen.desks import open_desks
from guanxi.listen.group import Committers
from guanxi.listen.http import Answer, Desk, Request, refusal, words
from guanxi.vocabulary.reasons import Refused

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_log = logging.getLogger(__name__)


class Door:
    """The application; one instance a process.

    Args:
        desks: who answers, by the first word of the path.
    """

    def __init__(self, desks: Mapping[str, Desk]) -> None:
        self._desks = desks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one ASGI scope."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            await _reply(send, await self._answer(scope, receive))

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        first = scope["path"].split("/", 2)[1] if scope["path"].startswith("/") else ""
        if first == "healthz":
            return words(200, alive=True)
        desk = self._desks.get(first)
        if desk is None:
            return words(404, error="no_such_address")
        try:
            return await desk.answer(await _request(scope, receive, desk.body_bytes_max))
        except Refused as refused:
            return refusal(refused)
        except (psycopg.Error, OSError) as error:
            _log.warning("not now: %s", str(error).partition("\n")[0])
            return words(503, error="not_durable_now")


async def _request(scope: Scope, receive: Receive, body_bytes_max: int) -> Request:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    body = await _body(receive, headers.get("content-length", ""), body_bytes_max)
    client = scope.get("client")
    return Request(
        scope["method"],
        scope["path"],
        _first_values(scope["query_string"]),
        headers,
        body,
        datetime.now(UTC),
        client[0] if client else "",
    )


def _first_values(query: bytes) -> dict[str, str]:
    if not query:
        return {}
    pairs: Iterable[tuple[str, str]] = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    return dict(reversed(list(pairs)))


async def _body(receive: Receive, announced: str, bytes_max: int) -> bytes:
    """The body as sent; refused as soon as it is announced too large or grows so."""
    if announced.isdecimal() and len(announced) < 20 and int(announced) > bytes_max:
        raise Refused("body_too_large", str(bytes_max))
    parts, length, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionResetError("the sender left before its body had arrived")
        part = message.get("body", b"")
        parts.append(part)
        length += len(part)
        more = message.get("more_body", False)
        if length > bytes_max:
            raise Refused("body_too_large", str(bytes_max))
    return parts[0] if len(parts) == 1 else b"".join(parts)


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def _reply(send: Send, answer: Answer) -> None:
    headers = [
        (b"content-type", answer.content_type.encode("latin-1")),
        (b"content-length", b"%d" % len(answer.body)),
    ]
    headers += [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
    if answer.status == 503:
        headers.append((b"retry-after", b"2"))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


def open_door() -> Door:
    """A door with every desk."""
    return Door(open_desks(Committers()))
