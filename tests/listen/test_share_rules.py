from __future__ import annotations

from base64 import urlsafe_b64decode
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.listen.shares.marks import read_token, write_token
from guanxi.listen.shares.people import Handed, Keys, hand_over, taken_over
from guanxi.listen.shares.site import SharedPage, Site
from guanxi.listen.shares.verdicts import Verdict, seen_by_nobody
from guanxi.listen.viewers.viewer import Viewer


@pytest.mark.parametrize(
    "app", ["MicroMessenger/8.0", "Line/14.1", "KAKAOTALK 10.1", "[FBAN/FBIOS]", "Pinterest/0.1"]
)
def test_a_person_in_an_apps_browser_is_no_robot(app: str) -> None:
    assert seen_by_nobody("GET", {"user-agent": f"Mozilla/5.0 (iPhone) AppleWebKit/605 {app}"}) is None


def test_a_page_is_found_by_its_address_whatever_was_appended() -> None:
    pages = {
        1: SharedPage(1, "https://brand.example/p", "web", "main", "all", True),
        2: SharedPage(2, "https://brand.example/p?id=2", "web", "main", "two", True),
    }
    site = Site({number: page.address for number, page in pages.items()}, pages)
    found = {
        address: page.page if (page := site.page_at(address)) else None
        for address in (
            "https://Brand.example:443/p?from=singlemessage&isappinstalled=0#top",
            "https://brand.example/p?gx=abc&id=2",
            "https://brand.example/p?id=3",
            "https://brand.example/q",
            "http://brand.example/p",
            "https://brand.example:99999/p",
        )
    }
    assert list(found.values()) == [1, 2, 1, None, None, None]


@settings(max_examples=50)
@given(st.text(max_size=40), st.integers(-(1 << 63), (1 << 63) - 1))
def test_nothing_reads_as_a_token_but_what_was_written(text: str, mark: int) -> None:
    assert read_token(b"key", text) is None
    token = write_token(b"key", mark)
    assert read_token(b"key", token) == mark
    assert len(token) == 22


def test_what_a_redirect_hands_over_is_readable_here_and_for_two_minutes_only(now: datetime) -> None:
    keys = Keys.of(bytes(32))
    handed = Handed("~device", Viewer("wechat", "brand", "oAnOpenidOfWeChat", now))
    word = hand_over(keys, handed, now, bytes(12))
    assert taken_over(keys, word, now + timedelta(seconds=119)) is not None
    assert taken_over(keys, word, now + timedelta(seconds=121)) is None
    assert taken_over(Keys.of(bytes(31) + b"x"), word, now) is None
    assert taken_over(keys, word[:-2], now) is None
    assert b"oAnOpenid" not in urlsafe_b64decode(word + "==")
    assert Verdict.COUNTED not in repr(keys)
