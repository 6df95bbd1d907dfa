"""The front door as Granian serves it fastest: its own protocol, in which a request costs a third less than by ASGI.

Knows the protocol and nothing of what is asked. A body is read whole only where its length was announced and
is within the measure; else in parts, and refused as soon as they are too much.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Iterable
from datetime import UTC, datetime
from functools import partial
from typing import Protocol
from urllib.parse import unquote

from guanxi.listen.door.front import Door, announced_length, first_values, open_door
from guanxi.listen.door.http import Answer, Request
from guanxi.vocabulary.reasons import Refused


class _Headers(Protocol):
    def items(self) -> Iterable[tuple[str, str]]: ...


class Scope(Protocol):
    """What Granian tells of a request."""

    proto: str
    method: str
    path: str
    query_string: str
    client: str
    headers: _Headers


class Exchange(Protocol):
    """Through which the body comes and the answer goes."""

    def __call__(self) -> Awaitable[bytes]:
        """The whole body."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """The body in parts."""

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """The answer has gone out."""


class Entrance:
    """The application; one instance a process.

    Args:
        door: who answers.
    """

    def __init__(self, door: Door | None = None) -> None:
        self._door = door or open_door()

    async def __rsgi__(self, scope: Scope, exchange: Exchange) -> None:
        """Serves one request."""
        if scope.proto != "http":
            return
        path = unquote(scope.path) if "%" in scope.path else scope.path
        answer = await self._door.answer(path, partial(_request, scope, path, exchange))
        exchange.response_bytes(answer.status, _headers(answer), answer.body)

    async def close(self) -> None:
        """What must be finished before the process ends is."""
        await self._door.close()


async def _request(scope: Scope, path: str, exchange: Exchange, bytes_max: int) -> Request:
    headers = dict(scope.headers.items())
    length = announced_length(headers.get("content-length", ""), bytes_max)
    body = await exchange() if length is not None else await _in_parts(exchange, bytes_max)
    query = first_values(scope.query_string) if scope.query_string else {}
    client = scope.client.rpartition(":")[0]
    return Request(scope.method, path, query, headers, body, datetime.now(UTC), client)


async def _in_parts(exchange: Exchange, bytes_max: int) -> bytes:
    parts, length = [], 0
    async for part in exchange:
        parts.append(part)
        length += len(part)
        if length > bytes_max:
            raise Refused("body_too_large", str(bytes_max))
    return b"".join(parts)


def _headers(answer: Answer) -> list[tuple[str, str]]:
    headers = [("content-type", answer.content_type), ("content-length", str(len(answer.body)))]
    headers += answer.headers
    if answer.status == 503:
        headers.append(("retry-after", "2"))
    return headers
