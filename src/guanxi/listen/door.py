"""The front door: a small ASGI application that answers when what it was given is durable, and not before.

Knows the write keys as a snapshot that is at most five seconds old; knows no fan and no rule of a room above.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import time
import zlib
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from datetime import UTC, datetime
from typing import Any

import msgspec
import psycopg

from guanxi.listen.group import Committer
from guanxi.listen.track import Sender, sort_events
from guanxi.records.databases import CUSTOMERS, RELATIONSHIP, SOCIAL, conninfo
from guanxi.vocabulary.reasons import Refused

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

BODY_BYTES_MAX = 512_000
EVENTS_MAX = 2_500
_SENDERS_SECONDS = 4.0
_SINGLE = {"track", "identify", "page", "screen"}


class Door:
    """The application; one instance a process."""

    def __init__(self) -> None:
        self._committers: dict[str, Committer] = {}
        self._senders: dict[bytes, Sender] = {}
        self._senders_at = float("-inf")
        self._reading = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one ASGI scope."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            status, answer = await self._answer(scope, receive)
            await _reply(send, status, answer)

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[int, dict[str, Any]]:
        path = scope["path"]
        if path == "/healthz":
            return 200, {"alive": True}
        call = path.removeprefix("/v1/")
        if not path.startswith("/v1/") or (call != "batch" and call not in _SINGLE):
            return 404, {"error": "no_such_address"}
        if scope["method"] != "POST":
            return 405, {"error": "post_only"}
        try:
            return await self._take(call, scope, receive)
        except Refused as refused:
            return _STATUS.get(refused.code, 400), {"error": refused.code, "detail": refused.detail}
        except (psycopg.Error, OSError):
            return 503, {"error": "not_durable_now"}

    async def _take(self, call: str, scope: Scope, receive: Receive) -> tuple[int, dict[str, Any]]:
        headers = {name.decode("latin-1"): value for name, value in scope["headers"]}
        sender = await self._sender(headers)
        body = _parsed(await _body(receive, headers))
        events = body.get("batch", []) if call == "batch" else [{**body, "type": call}]
        if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
            raise Refused("body_unreadable", "batch")
        if len(events) > EVENTS_MAX:
            raise Refused("too_many_events", str(len(events)))
        found = sort_events(events, sender, datetime.now(UTC), _moment(body.get("sentAt")))
        if found.social or found.unreadable:
            await self._committer(SOCIAL).offer(sender.source, found.social, found.unreadable)
        if found.customers:
            await self._committer(CUSTOMERS).offer(sender.source, found.customers, [])
        return 200, {"success": True}

    def _committer(self, alias: str) -> Committer:
        if alias not in self._committers:
            self._committers[alias] = Committer(alias)
        return self._committers[alias]

    async def _sender(self, headers: Mapping[str, bytes]) -> Sender:
        kind, _, word = headers.get("authorization", b"").decode("latin-1").partition(" ")
        try:
            key = base64.b64decode(word, validate=True).decode().partition(":")[0]
        except ValueError:
            key = ""
        if kind.lower() != "basic" or not key:
            raise Refused("write_key_missing")
        await self._keep_senders_fresh()
        sender = self._senders.get(hashlib.sha256(key.encode()).digest())
        if sender is None:
            raise Refused("write_key_unknown")
        return sender

    async def _keep_senders_fresh(self) -> None:
        """The write keys are those of at most five seconds ago; one request reads them, the others wait."""
        if time.monotonic() - self._senders_at <= _SENDERS_SECONDS:
            return
        async with self._reading:
            began = time.monotonic()
            if began - self._senders_at > _SENDERS_SECONDS:
                self._senders = await asyncio.to_thread(_read_senders)
                self._senders_at = began


_STATUS = {"write_key_missing": 401, "write_key_unknown": 401, "body_too_large": 413, "too_many_events": 413}


def _read_senders() -> dict[bytes, Sender]:
    with psycopg.connect(conninfo(RELATIONSHIP), connect_timeout=3) as connection:
        rows = connection.execute(
            "SELECT key_hash, name, platform, account FROM write_key WHERE revoked_at IS NULL"
        ).fetchall()
    return {bytes(key): Sender(f"track:{name}", platform, account) for key, name, platform, account in rows}


async def _body(receive: Receive, headers: Mapping[str, bytes]) -> bytes:
    """The body as sent, unpacked if gzipped; refused as soon as it grows too large, packed or not."""
    taken, more = b"", True
    while more:
        message = await receive()
        taken += message.get("body", b"")
        more = message.get("more_body", False)
        if len(taken) > BODY_BYTES_MAX:
            raise Refused("body_too_large", str(BODY_BYTES_MAX))
    if headers.get("content-encoding", b"") != b"gzip":
        return taken
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        body = unpacker.decompress(taken, BODY_BYTES_MAX + 1)
    except zlib.error:
        raise Refused("body_unreadable", "gzip") from None
    if len(body) > BODY_BYTES_MAX:
        raise Refused("body_too_large", str(BODY_BYTES_MAX))
    return body


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        raise Refused("body_unreadable", "json") from None
    if not isinstance(found, dict):
        raise Refused("body_unreadable", "json")
    return found


def _moment(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def _reply(send: Send, status: int, answer: dict[str, Any]) -> None:
    body = msgspec.json.encode(answer)
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if status == 503:
        headers.append((b"retry-after", b"2"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


door = Door()
