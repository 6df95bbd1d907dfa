from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sharing import BRAND, PHONE, SPRING, Somebody, at_the_door, edges, verdicts
from wechat_brand import Brand, open_brand

from guanxi.channels.wechat.fake.chaos import Switch
from guanxi.channels.wechat.fake.server import FakeWeChat
from guanxi.listen.shares.actions import make_share_link
from guanxi.records.actor import SYSTEM
from guanxi.records.installation import Installation


@pytest.fixture
def root(house: Installation) -> str:
    return make_share_link(SYSTEM, BRAND, "spring", SPRING, datetime.now(UTC), "launch")


@pytest.fixture
def brand(house: Installation) -> Iterator[Brand]:
    server = FakeWeChat()
    server.start()
    yield open_brand(server)
    server.stop()


def test_inside_wechat_an_opening_is_by_whom_wechat_names(brand: Brand, root: str) -> None:
    person = brand.meet()

    async def opening(client: httpx.AsyncClient) -> None:
        client.headers["user-agent"] = PHONE
        begun = await client.get((await client.get(f"/s/{root}")).headers["location"])
        back = await client.get(brand.authorized(begun.headers["location"], person))
        assert back.headers["location"] == f"/s/{root}"
        there = await client.get(back.headers["location"])
        marks = {
            name: values[0] for name, values in parse_qs(urlsplit(there.headers["location"]).query).items()
        }
        client.cookies.clear()  # the page stands elsewhere and has none of ours
        reader = Somebody(client)
        await reader.view(marks["gx"], handed=marks["gxh"])
        assert reader.kept["who"]

    at_the_door(opening)
    assert edges() == [(person.openid, None)]


def test_an_invented_user_of_a_snapshot_page_is_shown_and_not_counted(brand: Brand, root: str) -> None:
    brand.fake.world.chaos.arm(Switch.SNAPSHOT)
    person = brand.meet()

    async def opening(client: httpx.AsyncClient) -> None:
        client.headers["user-agent"] = PHONE
        begun = await client.get((await client.get(f"/s/{root}")).headers["location"])
        back = await client.get(brand.authorized(begun.headers["location"], person))
        there = await client.get(back.headers["location"])
        marks = {
            name: values[0] for name, values in parse_qs(urlsplit(there.headers["location"]).query).items()
        }
        await Somebody(client).view(marks["gx"], handed=marks["gxh"])

    at_the_door(opening)
    assert edges() == []
    assert verdicts()["snapshot"] == 1


def test_trouble_at_wechat_keeps_nobody_from_the_page(brand: Brand, root: str) -> None:
    person = brand.meet()

    async def opening(client: httpx.AsyncClient) -> str:
        client.headers["user-agent"] = PHONE
        begun = await client.get((await client.get(f"/s/{root}")).headers["location"])
        back = brand.authorized(begun.headers["location"], person)
        spoilt = back.replace("code=", "code=x")
        onward = (await client.get(spoilt)).headers["location"]
        return str((await client.get(onward)).headers["location"])

    assert at_the_door(opening).startswith(f"{SPRING}?gx={root}")
