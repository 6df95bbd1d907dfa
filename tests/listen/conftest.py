"""A fake WeChat, the brand whose account it keeps, and a page of the brand's own that viewers may be sent to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from wechat_brand import NOW, SPRING, Brand, open_brand

from guanxi.channels.wechat.fake.server import FakeWeChat
from guanxi.listen.viewers.pages import allow_page
from guanxi.records.actor import SYSTEM
from guanxi.records.installation import Installation


@pytest.fixture
def fake() -> Iterator[FakeWeChat]:
    server = FakeWeChat()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def brand(house: Installation, fake: FakeWeChat) -> Brand:
    return open_brand(fake)


@pytest.fixture
def page(house: Installation) -> int:
    return allow_page(SYSTEM, SPRING, NOW)
