"""QR pictures and allowed pages in the console: owner, colleague and stranger, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.channels.wechat.fake.server import FakeWeChat
from guanxi.composition.consumers import hear
from guanxi.influence.models import Ambassador, SeedRun
from guanxi.listen.accept import accept
from guanxi.listen.rows import as_table
from guanxi.listen.scenes.actions import scenes
from guanxi.listen.viewers.pages import pages
from guanxi.records.accounts import add_account
from guanxi.records.actor import SYSTEM
from guanxi.records.databases import SOCIAL, transaction
from guanxi.records.installation import Installation
from guanxi.social.models import Fan

Visit = Callable[..., Client]
FORM = {"account": "brand", "name": "<b>Window</b>", "meaning": "store", "target": "shop-7", "days": "30"}


@pytest.fixture
def fake(house: Installation) -> Iterator[FakeWeChat]:
    server = FakeWeChat()
    server.start()
    account = server.world.open_account()
    secrets = {"app_secret": account.secret, "token": account.token, "aes_key": account.aes_key}
    settings = {"app_id": account.app_id, "api_address": server.address, **secrets}
    add_account(SYSTEM, "wechat", "brand", "Asia/Shanghai", settings)
    yield server
    server.stop()


def scanned(code: str) -> None:
    rows = [
        {
            "key": number.to_bytes(16, "big"),
            "kind": kind,
            "platform": "wechat",
            "account": "brand",
            "actor": actor,
            "happened_at": datetime(2026, 11, 1, 12, tzinfo=UTC),
            "reference": code,
        }
        for number, (kind, actor) in enumerate([("followed", "o1"), ("clicked", "o1"), ("clicked", "o2")])
    ]
    with transaction(SOCIAL) as connection:
        accept(connection, "wechat:brand", as_table(rows))
    hear()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_marketer_makes_a_picture_and_sees_who_came_by_it(
    visitor: Visit, fake: FakeWeChat, language: str
) -> None:
    marketer = visitor("marketer", language)
    made = marketer.post(reverse("make_scene"), FORM)
    assert made.status_code == 302
    (row,) = scenes(SYSTEM)
    scanned(row.code)
    shown = marketer.get(reverse("scenes")).text
    assert ("带参二维码" in shown) == (language == "zh-hans")
    assert "<b>Window</b>" not in shown
    exported = marketer.get(reverse("scenes"), {"export": "csv"})
    assert b"".join(exported).decode().splitlines()[-1].split(",")[4:7] == ["3", "2", "1"]  # type: ignore[arg-type]
    assert row.image in marketer.get(made.headers["location"]).text.replace("&amp;", "&")
    assert marketer.post(reverse("rename_scene", args=[row.id]), {"name": "Door"}).status_code == 302
    assert scenes(SYSTEM)[0].name == "Door"


def test_a_form_that_cannot_be_is_shown_again_with_its_words(visitor: Visit, fake: FakeWeChat) -> None:
    answer = visitor("marketer").post(reverse("make_scene"), {**FORM, "days": "99"})
    assert answer.status_code == 400
    assert "1 to 30 days" in answer.text
    assert 'value="shop-7"' in answer.text
    assert scenes(SYSTEM) == ()


def ambassadors(*fans: int) -> None:
    promised = dict.fromkeys(("spread", "low", "high", "guarantee", "delta", "seconds"), 0.0)
    run = SeedRun.objects.create(
        as_of=datetime(2026, 11, 1, tzinfo=UTC), parameters={}, seeds=[], people=0, ties=0, **promised
    )
    for fan in fans:
        Ambassador.objects.create(fan=fan, state="active", chosen_rank=1, marginal=1.0, run=run)


@pytest.fixture
def fans(fake: FakeWeChat) -> dict[str, int]:
    """Fans of the account by openid; one of them, and somebody whom it does not know, are ambassadors."""
    scanned("q:none")
    known = dict(Fan.objects.values_list("external_id", "id"))
    Fan.objects.filter(external_id="o1").update(name="<i>小林</i>")
    ambassadors(known["o1"], 999)
    return known


@pytest.mark.parametrize(
    ("role", "language"), [("marketer", "en"), ("marketer", "zh-hans"), ("agency", "en")]
)
def test_an_ambassador_is_picked_from_those_whom_the_account_knows(
    visitor: Visit, fans: dict[str, int], role: str, language: str
) -> None:
    client, asked = visitor(role, language), {"meaning": "ambassador", "account": "brand"}
    form = client.get(reverse("scenes"), asked).text
    assert f'<option value="{fans["o1"]}">' in form
    assert '<option value="999">' not in form
    assert ("&lt;i&gt;小林&lt;/i&gt;" in form) == (role == "marketer")
    made = client.post(reverse("make_scene"), {**FORM, "meaning": "ambassador", "target": str(fans["o1"])})
    assert made.status_code == 302
    (row,) = scenes(SYSTEM)
    assert (row.meaning, row.target) == ("ambassador", "o1")
    for page in (reverse("scenes"), made.headers["location"]):
        shown = client.get(page).text
        assert reverse("fan", args=[fans["o1"]]) in shown
        assert ("&lt;i&gt;小林&lt;/i&gt;" in shown) == (role == "marketer")


def test_another_fan_whom_the_account_knows_is_taken_by_number(visitor: Visit, fans: dict[str, int]) -> None:
    form = {**FORM, "meaning": "ambassador", "target": str(fans["o1"]), "fan": f" {fans['o2']} "}
    assert visitor("marketer").post(reverse("make_scene"), form).status_code == 302
    assert [row.target for row in scenes(SYSTEM)] == ["o2"]


@pytest.mark.parametrize("target", ["999", "o1", "", "-1", "²", "9" * 30])
def test_an_ambassador_whom_the_account_does_not_know_is_refused(
    visitor: Visit, fans: dict[str, int], target: str
) -> None:
    answer = visitor("marketer").post(
        reverse("make_scene"), {**FORM, "meaning": "ambassador", "target": target}
    )
    assert answer.status_code == 400
    assert "knows no such fan" in answer.text
    assert 'name="fan"' in answer.text
    assert scenes(SYSTEM) == ()


def test_only_a_service_account_is_offered_and_makes_pictures(visitor: Visit, fake: FakeWeChat) -> None:
    program = {"app_id": "wx7", "app_secret": "s", "token": "token7", "mode": "plain", "kind": "program"}
    add_account(SYSTEM, "wechat", "mini", "Asia/Shanghai", program)
    marketer = visitor("marketer")
    shown = marketer.get(reverse("scenes")).text
    assert '<option value="brand">' in shown
    assert '<option value="mini">' not in shown
    refused = marketer.post(reverse("make_scene"), {**FORM, "account": "mini"})
    assert "Only a service account" in refused.text
    assert scenes(SYSTEM) == ()


def test_who_may_not_change_campaigns_sees_pictures_and_makes_none(visitor: Visit, fake: FakeWeChat) -> None:
    analyst = visitor("analyst")
    assert reverse("make_scene") not in analyst.get(reverse("scenes")).text
    assert analyst.post(reverse("make_scene"), FORM).status_code == 403
    assert visitor(None).get(reverse("scenes")).status_code == 302
    assert visitor("marketer").get(reverse("scene", args=[999])).status_code == 404


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_an_admin_allows_a_page_and_withdraws_it(visitor: Visit, language: str) -> None:
    admin, tab = visitor("admin", language), f"{reverse('settings')}?tab=pages"
    admin.post(reverse("allow_page"), {"address": "https://brand.example/spring", "next": tab})
    assert "https://brand.example/spring" in admin.get(tab).text
    admin.post(reverse("allow_page"), {"address": "javascript:alert(1)", "next": tab})
    (row,) = pages(SYSTEM)
    admin.post(reverse("withdraw_page", args=[row.id]), {"next": tab})
    assert pages(SYSTEM) == ()
    assert (
        visitor("marketer").post(reverse("allow_page"), {"address": "https://x.example/"}).status_code == 403
    )
    assert visitor(None).post(reverse("withdraw_page", args=[row.id])).status_code == 302
