from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.listen.shares.actions import make_share_link
from guanxi.records.actor import SYSTEM
from guanxi.records.databases import RELATIONSHIP, SOCIAL, raw
from guanxi.records.installation import Installation
from guanxi.records.public_address import set_public_address
from guanxi.records.register import Place

EVIL = "<script>alert(1)</script>"


@pytest.fixture
def page(house: Installation) -> int:
    """A page that ann opened and a robot fetched."""
    make_share_link(SYSTEM, Place("wechat", "brand"), EVIL, "https://brand.example/tea", datetime.now(UTC))
    (number,) = raw(SOCIAL).execute("SELECT page FROM shared_page").fetchone() or (0,)
    for verdict, n in (("counted", 7), ("robot", 1234), ("redirected", 10), ("confirmed", 8)):
        row = (number, None, date(2026, 11, 1), verdict, n)
        raw(SOCIAL).execute("INSERT INTO share_verdict VALUES (%s, %s, %s, %s, %s)", row)
    return int(number)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_became_of_openings_is_shown_with_what_could_not_be_seen(
    page: int, visitor: Callable[..., Client], language: str
) -> None:
    client = visitor("marketer", language)
    for address in (reverse("shares"), reverse("shared_page", args=[page])):
        text = client.get(address).content.decode()
        assert "1,234" in text
        assert "80" in text
        assert EVIL not in text


def test_whoever_may_not_write_campaigns_makes_no_link(page: int, visitor: Callable[..., Client]) -> None:
    form = {
        "address": "https://brand.example/new",
        "content": "new",
        "platform": "wechat",
        "account": "brand",
        "has_script": "yes",
    }
    for role, status in (("care", 403), (None, 302), ("admin", 302)):
        assert visitor(role).post(reverse("make_share_link"), form).status_code == status
    assert raw(SOCIAL).execute("SELECT count(*) FROM shared_page").fetchone() == (2,)


def test_only_who_may_change_settings_adds_an_address(page: int, visitor: Callable[..., Client]) -> None:
    form = {"content": "x", "platform": "wechat", "account": "brand", "address": "https://elsewhere.example/"}
    visitor("marketer").post(reverse("make_share_link"), form)
    assert raw(RELATIONSHIP).execute("SELECT count(*) FROM page_address").fetchone() == (1,)


def test_a_link_is_shown_as_it_is_given_out_and_how_to_get_there(
    page: int, visitor: Callable[..., Client]
) -> None:
    there = reverse("shared_page", args=[page])
    before = visitor("admin").get(there).text
    assert "guanxi address https://…" in before
    assert f"{reverse('settings')}?tab=pages#public_address" in before
    assert f"{reverse('settings')}?tab=pages" not in visitor("marketer").get(there).text
    set_public_address(SYSTEM, "https://door.brand.example")
    shown = visitor("marketer").get(there).text
    assert len(re.findall(r'data-copy="https://door\.brand\.example/s/[\w-]{22}"', shown)) == 1
    assert "door.brand.example/guanxi.js" in shown
    assert "guanxi address" not in shown
