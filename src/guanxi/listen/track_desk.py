"""The desk for what Segment clients send: `/v1/batch`, `track`, `identify`, `page`, `screen`.

Knows the write keys as a snapshot; refuses a body that is no call before anything of it is kept.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

from guanxi.listen.group import Committers
from guanxi.listen.http import Answer, Request, unpacked, words
from guanxi.listen.senders import read_senders, sender_of
from guanxi.listen.snapshot import Snapshot
from guanxi.listen.track import sort_events
from guanxi.records.databases import CUSTOMERS, SOCIAL
from guanxi.vocabulary.reasons import Refused

BODY_BYTES_MAX = 512_000
EVENTS_MAX = 2_500
_SINGLE = {"track", "identify", "page", "screen"}


class TrackDesk:
    """Answers `/v1/…`."""

    body_bytes_max = BODY_BYTES_MAX

    def __init__(self, committers: Committers) -> None:
        self._committers = committers
        self._senders = Snapshot(read_senders)

    async def answer(self, request: Request) -> Answer:
        """Every event of the call is durable, as an activity or in quarantine."""
        call = request.path.removeprefix("/v1/")
        if call != "batch" and call not in _SINGLE:
            return words(404, error="no_such_address")
        if request.method != "POST":
            return words(405, error="post_only")
        authorization = request.headers.get("authorization", "")
        sender = sender_of(await self._senders.get(), authorization, None)
        body = _parsed(unpacked(request, BODY_BYTES_MAX))
        events = body.get("batch", []) if call == "batch" else [{**body, "type": call}]
        if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
            raise Refused("body_unreadable", "batch")
        if len(events) > EVENTS_MAX:
            raise Refused("too_many_events", str(len(events)))
        found = sort_events(events, sender, request.received_at, _moment(body.get("sentAt")))
        if found.social or found.unreadable:
            await self._committers.offer(SOCIAL, sender.source, found.social, found.unreadable)
        if found.customers:
            await self._committers.offer(CUSTOMERS, sender.source, found.customers, [])
        return words(200, success=True)


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
