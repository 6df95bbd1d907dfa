"""A brand with an account on a running fake WeChat, and a browser in front of its door."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from guanxi.channels.wechat.fake.people import People
from guanxi.channels.wechat.fake.server import FakeWeChat
from guanxi.channels.wechat.fake.world import Account, Person
from guanxi.listen.door.desks import open_desks
from guanxi.listen.door.front import Door
from guanxi.listen.door.group import Committers
from guanxi.listen.parcel import unpack
from guanxi.records.accounts import add_account
from guanxi.records.actor import SYSTEM
from guanxi.records.databases import SOCIAL, raw

SPRING = "https://brand.example/spring"
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
Visit = Callable[[httpx.AsyncClient], Coroutine[Any, Any, None]]


@dataclass
class Brand:
    """A running fake with one account, which the house knows by name."""

    fake: FakeWeChat
    account: Account
    name: str

    @property
    def people(self) -> People:
        return People(self.fake.world, self.fake.courier, self.account)

    def meet(self, name: str = "小林") -> Person:
        return self.fake.world.meet(self.account, name, union_id=f"oU{name}", phone="13800138000")

    def code(self, person: Person, scope: str, is_snapshot: bool = False) -> str:
        return self.fake.world.issue_code(self.account, person, scope, is_snapshot)

    def authorized(self, address: str, person: Person) -> str:
        """Where the person's WeChat sends them from the page that asks who they are."""
        return httpx.get(address.replace("#wechat_redirect", f"&as={person.openid}")).headers["location"]


def open_brand(fake: FakeWeChat, name: str = "brand", **given: Any) -> Brand:
    account = fake.world.open_account(**given)
    settings = {
        "app_id": account.app_id,
        "app_secret": account.secret,
        "token": account.token,
        "aes_key": account.aes_key,
        "mode": account.mode,
        "api_address": fake.address,
    }
    add_account(SYSTEM, "wechat", name, "Asia/Shanghai", settings)
    return Brand(fake, account, name)


def visit(what: Visit) -> None:
    """A browser without cookies does this at the open door."""

    async def run() -> None:
        transport = httpx.ASGITransport(Door(open_desks(Committers())))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as browser:
            await what(browser)

    asyncio.run(run())


def heard() -> list[dict[str, Any]]:
    """Everything that waits in the social inbox."""
    rows = raw(SOCIAL).execute("SELECT body FROM inbox ORDER BY xid, seq").fetchall()
    return unpack([bytes(body) for (body,) in rows]).to_pylist() if rows else []
