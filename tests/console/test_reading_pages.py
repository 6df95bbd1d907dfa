"""What a platform's own lists told is on the account's page, and an owner has them read now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.composition.asking import ask_platforms
from guanxi.listen.calling.actions import ask_reading, begin_reading
from guanxi.listen.calling.queries import reading_of
from guanxi.records.accounts import add_account
from guanxi.records.actor import SYSTEM
from guanxi.records.databases import RELATIONSHIP, raw
from guanxi.records.installation import Installation
from guanxi.records.register import Place
from guanxi.vocabulary.reasons import Refused
from small_line import CHANNEL, SmallLine
from small_line import SECRET as LINE_SECRET
from small_server import running
from small_wecom import CORP, SECRET, SmallWeCom, error

Visit = Callable[..., Client]
SHOP, BRAND, MAIN = Place("wecom", "shop"), Place("line", "brand"), Place("wechat", "main")
NOW = datetime.now(UTC)


@pytest.fixture
def wecom(house: Installation) -> Iterator[SmallWeCom]:
    with running(SmallWeCom()) as server:
        given = {"corp_id": CORP, "token": "t", "aes_key": "A" * 43, "secret": SECRET}
        add_account(SYSTEM, *SHOP, "Asia/Shanghai", {**given, "api_address": server.address})
        server.meet("wmAnn", "安")
        server.add("li", "wmAnn", 1_790_000_000)
        yield server


@pytest.fixture
def line(house: Installation) -> Iterator[SmallLine]:
    with running(SmallLine()) as server:
        given = {"channel_secret": LINE_SECRET, "channel_id": CHANNEL, "api_address": server.address}
        add_account(SYSTEM, *BRAND, "Asia/Tokyo", given)
        server.befriend(0, "花子", "ja")
        yield server


def waiting() -> list[tuple[str, str]]:
    rows = raw(RELATIONSHIP).execute(
        "SELECT args->>'platform', args->>'account' FROM procrastinate_jobs "
        "WHERE task_name = 'guanxi.reading' AND status = 'todo'"
    )
    return rows.fetchall()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_an_owner_has_an_account_read_and_sees_what_it_told(
    visitor: Visit, wecom: SmallWeCom, language: str
) -> None:
    admin = visitor("admin", language)
    address = reverse("account", args=SHOP)
    words = {
        "en": ("not been read yet", "waiting for the worker"),
        "zh-hans": ("尚未读取", "等待后台工作进程"),
    }
    assert words[language][0] in admin.get(address).text
    assert admin.post(reverse("read_account", args=SHOP)).status_code == 302
    assert waiting() == [SHOP]
    assert words[language][1] in admin.get(address).text
    ask_platforms(NOW, *SHOP)
    page = admin.get(address).text
    assert words[language][1] not in page
    found = reading_of(SYSTEM, SHOP, NOW)
    assert found is not None
    assert (found.counts["listed"], found.counts["followed"], found.refusal) == (1, 1, "")
    assert {"en": "came to an employee", "zh-hans": "新添加了员工"}[language] in page
    deeds = raw(RELATIONSHIP).execute(
        "SELECT actor, subject FROM audit_entry WHERE verb = 'account_reading_asked'"
    )
    assert deeds.fetchall() == [(f"admin-{language}", "account:wecom/shop")]


def test_one_reading_at_a_time_and_one_that_died_keeps_nobody_waiting(wecom: SmallWeCom) -> None:
    ask_reading(SYSTEM, SHOP, NOW)
    with pytest.raises(Refused, match="reading_under_way"):
        ask_reading(SYSTEM, SHOP, NOW + timedelta(minutes=1))
    begin_reading(SHOP, NOW + timedelta(minutes=2))
    with pytest.raises(Refused, match="reading_under_way"):
        ask_reading(SYSTEM, SHOP, NOW + timedelta(minutes=3))
    ask_reading(SYSTEM, SHOP, NOW + timedelta(hours=3))


def test_why_a_reading_broke_off_is_said_in_words(visitor: Visit, wecom: SmallWeCom) -> None:
    wecom.plan("/cgi-bin/gettoken", (200, error(40001, "invalid credential")))
    ask_platforms(NOW, *SHOP)
    page = visitor("admin").get(reverse("account", args=SHOP)).text
    assert "It broke off: The platform refused this." in page.replace("&#x27;", "'")
    assert SECRET not in page


def test_a_platform_says_what_it_does_not_tell_and_one_that_cannot_be_asked_has_no_button(
    visitor: Visit, line: SmallLine
) -> None:
    line.is_verified = False
    ask_platforms(NOW, *BRAND)
    admin = visitor("admin")
    page = admin.get(reverse("account", args=BRAND)).text
    assert "The platform does not tell this account: who follows, tags." in page
    assert reverse("read_account", args=BRAND) in page
    add_account(SYSTEM, "telegram", "bot", "UTC", {"secret_token": "t"})
    assert "Read now" not in admin.get(reverse("account", args=["telegram", "bot"])).text
    with pytest.raises(Refused, match="channel_cannot_be_asked"):
        ask_reading(SYSTEM, Place("telegram", "bot"), NOW)


def test_nobody_but_an_owner_has_an_account_read(visitor: Visit, wecom: SmallWeCom) -> None:
    assert visitor("agency").post(reverse("read_account", args=SHOP)).status_code == 403
    assert visitor(None).post(reverse("read_account", args=SHOP)).status_code in (302, 403)
    assert waiting() == []


def test_an_account_that_is_not_there_is_not_read(house: Installation) -> None:
    with pytest.raises(Refused, match="no_such_channel_account"):
        ask_reading(SYSTEM, MAIN, NOW)
