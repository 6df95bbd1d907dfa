"""The front door: an ASGI application that takes a request to the desk which the first word of its path names.

Knows desks and how long their bodies may be; knows no platform, no fan and no rule of a room above. An answer
goes out when what the request brought is durable, and not before.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

import psycopg

from guanxi.listen.door.desks import open_desks
from guanxi.listen.door.group import Committers
from guanxi.listen.door.http import Answer, Closes, Desk, Request, refusal, words
from guanxi.vocabulary.reasons import Refused

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_log = logging.getLogger(__name__)
_DIGITS_MAX = 15


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
            await self._live(receive, send)
        elif scope["type"] == "http":
            answer = await self.answer(scope["path"], partial(_request, scope, receive))
            await _reply(send, answer)

    async def close(self) -> None:
        """Every desk has finished what it must before the process ends."""
        for desk in self._desks.values():
            if isinstance(desk, Closes):
                await desk.close()

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            ends = message["type"] == "lifespan.shutdown"
            if ends:
                await self.close()
            await send({"type": f"{message['type']}.complete"})
            if ends:
                return

    async def answer(self, path: str, arrive: Callable[[int], Awaitable[Request]]) -> Answer:
        """What the desk of the path answers, or that there is none, or that nothing can be durable now.

        Args:
            path: decoded.
            arrive: waits for the request, whose body has at most so many bytes.
        """
        first = path.split("/", 2)[1] if path.startswith("/") else ""
        if first == "healthz":
            return words(200, alive=True)
        desk = self._desks.get(first)
        if desk is None:
            return words(404, error="no_such_address")
        try:
            return await desk.answer(await arrive(desk.body_bytes_max))
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
        first_values(scope["query_string"].decode("latin-1")),
        headers,
        body,
        datetime.now(UTC),
        client[0] if client else "",
    )


def first_values(query: str) -> dict[str, str]:
    """The first value of each name in a query.

    >>> first_values("a=1&a=2&b=")
    {'a': '1', 'b': ''}
    """
    pairs: list[tuple[str, str]] = parse_qsl(query, keep_blank_values=True) if query else []
    return dict(reversed(pairs))


def announced_length(word: str, bytes_max: int) -> int | None:
    """How long the body is said to be, or None where that is not said; refused where it is too long."""
    if not (word.isascii() and word.isdigit()):
        return None
    if len(word) > _DIGITS_MAX or int(word) > bytes_max:
        raise Refused("body_too_large", str(bytes_max))
    return int(word)


async def _body(receive: Receive, announced: str, bytes_max: int) -> bytes:
    """The body as sent; refused as soon as it is announced too large or grows so."""
    announced_length(announced, bytes_max)
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
