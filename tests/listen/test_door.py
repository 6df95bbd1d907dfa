from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import psycopg
import pytest

from guanxi.listen.door import front as doors
from guanxi.listen.door import group, snapshot
from guanxi.listen.models import WriteKey
from guanxi.listen.parcel import unpack
from guanxi.listen.track.actions import make_write_key, revoke_write_key
from guanxi.records.actor import SYSTEM
from guanxi.records.databases import CUSTOMERS, SOCIAL, conninfo, raw
from guanxi.records.installation import Installation

Asking = Callable[[httpx.AsyncClient], Coroutine[Any, Any, Any]]


@pytest.fixture
def key(house: Installation) -> str:
    return make_write_key(SYSTEM, "site", "web", "main")


def ask(asking: Asking, key: str = "") -> Any:
    """What the asking finds at a fresh door."""

    async def at_the_door() -> Any:
        transport = httpx.ASGITransport(doors.open_door())
        auth = (key, "") if key else None
        async with httpx.AsyncClient(transport=transport, base_url="http://door", auth=auth) as client:
            return await asking(client)

    return asyncio.run(at_the_door())


def post(path: str, body: Any, key: str, **more: Any) -> httpx.Response:
    if not isinstance(body, bytes):
        body = json.dumps(body).encode()
    return ask(lambda client: client.post(path, content=body, **more), key)


def liked(number: int, **more: Any) -> dict[str, Any]:
    return {"type": "track", "event": "content liked", "messageId": f"m{number}", "userId": "ann", **more}


def heard(alias: str = SOCIAL) -> list[dict[str, Any]]:
    bodies = [body for (body,) in raw(alias).execute("SELECT body FROM inbox ORDER BY xid, seq")]
    return unpack(bodies).to_pylist() if bodies else []


def quarantined() -> list[str]:
    return [reason for (reason,) in raw(SOCIAL).execute("SELECT reason FROM quarantine ORDER BY id")]


def test_each_call_becomes_an_activity_and_a_repeat_changes_nothing(key: str) -> None:
    for _ in range(2):
        assert post("/v1/track", liked(1), key).status_code == 200
        assert post("/v1/identify", {"messageId": "m2", "userId": "ann", "traits": {"city": "Rome"}}, key)
        assert post("/v1/page", {"messageId": "m3", "anonymousId": "x"}, key).status_code == 200
    assert sorted(row["kind"] for row in heard()) == ["identified", "liked", "viewed"]


def test_a_batch_is_sorted_by_side_and_what_is_unknown_goes_to_quarantine(key: str) -> None:
    order = liked(2, event="Order Completed", properties={"total": "10.50", "currency": "EUR"})
    batch = [liked(1), order, liked(3, event="Danced"), {"type": "track", "event": "Followed"}]
    assert post("/v1/batch", {"batch": batch}, key).json() == {"success": True}
    assert [row["kind"] for row in heard()] == ["liked"]
    assert [row["amount"] for row in heard(CUSTOMERS)] == [1050]
    assert quarantined() == ["event_unknown", "actor_missing"]


def test_absurd_values_are_quarantined_and_keep_nobody_else_out(key: str) -> None:
    huge = liked(1, event="Order Completed", properties={"total": "1e999999", "currency": "EUR"})
    late = liked(2, timestamp="9999-12-31T23:59:59Z")
    body = {"batch": [huge, late, liked(3)], "sentAt": "0001-01-02T00:00:00Z"}
    assert post("/v1/batch", body, key).status_code == 200
    assert quarantined() == ["amount_unreadable", "time_unreadable"]
    assert len(heard()) == 1


def test_a_clock_that_is_wrong_is_corrected(key: str) -> None:
    wrong = datetime.now(UTC) - timedelta(days=3)
    body = {"batch": [liked(1, timestamp=wrong.isoformat())], "sentAt": wrong.isoformat()}
    assert post("/v1/batch", body, key).status_code == 200
    assert abs(heard()[0]["happened_at"] - datetime.now(UTC)) < timedelta(minutes=1)


def test_gzip_is_read_and_a_bomb_is_refused(key: str) -> None:
    packed = {"headers": {"content-encoding": "gzip"}}
    assert post("/v1/track", gzip.compress(json.dumps(liked(1)).encode()), key, **packed).status_code == 200
    assert post("/v1/track", gzip.compress(b" " * 5_000_000), key, **packed).status_code == 413
    assert post("/v1/track", b"\x1f\x8bnot", key, **packed).status_code == 400


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/v1/track", b"{", 400),
        ("/v1/track", b"[]", 400),
        ("/v1/track", b"[" * 100_000, 400),
        ("/v1/batch", {"batch": 1}, 400),
        ("/v1/batch", {}, 400),
        ("/v1/batch", {"batch": [{}] * 2_501}, 413),
        ("/v1/batch", b" " * 600_000, 413),
        ("/v1/nothing", {}, 404),
    ],
)
def test_what_is_no_request_is_refused_with_its_reason(key: str, path: str, body: Any, status: int) -> None:
    assert post(path, body, key).status_code == status


def test_nobody_enters_without_a_key_that_is_known(key: str) -> None:
    assert post("/v1/track", liked(1), "").status_code == 401
    assert post("/v1/track", liked(1), "wrong").status_code == 401
    assert ask(lambda client: client.get("/v1/track"), key).status_code == 405
    assert heard() == []


def test_a_revoked_key_opens_nothing_after_five_seconds(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, ahead = snapshot.time.monotonic, [0.0]
    monkeypatch.setattr(snapshot.time, "monotonic", lambda: clock() + ahead[0])

    async def around_the_revocation(client: httpx.AsyncClient) -> list[int]:
        found = [(await client.post("/v1/track", json=liked(1))).status_code]
        await asyncio.to_thread(
            lambda: revoke_write_key(SYSTEM, WriteKey.objects.get().pk, datetime.now(UTC))
        )
        ahead[0] += 5
        return [*found, (await client.post("/v1/track", json=liked(2))).status_code]

    assert ask(around_the_revocation, key) == [200, 401]


def test_a_database_that_is_away_is_never_an_acknowledgement_and_recovery_needs_no_hand(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = group.conninfo

    async def around_the_outage(client: httpx.AsyncClient) -> list[int]:
        monkeypatch.setattr(group, "conninfo", lambda alias: "host=/nowhere")
        away = await client.post("/v1/track", json=liked(1))
        assert away.headers["retry-after"]
        monkeypatch.setattr(group, "conninfo", there)
        return [away.status_code, (await client.post("/v1/track", json=liked(1))).status_code]

    assert ask(around_the_outage, key) == [503, 200]
    assert len(heard()) == 1


def test_a_server_that_drops_its_connections_between_two_requests_loses_no_acknowledged_event(
    key: str, house: Installation
) -> None:
    def cut() -> None:
        with psycopg.connect(conninfo(SOCIAL), autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE usename = current_user AND pid <> pg_backend_pid()"
            )

    async def around_the_cut(client: httpx.AsyncClient) -> list[int]:
        found = [(await client.post("/v1/track", json=liked(1))).status_code]
        await asyncio.to_thread(cut)
        while found[-1] != 200 or len(found) == 1:
            found.append((await client.post("/v1/track", json=liked(2))).status_code)
        return found

    answers = ask(around_the_cut, key)
    assert set(answers) <= {200, 503}
    raw_again = psycopg.connect(conninfo(SOCIAL))
    assert raw_again.execute("SELECT sum(activities)::int FROM inbox").fetchone() == (2,)
    raw_again.close()
