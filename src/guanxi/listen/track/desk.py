"""The desk for what Segment clients send: `/v1/batch`, `track`, `identify`, `page`, `screen`, `group`, `alias`.

Knows write keys and mapped events as a snapshot, and the short addresses of the browser's client; refuses a
body that is no call before anything of it is kept.
"""

from __future__ import annotations

from guanxi.listen.door.group import Committers
from guanxi.listen.door.http import Answer, Headers, Request, refusal, unpacked, words
from guanxi.listen.door.outside import read_outside
from guanxi.listen.door.snapshot import Snapshot
from guanxi.listen.track.body import read_batch, read_single
from guanxi.listen.track.client_settings import key_asked_for, settings_answer
from guanxi.listen.track.reading import Sorted, sort_events
from guanxi.listen.track.senders import read_known
from guanxi.records.databases import CUSTOMERS, SOCIAL
from guanxi.vocabulary.reasons import Refused

BODY_BYTES_MAX = 512_000
_SINGLE = ("track", "identify", "page", "screen", "group", "alias")
_CALLS = {
    "batch": "batch",
    "b": "batch",
    "import": "batch",
    **{call: call for call in _SINGLE},
    **{call[0]: call for call in _SINGLE},
}
_ANY_ORIGIN: Headers = (("access-control-allow-origin", "*"),)
_PREFLIGHT: Headers = (
    *_ANY_ORIGIN,
    ("access-control-allow-methods", "GET, POST"),
    ("access-control-allow-headers", "authorization, content-type, content-encoding, x-retry-count"),
    ("access-control-max-age", "86400"),
)
_THANKS = Answer(200, words(200, success=True).body, headers=_ANY_ORIGIN)


class TrackDesk:
    """Answers `/v1/…`, pages of any origin included: a write key may only add."""

    body_bytes_max = BODY_BYTES_MAX

    def __init__(self, committers: Committers) -> None:
        self._committers = committers
        self._known, self._outside = Snapshot(read_known), Snapshot(read_outside)

    async def answer(self, request: Request) -> Answer:
        """Every event of the call is durable, as an activity or in quarantine."""
        if request.method == "OPTIONS":
            return Answer(204, headers=_PREFLIGHT)
        try:
            if (key := key_asked_for(request.path)) is not None:
                return await self._settings(request, key)
            found, source = await self._read(request)
        except Refused as refused:
            return refusal(refused, _ANY_ORIGIN)
        if found.social or found.unreadable:
            await self._committers.offer(SOCIAL, source, found.social, found.unreadable)
        if found.customers:
            await self._committers.offer(CUSTOMERS, source, found.customers, ())
        return _THANKS

    async def _settings(self, request: Request, key: str) -> Answer:
        """What a browser's client is told; an unknown key is nowhere."""
        if request.method != "GET":
            raise Refused("get_only", request.method)
        known, outside = await self._known.get(), await self._outside.get()
        try:
            known.sender("", key)
        except Refused:
            raise Refused("no_such_address") from None
        return settings_answer(key, outside.address_of(request), _ANY_ORIGIN)

    async def _read(self, request: Request) -> tuple[Sorted, str]:
        call_type = _CALLS.get(request.path.removeprefix("/v1/"))
        if call_type is None:
            raise Refused("no_such_address")
        if request.method != "POST":
            raise Refused("post_only")
        known = await self._known.get()
        authorization = request.headers.get("authorization", "")
        if authorization:
            known.sender(authorization, "")
        body = unpacked(request, BODY_BYTES_MAX)
        call = read_batch(body) if call_type == "batch" else read_single(body, call_type)
        sender = known.sender(authorization, call.write_key)
        return sort_events(call, sender, known.rules, request.received_at), sender.source
