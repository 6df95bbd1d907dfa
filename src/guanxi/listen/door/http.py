"""What a desk of the front door is given and gives back, and the port behind which a desk stands.

Knows requests and answers and no platform, no fan and no server; refuses to unpack more than it was told to.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

import msgspec

from guanxi.vocabulary.reasons import Refused

_STATUS = {
    "write_key_missing": 401,
    "write_key_unknown": 401,
    "signature_wrong": 403,
    "message_for_another": 403,
    "not_permitted": 403,
    "no_such_address": 404,
    "no_such_account": 404,
    "post_only": 405,
    "body_too_large": 413,
    "too_many_events": 413,
    "too_many_requests": 429,
    "seal_broken": 503,
}
Headers = tuple[tuple[str, str], ...]
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Request:
    """A request whose body has arrived whole.

    Attributes:
        method: in capitals.
        path: decoded, without the query.
        query: the first value of each name.
        headers: by name in lower case; of a repeated one the last.
        body: raw, as it was sent.
        received_at: by the door's clock.
        client: the address it came from, or nothing where it is not known.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime
    client: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back."""

    status: int
    body: bytes = b""
    content_type: str = JSON
    headers: Headers = ()


class Desk(Protocol):
    """Whoever answers the requests whose path begins with one word."""

    @property
    def body_bytes_max(self) -> int:
        """A longer body is refused before it has arrived whole."""

    async def answer(self, request: Request) -> Answer:
        """The answer; whatever the request brought is durable by then.

        Raises:
            Refused: the door answers with the code and the status that goes with it.
            psycopg.Error, OSError: the door answers "not now", and the sender tries again.
        """


def words(status: int, **fields: Any) -> Answer:
    """An answer in JSON.

    >>> words(404, error="no_such_address").body
    b'{"error":"no_such_address"}'
    """
    return Answer(status, msgspec.json.encode(fields))


def refusal(refused: Refused, headers: Headers = ()) -> Answer:
    """The answer to what a rule refused: its code and detail, under the status that goes with it."""
    body = msgspec.json.encode({"error": refused.code, "detail": refused.detail})
    return Answer(_STATUS.get(refused.code, 400), body, headers=headers)


def unpacked(request: Request, bytes_max: int) -> bytes:
    """The body, unzipped if it came zipped; refused as soon as it grows beyond the measure."""
    if request.headers.get("content-encoding", "").strip().lower() != "gzip":
        return request.body
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        body = unpacker.decompress(request.body, bytes_max + 1)
    except zlib.error:
        raise Refused("body_unreadable", "gzip") from None
    if len(body) > bytes_max:
        raise Refused("body_too_large", str(bytes_max))
    if not unpacker.eof:
        raise Refused("body_unreadable", "gzip")
    return body


@runtime_checkable
class Closes(Protocol):
    """A desk that has something to finish before the process ends."""

    async def close(self) -> None:
        """It is finished."""
