from __future__ import annotations

import asyncio
import gzip
import threading
from collections.abc import MutableMapping
from datetime import UTC, datetime
from time import sleep
from typing import Any

import httpx
import pytest

from guanxi.listen.door import snapshot
from guanxi.listen.door.front import Door
from guanxi.listen.door.http import Answer, Request, unpacked
from guanxi.listen.door.snapshot import Snapshot
from guanxi.vocabulary.reasons import Refused


class Mirror:
    """Answers with what it was asked."""

    body_bytes_max = 100

    def __init__(self) -> None:
        self.asked: list[Request] = []

    async def answer(self, request: Request) -> Answer:
        self.asked.append(request)
        if request.query.get("refuse"):
            raise Refused(request.query["refuse"], "why")
        if request.query.get("away"):
            raise ConnectionError("the database is away")
        return Answer(200, request.body, "text/plain", (("x-told", request.query.get("a", "")),))


def ask(method: str, path: str, **more: Any) -> tuple[httpx.Response, list[Request]]:
    mirror = Mirror()

    async def at_the_door() -> httpx.Response:
        transport = httpx.ASGITransport(Door({"m": mirror}))
        async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
            return await client.request(method, path, **more)

    return asyncio.run(at_the_door()), mirror.asked


def test_a_request_reaches_the_desk_of_its_first_word_as_it_was_sent() -> None:
    answer, asked = ask("PUT", "/m/x%20y?a=1&a=2&b=", content=b"\xff\x00", headers={"X-Some": "Thing"})
    assert (answer.status_code, answer.content, answer.headers["x-told"]) == (200, b"\xff\x00", "1")
    (request,) = asked
    assert (request.method, request.path, request.query) == ("PUT", "/m/x y", {"a": "1", "b": ""})
    assert request.headers["x-some"] == "Thing"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nobody/x", 404),
        ("/", 404),
        ("/healthz", 200),
        ("/m?refuse=signature_wrong", 403),
        ("/m?refuse=anything", 400),
        ("/m?away=1", 503),
    ],
)
def test_refusals_and_outages_have_their_status(path: str, status: int) -> None:
    answer, _ = ask("GET", path)
    assert answer.status_code == status
    assert ("retry-after" in answer.headers) == (status == 503)


def test_a_body_over_the_cap_is_refused_before_it_has_arrived() -> None:
    arrived: list[int] = []

    async def endless() -> MutableMapping[str, Any]:
        arrived.append(1)
        return {"type": "http.request", "body": b"x" * 60, "more_body": True}

    sent: list[MutableMapping[str, Any]] = []

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    def scope(*headers: tuple[bytes, bytes]) -> dict[str, Any]:
        named = {"type": "http", "method": "POST", "path": "/m", "query_string": b"", "client": None}
        return {**named, "headers": list(headers)}

    for headers, parts in (((), 2), (((b"content-length", b"101"),), 0)):
        arrived.clear()
        asyncio.run(Door({"m": Mirror()})(scope(*headers), endless, send))
        assert (sent[-2]["status"], len(arrived)) == (413, parts)


def test_a_zipped_body_that_was_cut_off_is_refused() -> None:
    whole = gzip.compress(b"something to say")
    for body, says in ((whole, b"something to say"), (whole[:-9], None)):
        request = Request("POST", "/", {}, {"content-encoding": "gzip"}, body, datetime.now(UTC), "")
        if says:
            assert unpacked(request, 100) == says
        else:
            with pytest.raises(Refused):
                unpacked(request, 100)


def test_a_snapshot_is_read_by_one_at_a_time_and_never_older_than_promised(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = [100.0]
    monkeypatch.setattr(snapshot.time, "monotonic", lambda: clock[0])
    reads, reading = [0], threading.Semaphore(1)

    def read() -> int:
        assert reading.acquire(blocking=False)
        reads[0] += 1
        reading.release()
        return reads[0]

    async def over_time() -> list[int]:
        known = Snapshot(read, seconds=4.0)
        found = list(await asyncio.gather(*(known.get() for _ in range(5))))
        for later in (1.0, 2.0):
            clock[0] += later
            found.append(await known.get())
        await asyncio.to_thread(sleep, 0.1)  # the loop's own clock stands still
        found.append(await known.get())
        clock[0] += 5
        return [*found, await known.get()]

    assert asyncio.run(over_time()) == [1, 1, 1, 1, 1, 1, 1, 2, 3]


def test_a_snapshot_that_could_not_be_read_is_tried_again() -> None:
    answers = iter([OSError("away"), 7])

    def read() -> int:
        found = next(answers)
        if isinstance(found, OSError):
            raise found
        return found

    async def twice() -> int:
        known = Snapshot(read)
        with pytest.raises(OSError, match="away"):
            await known.get()
        return await known.get()

    assert asyncio.run(twice()) == 7
