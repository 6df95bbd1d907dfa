"""Platforms at the door: what they tell is durable once, answered in time, and passed on where asked."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

import httpx
import psycopg
import pytest

from guanxi.channels.hook import HookRequest
from guanxi.composition.consumers import hear
from guanxi.listen.door import group
from guanxi.listen.door.front import open_door
from guanxi.listen.hooks import relay
from guanxi.listen.hooks.queries import RelayRow, relays
from guanxi.listen.parcel import unpack
from guanxi.listen.replies.actions import Draft, add_reply_rule
from guanxi.records.accounts import ZONE, add_account, change_account
from guanxi.records.actor import SYSTEM
from guanxi.records.databases import RELATIONSHIP, SOCIAL, conninfo, raw
from guanxi.records.installation import Installation
from wechat_pushes import FAN, SETTINGS, as_json, as_xml, event, push, request

HOOK = "/hooks/wechat/main"
Asking = Callable[[httpx.AsyncClient], Coroutine[Any, Any, Any]]


@pytest.fixture
def account(house: Installation) -> str:
    return account_with()


def account_with(mode: str = "plain", **settings: str) -> str:
    add_account(SYSTEM, "wechat", "main", ZONE, {**SETTINGS, "mode": mode, **settings})
    return HOOK


def at_the_door(asking: Asking) -> Any:
    async def visit() -> Any:
        transport = httpx.ASGITransport(open_door())
        async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
            return await asking(client)

    return asyncio.run(visit())


def deliver(*pushes: HookRequest, path: str = HOOK) -> list[httpx.Response]:
    async def all_of_them(client: httpx.AsyncClient) -> list[httpx.Response]:
        return [
            await client.request(one.method, path, params=dict(one.query), content=one.body) for one in pushes
        ]

    return list(at_the_door(all_of_them))


def sent(fields: dict[str, Any], mode: str = "plain", **query: str) -> HookRequest:
    return request(as_xml(fields), mode, datetime.now(UTC), **query)


def text(number: int = 1, words: str = "hi") -> dict[str, Any]:
    return push("text", str(number), Content=words)


def rows() -> list[dict[str, Any]]:
    bodies = [body for (body,) in raw(SOCIAL).execute("SELECT body FROM inbox ORDER BY xid, seq")]
    return unpack(bodies).to_pylist() if bodies else []


def quarantined() -> list[tuple[str, str]]:
    return list(raw(SOCIAL).execute("SELECT position, reason FROM quarantine ORDER BY id").fetchall())


def test_four_deliveries_of_one_message_are_one_activity(account: str) -> None:
    answers = deliver(*[sent(text()) for _ in range(4)])
    assert [(one.status_code, one.text) for one in answers] == [(200, "success")] * 4
    (row,) = rows()
    assert (row["platform"], row["account"], row["actor"], row["kind"]) == ("wechat", "main", FAN, "messaged")


@pytest.mark.parametrize("mode", ["plain", "compat", "safe"])
def test_a_message_becomes_a_fan_in_every_mode(house: Installation, mode: str) -> None:
    account_with(mode)
    follow = sent(event("subscribe", EventKey=""), mode)
    assert [one.text for one in deliver(follow, sent(text(), mode))] == ["success"] * 2
    hear()
    fans = raw(SOCIAL).execute("SELECT count(*), bool_and(followed_at IS NOT NULL) FROM fan").fetchone()
    assert fans == (1, True)


def test_the_address_check_is_answered(account: str) -> None:
    check = request(b"", at=datetime.now(UTC), echostr="4375120948345356249")
    (answer,) = deliver(HookRequest("GET", check.query, {}, b"", check.received_at))
    assert (answer.status_code, answer.text) == (200, "4375120948345356249")
    assert answer.headers["content-type"].startswith("text/plain")


def test_what_is_not_signed_for_the_account_is_refused_and_nothing_is_kept(house: Installation) -> None:
    account_with("safe")
    stale = request(as_xml(text()), "safe", datetime.now(UTC) - timedelta(hours=1))
    refused = [
        sent(text(), "safe", msg_signature="0" * 40),
        sent(text(), "safe", msg_signature=""),
        sent(text(), "plain"),
        request(as_xml(text()), "safe", datetime.now(UTC), app="wxother"),
        stale,
        HookRequest("GET", {"echostr": "x"}, {}, b"", datetime.now(UTC)),
    ]
    assert [one.status_code for one in deliver(*refused)] == [403] * len(refused)
    assert (rows(), quarantined()) == ([], [])


@pytest.mark.parametrize(
    "path", ["/hooks/wechat/other", "/hooks/line/main", "/hooks/wechat", "/hooks/", "/hooks/wechat/main/x"]
)
def test_an_account_that_is_not_there_is_not_found(account: str, path: str) -> None:
    assert [one.status_code for one in deliver(sent(text()), path=path)] == [404]


def test_bodies_beyond_the_measure_are_refused(account: str) -> None:
    at = datetime.now(UTC)
    sizes = [b" " * (1024 * 1024 + 1), b"<xml>" + b" " * 65_000 + b"</xml>" * 200, b"<a>" * 20_000]
    assert [one.status_code for one in deliver(*[request(body, at=at) for body in sizes])] == [413, 413, 400]
    (put,) = deliver(HookRequest("PUT", {}, {}, b"", at))
    assert put.status_code == 405


def test_a_type_nobody_knows_waits_in_quarantine_once(account: str) -> None:
    answers = deliver(*[sent(event("teleported")) for _ in range(3)])
    assert [one.text for one in answers] == ["success"] * 3
    assert quarantined() == [("event teleported", "event_unknown")]
    assert rows() == []


def test_an_account_whose_settings_do_not_fit_keeps_no_other_from_being_heard(account: str) -> None:
    add_account(SYSTEM, "wechat", "broken", ZONE, {"app_id": "wx", "mode": "safe"})
    assert [one.status_code for one in deliver(sent(text()))] == [200]
    assert [one.status_code for one in deliver(sent(text()), path="/hooks/wechat/broken")] == [404]


def test_nothing_is_acknowledged_while_the_database_is_away(
    account: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = group.conninfo
    away: list[bool] = [True]
    monkeypatch.setattr(group, "conninfo", lambda alias: "host=/nowhere" if away[0] else there(alias))

    async def around_the_outage(client: httpx.AsyncClient) -> list[int]:
        one = sent(text())
        found = [(await client.post(HOOK, params=dict(one.query), content=one.body)).status_code]
        away[0] = False
        return [*found, (await client.post(HOOK, params=dict(one.query), content=one.body)).status_code]

    assert at_the_door(around_the_outage) == [503, 200]
    assert len(rows()) == 1


def test_a_rule_answers_and_what_it_answered_is_kept(account: str) -> None:
    add_reply_rule(SYSTEM, Draft("wechat", "main", "text", "contains", "Menu", "Today: oolong"))
    add_reply_rule(SYSTEM, Draft("wechat", "main", "follow", "exact", "", "Welcome!"))
    answers = deliver(
        sent(text(1, "the ＭＥＮＵ please")),
        sent(text(2, "bye")),
        sent(event("subscribe", EventKey="")),
        sent(event("unsubscribe", EventKey="")),
    )
    said = [one.text for one in answers]
    assert "<![CDATA[Today: oolong]]>" in said[0]
    assert "<![CDATA[Welcome!]]>" in said[2]
    assert [said[1], said[3]] == ["success", "success"]
    assert len(rows()) == 4


@dataclass
class Vendor:
    """Somebody who sat on the account before; waits so long and answers so."""

    body: bytes = b"<xml><Content>from the vendor</Content></xml>"
    status: int = 200
    seconds: float = 0.0
    location: str = ""
    address: str = ""
    got: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def vendor(**how: Any) -> Iterator[Vendor]:
    made = Vendor(**how)

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            made.got.append((self.command, self.path, headers, body))
            time.sleep(made.seconds)
            self.send_response(made.status)
            if made.location:
                self.send_header("location", made.location)
            self.send_header("content-type", "application/xml")
            self.send_header("content-length", str(len(made.body)))
            self.end_headers()
            self.wfile.write(made.body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is logged."""

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            """Whoever hangs up on us does so on purpose."""

    server = Quiet(("127.0.0.1", 0), Answering)
    made.address = f"http://127.0.0.1:{server.server_port}/vendor?key=7"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def relayed(one: Vendor, private: str = "yes") -> httpx.Response:
    account_with("safe", relay_to=one.address, relay_private=private)
    add_reply_rule(SYSTEM, Draft("wechat", "main", "text", "contains", "", "our own"))
    return deliver(sent(text(), "safe"))[0]


def test_a_relay_gets_the_request_as_it_came_and_its_answer_goes_back(house: Installation) -> None:
    with vendor() as one:
        answer = relayed(one)
    assert (answer.status_code, answer.content) == (200, one.body)
    ((method, path, headers, body),) = one.got
    assert method == "POST"
    where, _, query = path.partition("?")
    assert where == "/vendor"
    assert dict(parse_qsl(query)).keys() == {"key", "encrypt_type", *request(b"", "safe").query}
    assert b"<Encrypt>" in body
    assert headers["host"] == one.address.split("/")[2]
    assert len(rows()) == 1


@pytest.mark.parametrize(
    "how",
    [
        {"status": 500},
        {"body": b"<!doctype html><title>Bad gateway</title>"},
        {"body": b"OK"},
        {"status": 302, "location": "http://169.254.169.254/"},
        {"body": b"x" * (relay.REPLY_BYTES_MAX + 1)},
    ],
)
def test_a_relay_that_fails_leaves_the_neutral_answer(house: Installation, how: dict[str, Any]) -> None:
    with vendor(**how) as one:
        assert relayed(one).text == "success"
    assert len(one.got) == 1
    assert len(rows()) == 1


def test_a_relay_that_is_late_is_not_waited_for(house: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guanxi.listen.hooks.desk.SECONDS", 0.3)
    with vendor(seconds=1.5) as one:
        began = time.monotonic()
        assert relayed(one).text == "success"
        assert time.monotonic() - began < 1.4
    assert len(rows()) == 1


def test_a_relay_that_nobody_answers_changes_nothing(house: Installation) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        assert relayed(Vendor(address=f"http://127.0.0.1:{taken.getsockname()[1]}/")).text == "success"


def test_a_private_address_is_not_asked_unless_the_account_allows_it(house: Installation) -> None:
    with vendor() as one:
        assert relayed(one, private="no").text == "success"
    assert one.got == []
    assert len(rows()) == 1


def passed_on() -> tuple[int, int, str, bool]:
    """What is counted of the relay once a few seconds are over, and whether it fails now."""
    (row,) = relays(SYSTEM)
    return row.passed, row.failed, row.failure, row.failing_since is not None


def test_what_became_of_relayed_requests_is_counted_by_account(
    house: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guanxi.listen.hooks.relay_tally.WRITE_SECONDS", 0.2)

    async def said(client: httpx.AsyncClient, *numbers: int) -> None:
        for number in numbers:
            one = sent(text(number), "safe")
            await client.post(HOOK, params=dict(one.query), content=one.body)
        await asyncio.sleep(0.8)

    with vendor() as one:
        account_with("safe", relay_to=one.address, relay_private="yes")

        async def well_then_ill_then_well(client: httpx.AsyncClient) -> list[tuple[int, int, str, bool]]:
            seen = []
            for number, status in enumerate((200, 500, 503, 200)):
                one.status = status
                await said(client, 2 * number, 2 * number + 1)
                seen.append(await asyncio.to_thread(passed_on))
            return seen

        assert at_the_door(well_then_ill_then_well) == [
            (2, 0, "", False),
            (2, 2, "relay_status 500", True),
            (2, 4, "relay_status 503", True),
            (4, 4, "relay_status 503", False),
        ]
    (row,) = relays(SYSTEM)
    assert row.last_passed_at is not None
    assert row.last_failed_at is not None
    assert row.last_failed_at < row.last_passed_at


def test_a_door_that_is_asked_to_end_writes_what_it_counted_of_relays(house: Installation) -> None:
    async def one_push_and_the_end() -> None:
        door = open_door()
        async with httpx.AsyncClient(transport=httpx.ASGITransport(door), base_url="http://door") as client:
            pushed = sent(text(), "safe")
            await client.post(HOOK, params=dict(pushed.query), content=pushed.body)
        assert await asyncio.to_thread(relays, SYSTEM) == ()
        await door.close()

    with vendor() as one:
        account_with("safe", relay_to=one.address, relay_private="yes")
        asyncio.run(one_push_and_the_end())
    assert passed_on() == (1, 0, "", False)


def test_a_relay_has_failed_for_long_only_while_somebody_still_tries(now: datetime) -> None:
    row = RelayRow("wechat", "main", 0, 1, None, now, "relay_late", now - timedelta(minutes=15))
    assert row.is_failing_long(now)
    assert not row.is_failing_long(now - timedelta(minutes=1))
    assert not row.is_failing_long(now + timedelta(days=1))
    assert not replace(row, failing_since=None).is_failing_long(now)


def test_an_account_whose_seal_is_broken_is_silent_alone(account: str) -> None:
    add_account(SYSTEM, "wechat", "gnawed", ZONE, {**SETTINGS, "mode": "plain"})
    raw(RELATIONSHIP).execute("UPDATE channel_account SET sealed = '\\x00' WHERE name = 'gnawed'")
    (silent,) = deliver(sent(text()), path="/hooks/wechat/gnawed")
    assert (silent.status_code, silent.json()["error"]) == (503, "seal_broken")
    assert silent.headers["retry-after"]
    assert [one.status_code for one in deliver(sent(text()))] == [200]
    assert len(rows()) == 1
    change_account(SYSTEM, "wechat", "gnawed", {**SETTINGS, "mode": "plain"})
    assert [one.status_code for one in deliver(sent(text(2)), path="/hooks/wechat/gnawed")] == [200]


def test_json_pushes_are_heard_the_same(account: str) -> None:
    one = request(as_json(text()), at=datetime.now(UTC))
    assert deliver(one)[0].text == "success"
    assert [row["traits"] for row in rows()] == ['{"form": "text", "text": "hi"}']


def test_what_is_not_durable_in_time_is_not_acknowledged_and_counts_once_when_it_comes_again(
    account: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guanxi.listen.hooks.desk.DURABLE_SECONDS", 0.3)

    async def around_the_lock(client: httpx.AsyncClient) -> list[int]:
        one = sent(text())
        with psycopg.connect(conninfo(SOCIAL)) as holder:
            holder.execute("LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE")
            found = [(await client.post(HOOK, params=dict(one.query), content=one.body)).status_code]
            holder.rollback()
        monkeypatch.setattr("guanxi.listen.hooks.desk.DURABLE_SECONDS", 4.5)
        return [*found, (await client.post(HOOK, params=dict(one.query), content=one.body)).status_code]

    assert at_the_door(around_the_lock) == [503, 200]
    assert len(rows()) == 1
