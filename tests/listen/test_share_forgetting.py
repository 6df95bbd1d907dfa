"""Marks of viewers and devices that can count nothing are forgotten; links lead on, and what counted stays."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from sharing import BRAND, SPRING, Somebody, at_the_door, edges

from guanxi.composition.upkeep import keep_up
from guanxi.listen.shares.actions import make_share_link
from guanxi.listen.shares.forgetting import forget_marks
from guanxi.records.actor import SYSTEM
from guanxi.records.databases import SOCIAL, raw
from guanxi.records.installation import Installation


def aged(days: int) -> None:
    """Everything that share links remember is so many days older."""
    for table, column in (
        ("share_opening", "opened_at"),
        ("share_touch", "touched_at"),
        ("share_token", "offered_at"),
    ):
        raw(SOCIAL).execute(f"UPDATE {table} SET {column} = {column} - make_interval(days => {days})")


def rows(question: str) -> list[tuple[Any, ...]]:
    return raw(SOCIAL).execute(question).fetchall()


@pytest.fixture
def link(house: Installation, now: Any) -> str:
    return make_share_link(SYSTEM, BRAND, "spring", SPRING, now)


async def _passed_on(client: httpx.AsyncClient, link: str) -> str:
    """Ann comes by the brand's link and passes hers on to Ben; Cid comes by himself and is offered links."""
    ann, ben, cid = (Somebody(client, network=f"10.0.{n}.1") for n in range(3))
    await ann.open(link)
    offered = await ann.child()
    await ben.open(offered)
    await ben.open(link)  # later: no first way to the page, counts nothing
    await cid.view()
    await ann.child("timeline")
    return await cid.child()


def test_a_network_is_forgotten_after_a_day_and_a_mark_when_no_browser_can_hold_it(link: str) -> None:
    at_the_door(lambda client: _passed_on(client, link))
    counted = edges()
    assert forget_marks() == 0
    aged(2)
    assert keep_up().parcels_forgotten == 0
    assert rows("SELECT count(net), count(*) FROM share_opening") == [(0, 3)]
    assert forget_marks() == 0
    aged(397)
    assert forget_marks() == 0
    aged(2)
    assert forget_marks() > 0
    assert forget_marks() == 0
    assert rows("SELECT count(*), count(*) FILTER (WHERE device = '') FROM share_opening") == [(2, 2)]
    assert rows("SELECT count(*) FROM share_touch WHERE token IS NULL") == [(0,)]
    assert rows("SELECT count(*) FROM share_token WHERE device <> ''") == [(0,)]
    owned = rows("SELECT way, count(*) FROM share_token WHERE owner <> '' GROUP BY way")
    assert owned == [("chat", 1)]
    assert edges() == counted


def test_a_link_that_nobody_opened_leads_on_as_a_link_of_nobodys(link: str) -> None:
    unopened = at_the_door(lambda client: _passed_on(client, link))
    aged(401)
    forget_marks()

    async def opened(client: httpx.AsyncClient) -> httpx.Response:
        dora = Somebody(client, network="10.0.9.1")
        answer = await dora.follow(unopened)
        await dora.open(unopened)
        return answer

    answer = at_the_door(opened)
    assert answer.headers["location"].startswith(SPRING)
    assert edges()[-1][1] is None
