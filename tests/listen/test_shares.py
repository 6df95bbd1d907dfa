from __future__ import annotations

import asyncio
import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from django.db import connections
from sharing import BRAND, ORIGIN, SPRING, Somebody, at_the_door, edges, told, verdicts

from guanxi.composition.consumers import hear
from guanxi.influence.refresh import refresh_ties
from guanxi.lake.engine import Engine
from guanxi.listen.shares import book
from guanxi.listen.shares.actions import make_share_link, tell_silent_views
from guanxi.listen.shares.marks import mark_key, write_token
from guanxi.listen.viewers.pages import withdraw_page
from guanxi.records.actor import SYSTEM, Actor, Role
from guanxi.records.databases import RELATIONSHIP, SOCIAL, raw
from guanxi.records.installation import Installation
from guanxi.vocabulary.progress import SILENT
from guanxi.vocabulary.reasons import Refused


@pytest.fixture
def root(house: Installation) -> str:
    return make_share_link(SYSTEM, BRAND, "spring", SPRING, datetime.now(UTC), "launch")


def test_a_share_is_counted_when_somebody_else_opens_it_and_only_once(root: str) -> None:
    async def passing_on(client: httpx.AsyncClient) -> None:
        ann, ben, cat = (Somebody(client, name) for name in ("ann", "ben", "cat"))
        await ann.open(root)
        await ann.open(await ann.child())
        for _ in range(2):
            await ben.open(await ann.child())
        await cat.open(await ben.child("timeline"))

    at_the_door(passing_on)
    assert edges() == [("ann", None), ("ben", "ann"), ("cat", "ben")]
    moved = [(r["kind"], r["actor"], r["through"]) for r in told() if r["kind"] in ("shared", "reshared")]
    assert moved == [("shared", "ann", None), ("reshared", "ben", "ann")]
    assert {row["campaign"] for row in told()} == {"launch"}
    found = verdicts()
    assert (found["counted"], found["self"], found["repeat"]) == (3, 1, 1)
    assert (found["redirected"], found["confirmed"], found["arrived"]) == (5, 5, 5)


def test_a_link_that_was_only_followed_or_offered_counts_for_nobody(root: str) -> None:
    async def without_a_page(client: httpx.AsyncClient) -> None:
        ann = Somebody(client, "ann")
        await ann.open(root)
        await Somebody(client, "ben").follow(await ann.child())

    at_the_door(without_a_page)
    assert edges() == [("ann", None)]
    assert verdicts()["redirected"] == 2
    assert raw(SOCIAL).execute("SELECT count(*) FROM share_token WHERE owner = 'ann'").fetchone() == (3,)


@pytest.mark.parametrize(
    ("method", "headers", "verdict"),
    [
        ("HEAD", {}, "looked"),
        ("GET", {"user-agent": "WhatsApp/2.23.18.78 i"}, "robot"),
        ("GET", {"user-agent": "facebookexternalhit/1.1;line-poker/1.0"}, "robot"),
        ("GET", {"user-agent": "TelegramBot (like TwitterBot)"}, "robot"),
        ("GET", {"user-agent": ""}, "robot"),
        ("GET", {"sec-purpose": "prefetch;prerender"}, "prefetch"),
        ("GET", {"purpose": "prefetch"}, "prefetch"),
    ],
)
def test_whoever_fetches_a_link_without_looking_is_served_shown_and_not_counted(
    root: str, method: str, headers: dict[str, str], verdict: str
) -> None:
    answer = at_the_door(lambda client: Somebody(client).follow(root, method, **headers))
    assert (answer.status_code, answer.headers["location"]) == (302, SPRING)
    assert "set-cookie" not in answer.headers
    assert verdicts() == Counter({verdict: 1})
    assert told() == []


def test_a_robot_that_runs_scripts_gets_no_further(root: str) -> None:
    async def crawling(client: httpx.AsyncClient) -> None:
        await Somebody(client, agent="Mozilla/5.0 (compatible; Googlebot/2.1)").view(root)

    at_the_door(crawling)
    assert verdicts() == Counter({"robot": 1})


def test_a_forged_or_unknown_token_is_no_address_and_writes_nothing(root: str) -> None:
    pepper = Installation.current().secrets.pepper
    unknown = write_token(mark_key(pepper), 12345)
    forged = write_token(b"another", 12345)
    last = "A" if root[-1] != "A" else "Q"

    async def trying(client: httpx.AsyncClient) -> list[int]:
        words = [unknown, forged, root[:-1] + last, root + "A", root[:-2], "", "a/b", "é" * 22]
        return [(await Somebody(client).follow(word)).status_code for word in words]

    assert set(at_the_door(trying)) == {404}
    assert verdicts() == Counter()


def test_a_link_to_a_page_that_was_withdrawn_leads_nowhere(root: str) -> None:
    (page,) = raw(RELATIONSHIP).execute("SELECT id FROM page_address").fetchone() or (0,)
    withdraw_page(SYSTEM, page, datetime.now(UTC))
    assert at_the_door(lambda client: Somebody(client).follow(root)).status_code == 404


def test_only_pages_of_stored_origins_may_speak_and_read(root: str) -> None:
    async def asking(client: httpx.AsyncClient) -> list[httpx.Response]:
        body = json.dumps({"page": SPRING, "view": "0" * 32})
        origins = [{"origin": ORIGIN}, {"origin": "https://evil.example"}, {}]
        return [await client.post("/g/view", content=body, headers=origin) for origin in origins]

    own, other, none = at_the_door(asking)
    assert own.headers["access-control-allow-origin"] == ORIGIN
    assert (other.status_code, none.status_code) == (403, 403)
    assert "access-control-allow-origin" not in other.headers


def test_a_page_whose_address_was_not_stored_says_nothing_about_anything(root: str) -> None:
    async def elsewhere(client: httpx.AsyncClient) -> int:
        words = {"page": f"{ORIGIN}/other", "view": "0" * 32, "token": root}
        return (await Somebody(client).say("view", **words)).status_code

    assert at_the_door(elsewhere) == 400
    assert verdicts() == Counter()


def test_whoever_came_through_one_share_first_is_not_moved_by_a_later_one(root: str) -> None:
    async def twice(client: httpx.AsyncClient) -> None:
        ann, ben, cat = (Somebody(client, name) for name in ("ann", "ben", "cat"))
        await ann.open(root)
        await ben.open(root)
        await cat.open(await ann.child())
        await cat.open(await ben.child())

    at_the_door(twice)
    assert edges()[2:] == [("cat", "ann")]
    assert verdicts()["later"] == 1


def test_a_cycle_ends_where_it_began(root: str) -> None:
    async def around(client: httpx.AsyncClient) -> None:
        ann, ben = Somebody(client, "ann"), Somebody(client, "ben")
        await ann.view()
        await ben.open(await ann.child())
        await ann.open(await ben.child())
        await ben.open(await ann.child())

    at_the_door(around)
    assert edges() == [("ben", "ann")]


def test_a_chain_may_be_a_thousand_deep(root: str) -> None:
    async def passing_on(client: httpx.AsyncClient) -> None:
        token = root
        for number in range(1_000):
            reader = Somebody(client, f"fan{number}")
            await reader.view(token)
            token = await reader.child()

    at_the_door(passing_on)
    found = edges()
    assert found == [("fan0", None)] + [(f"fan{n}", f"fan{n - 1}") for n in range(1, 1_000)]
    assert raw(SOCIAL).execute("SELECT max(depth) FROM share_token").fetchone() == (1_000,)


def test_the_same_device_is_not_two_people(root: str) -> None:
    async def in_disguise(client: httpx.AsyncClient) -> None:
        ann, ben = Somebody(client, "ann"), Somebody(client)
        await ann.open(root)
        child = await ann.child()
        await ben.view(child)
        ben.openid = "ben"
        await ben.view(child)
        ann.openid = "ann's other account"
        await ann.view(child)

    at_the_door(in_disguise)
    assert verdicts()["same_device"] == 1
    assert verdicts()["self"] == 1
    assert len(edges()) == 2


def test_many_new_devices_of_one_network_in_minutes_are_a_burst(root: str) -> None:
    async def bursting(client: httpx.AsyncClient) -> None:
        for _ in range(10):
            await Somebody(client, network="8.8.8.8").view(root)
        for network in ("8.8.4.4", "1.1.1.1"):
            await Somebody(client, network=network).view(root)
        for name in ("ann", "ben"):
            await Somebody(client, name, network="8.8.8.8").view(root)

    at_the_door(bursting)
    assert (verdicts()["counted"], verdicts()["burst"]) == (3 + 2 + 2, 7)


def test_an_anonymous_viewer_is_a_fan_of_the_pages_account(root: str) -> None:
    async def passing_on(client: httpx.AsyncClient) -> None:
        ann, ben = Somebody(client), Somebody(client)
        await ann.open(root)
        await ben.open(await ann.child())

    at_the_door(passing_on)
    (first, _), (second, through) = edges()
    assert first == through != second
    assert first.startswith("~")
    assert {(row["platform"], row["account"]) for row in told()} == {("wechat", "brand")}


def test_a_device_cannot_be_invented(root: str) -> None:
    async def inventing(client: httpx.AsyncClient) -> None:
        liar = Somebody(client, kept={"device": "~somebody", "who": "ann"})
        await liar.view(root)

    at_the_door(inventing)
    assert edges()[0][0] not in ("~somebody", "ann")


def test_a_view_is_told_once_with_its_dwell_and_one_that_nobody_saw_end_without(root: str) -> None:
    async def reading(client: httpx.AsyncClient) -> None:
        ann, ben = Somebody(client, "ann"), Somebody(client, "ben")
        view = await ann.view(root)
        for seconds in (42, 99):
            assert (await ann.say("left", view=view, seconds=seconds)).status_code == 204
        await ben.view(page=f"{SPRING}?from=timeline")

    at_the_door(reading)
    viewed = [row for row in told() if row["kind"] == "viewed"]
    assert [(row["actor"], json.loads(row["traits"])) for row in viewed] == [("ann", {"dwell_seconds": 42})]
    for hours, silent in ((0, 0), (2, 1), (2, 0)):
        assert tell_silent_views(datetime.now(UTC) + timedelta(hours=hours)) == silent
    assert [(r["actor"], r["traits"]) for r in told() if r["kind"] == "viewed"][1:] == [("ben", None)]


def test_a_page_without_a_script_counts_at_the_redirect(house: Installation) -> None:
    shop = "https://shop.example/item"
    token = make_share_link(SYSTEM, BRAND, "item", shop, datetime.now(UTC), has_script=False)

    async def following(client: httpx.AsyncClient) -> httpx.Response:
        ann = Somebody(client, "ann")
        await ann.follow(token)
        return await ann.follow(token)

    assert at_the_door(following).headers["location"] == shop
    assert edges() == [("ann", None)]
    assert verdicts() == Counter(counted=1, repeat=1)


def test_openings_become_ties_between_fans(root: str) -> None:
    async def passing_on(client: httpx.AsyncClient) -> None:
        ann, ben, cat = (Somebody(client, name) for name in ("ann", "ben", "cat"))
        await ann.open(root)
        await ben.open(await ann.child())
        await cat.open(await ben.child())

    at_the_door(passing_on)
    hear()
    with Engine() as engine:
        refresh_ties(engine, datetime.now(UTC), SILENT)
        found = engine.ask("SELECT * FROM social.tie").to_pylist()
    names = dict(raw(SOCIAL).execute("SELECT id, external_id FROM fan").fetchall())
    ties = {(names[row["influencer"]], names[row["influenced"]]): row for row in found}
    assert {pair: (row["successes"], row["opportunities"]) for pair, row in ties.items()} == {
        ("ann", "ben"): (1, 1),
        ("ben", "cat"): (1, 1),
    }


def test_a_page_speaks_of_one_content_for_ever(root: str) -> None:
    with pytest.raises(Refused) as refused:
        make_share_link(SYSTEM, BRAND, "autumn", SPRING, datetime.now(UTC))
    assert refused.value.code == "page_speaks_of_another"
    care = Actor(1, "care", frozenset({Role.CARE}))
    with pytest.raises(Refused):
        make_share_link(care, BRAND, "spring", SPRING, datetime.now(UTC))


def test_a_database_that_is_away_is_never_a_redirect_that_counted(
    root: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = book.conninfo

    async def around_the_outage(client: httpx.AsyncClient) -> list[int]:
        ann = Somebody(client, "ann")
        found = [(await ann.follow(root)).status_code]
        await asyncio.to_thread(_cut)
        monkeypatch.setattr(book, "conninfo", lambda alias: "host=/nowhere")
        found.append((await ann.follow(root)).status_code)
        monkeypatch.setattr(book, "conninfo", there)
        return [*found, (await ann.follow(root)).status_code]

    assert at_the_door(around_the_outage) == [302, 503, 302]
    connections[SOCIAL].close()
    assert verdicts()["redirected"] == 2


def _cut() -> None:
    raw(SOCIAL).execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE usename = current_user AND pid <> pg_backend_pid()"
    )


def test_one_bad_entry_keeps_nobody_else_out(root: str) -> None:
    async def together() -> list[Any]:
        writing = book.Book()

        def divided(sheet: Any, wishes: Any) -> list[int]:
            asked = [sheet.connection.execute("SELECT 8 / %s::int", (wish,)) for wish in wishes]
            return [answer.fetchone()[0] for answer in asked]

        wishes = (writing.write(divided, wish) for wish in (0, 2, 4))
        return await asyncio.gather(*wishes, return_exceptions=True)

    first, *others = asyncio.run(together())
    assert isinstance(first, Exception)
    assert others == [4, 2]
