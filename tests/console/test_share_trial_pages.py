from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.lake.engine import Engine
from guanxi.listen.shares.actions import make_share_link
from guanxi.listen.shares.actions_trials import begin_trial
from guanxi.measurement.refresh import refresh_measures
from guanxi.records.actor import SYSTEM
from guanxi.records.databases import SOCIAL, raw
from guanxi.records.installation import Installation
from guanxi.records.register import Place
from guanxi.social.mirror import refresh_mirror
from guanxi.social.models import Account, Content, Fan
from guanxi.vocabulary.progress import SILENT

BEGAN = datetime(2026, 10, 1, tzinfo=UTC)
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def page(house: Installation) -> int:
    make_share_link(SYSTEM, Place("wechat", "brand"), EVIL, "https://brand.example/tea", BEGAN)
    (number,) = raw(SOCIAL).execute("SELECT page FROM shared_page").fetchone() or (0,)
    return int(number)


@pytest.fixture
def drawn(page: int) -> Callable[[int, int], int]:
    """So many viewers drew each arm, a week ago and more; says the content's number."""

    def draw(invited: int, quiet: int) -> int:
        begin_trial(SYSTEM, page, 50, BEGAN)
        account = Account.objects.using(SOCIAL).create(platform="wechat", name="brand")
        content = Content.objects.using(SOCIAL).create(
            account=account, key=b"c", external_id=EVIL, title=EVIL
        )
        names = [(f"fan{n}", n < invited) for n in range(invited + quiet)]
        Fan.objects.using(SOCIAL).bulk_create(
            Fan(account=account, key=name.encode(), external_id=name) for name, _ in names
        )
        for name, is_invited in names:
            row = (name, is_invited, BEGAN)
            raw(SOCIAL).execute(
                "INSERT INTO share_arm (trial, viewer, invited, drawn_at) SELECT trial, %s, %s, %s FROM share_trial",
                row,
            )
        as_of = BEGAN + timedelta(days=30)
        with Engine() as engine:
            refresh_mirror(engine, as_of, SILENT)
            refresh_measures(engine, as_of, SILENT)
        return int(content.pk)

    return draw


def test_lots_begin_and_end_in_the_pages_settings(page: int, visitor: Callable[..., Client]) -> None:
    begin, end = (reverse(name, args=[page]) for name in ("begin_share_trial", "end_share_trial"))
    there = reverse("shared_page", args=[page])
    for role, status in (("care", 403), (None, 302)):
        assert visitor(role).post(begin, {"percent": "50"}).status_code == status
    assert raw(SOCIAL).execute("SELECT count(*) FROM share_trial").fetchone() == (0,)
    client = visitor("marketer")
    for typed in ("100", "", "x", "5" * 50):
        assert client.post(begin, {"percent": typed, "next": there}, follow=True).status_code == 200
    assert raw(SOCIAL).execute("SELECT count(*) FROM share_trial").fetchone() == (0,)
    assert (
        "50 in a hundred viewers are invited"
        in client.post(begin, {"percent": "50", "next": there}, follow=True).content.decode()
    )
    assert client.get(end).status_code == 405
    assert "Everybody is invited" in client.post(end, {"next": there}, follow=True).content.decode()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_inviting_added_stands_on_the_pages_of_share_and_content(
    page: int, drawn: Callable[[int, int], int], visitor: Callable[..., Client], language: str
) -> None:
    content = drawn(60, 62)
    for address in (reverse("shared_page", args=[page]), reverse("content_page", args=[content])):
        text = visitor("marketer", language).get(address).content.decode()
        assert {"en": "Can&#x27;t say yet", "zh-hans": "尚不能下结论"}[language] in text
        assert {"en": "Nobody brought anybody yet", "zh-hans": "还没有人带来别人"}[language] in text
        assert "60" in text
        assert EVIL not in text


def test_arms_that_the_lot_did_not_deal_are_an_alarm(
    drawn: Callable[[int, int], int], visitor: Callable[..., Client]
) -> None:
    text = visitor("marketer").get(reverse("content_page", args=[drawn(100, 40)])).content.decode()
    assert "100 invited and 40 left alone" in text
    assert "nothing is claimed" in text
