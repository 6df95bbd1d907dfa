"""A fake WeChat with one account that the house knows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from guanxi.channels.wechat.fake.server import FakeWeChat
from guanxi.channels.wechat.fake.world import Account
from guanxi.records.accounts import add_account
from guanxi.records.actor import SYSTEM
from guanxi.records.installation import Installation


@pytest.fixture
def fake() -> Iterator[FakeWeChat]:
    server = FakeWeChat()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def account(house: Installation, fake: FakeWeChat) -> Account:
    account = fake.world.open_account()
    given = {"app_id": account.app_id, "app_secret": account.secret, "token": account.token}
    settings = {**given, "mode": "plain", "api_address": fake.address}
    add_account(SYSTEM, "wechat", "brand", "Asia/Shanghai", settings)
    return account
