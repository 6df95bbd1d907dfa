"""Asks a fake WeChat as an account would, and reads what it pushes."""

from __future__ import annotations

import json
from typing import Any

import httpx
from defusedxml import ElementTree

from guanxi.channels.wechat.fake.server import FakeWeChat
from guanxi.channels.wechat.fake.world import Account


def token(fake: FakeWeChat, account: Account) -> str:
    words = {"grant_type": "client_credential", "appid": account.app_id, "secret": account.secret}
    return str(httpx.post(f"{fake.address}/cgi-bin/stable_token", json=words).json()["access_token"])


def told(
    fake: FakeWeChat, account: Account, path: str, words: dict[str, Any] | None = None
) -> dict[str, Any]:
    query = {"access_token": token(fake, account)}
    body = None if words is None else json.dumps(words, ensure_ascii=False).encode()
    answer = httpx.request("POST" if body else "GET", fake.address + path, params=query, content=body)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def read(body: bytes, form: str) -> dict[str, str]:
    if form == "json":
        return {name: str(value) for name, value in json.loads(body).items()}
    return {child.tag: child.text or "" for child in ElementTree.fromstring(body)}
