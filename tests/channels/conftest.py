"""A fake WeChat with an account and somebody who knows it, and the hook that it pushes to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from wsgiref.simple_server import make_server

import pytest
from telling_hook import Hook, Quiet

from guanxi.channels.wechat.fake.people import People
from guanxi.channels.wechat.fake.server import FakeWeChat
from guanxi.channels.wechat.fake.world import Account, Person


@pytest.fixture
def hook() -> Iterator[Hook]:
    hook = Hook()
    with make_server("127.0.0.1", 0, hook, handler_class=Quiet) as server:
        hook.address = f"http://127.0.0.1:{server.server_port}/hooks/wechat/brand"
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield hook
        server.shutdown()


@pytest.fixture
def fake() -> Iterator[FakeWeChat]:
    server = FakeWeChat(answer_seconds=0.3)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def account(fake: FakeWeChat, hook: Hook) -> Account:
    return fake.world.open_account(hook=hook.address)


@pytest.fixture
def people(fake: FakeWeChat, account: Account) -> People:
    return People(fake.world, fake.courier, account)


@pytest.fixture
def person(fake: FakeWeChat, account: Account) -> Person:
    return fake.world.meet(account, "小林", union_id="oU1")
