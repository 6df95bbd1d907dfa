"""Somebody who opens share links and pages, and what the house then knows of it."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from guanxi.listen.door.desks import open_desks
from guanxi.listen.door.front import Door
from guanxi.listen.door.group import Committers
from guanxi.listen.parcel import unpack
from guanxi.listen.viewers.viewer import COOKIE, Viewer, sign_viewer, viewer_key
from guanxi.records.databases import SOCIAL, raw
from guanxi.records.installation import Installation
from guanxi.records.register import Place

SPRING = "https://brand.example/spring"
ORIGIN = "https://brand.example"
BRAND = Place("wechat", "brand")
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 MicroMessenger/8.0.50"


@dataclass
class Somebody:
    """A browser: what it keeps, and what its page's script would send."""

    client: httpx.AsyncClient
    openid: str = ""
    network: str = ""
    agent: str = PHONE
    kept: dict[str, str] = field(default_factory=dict)
    views: int = 0

    def _headers(self) -> dict[str, str]:
        known = {"user-agent": self.agent, "x-forwarded-for": self.network}
        if self.openid:
            viewer = Viewer("wechat", "brand", self.openid, datetime.now(UTC))
            word = sign_viewer(viewer_key(Installation.current().secrets.pepper), viewer)
            known["cookie"] = f"{COOKIE}={word}"
        return known

    async def follow(self, token: str, method: str = "GET", **headers: str) -> httpx.Response:
        answer = await self.client.request(method, f"/s/{token}", headers=self._headers() | headers)
        self.client.cookies.clear()  # one client stands for many browsers
        return answer

    async def say(self, call: str, **words: Any) -> httpx.Response:
        body = json.dumps(self.kept | words)
        headers = self._headers() | {"origin": ORIGIN}
        return await self.client.post(f"/g/{call}", content=body, headers=headers)

    async def view(self, token: str = "", page: str = SPRING, handed: str = "") -> str:
        self.views += 1
        view = f"{id(self):016x}{self.views:016x}"
        answer = await self.say("view", token=token, page=page, handed=handed, view=view)
        assert answer.status_code == 200, answer.text
        self.kept = {name: word for name, word in answer.json().items() if name in ("device", "who")}
        return view

    async def open(self, token: str) -> None:
        """Followed the link and saw the page."""
        there = parse_qs(urlsplit((await self.follow(token)).headers["location"]).query)
        await self.view(there["gx"][0], handed=there["gxh"][0])

    async def child(self, way: str = "chat") -> str:
        return str((await self.say("child", page=SPRING)).json()[way])


Deed = Callable[[httpx.AsyncClient], Coroutine[Any, Any, Any]]


def at_the_door(deed: Deed) -> Any:
    async def opened() -> Any:
        transport = httpx.ASGITransport(Door(open_desks(Committers())))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await deed(client)

    return asyncio.run(opened())


def told() -> list[dict[str, Any]]:
    bodies = [body for (body,) in raw(SOCIAL).execute("SELECT body FROM inbox ORDER BY xid, seq")]
    return unpack(bodies).to_pylist() if bodies else []


def edges() -> list[tuple[str, str | None]]:
    return [(row["actor"], row["through"]) for row in told() if row["kind"] == "opened"]


def verdicts() -> Counter[str]:
    rows = raw(SOCIAL).execute("SELECT verdict, sum(n)::int FROM share_verdict GROUP BY verdict").fetchall()
    return Counter(dict(rows))
