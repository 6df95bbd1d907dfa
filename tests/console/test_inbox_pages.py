"""The inbox: who waits, by promise; a mark that can be taken back; a line on Today; each role, both languages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from django.test import Client
from django.urls import reverse

from guanxi.influence import tables as influence
from guanxi.lake.store import Lake
from guanxi.lake.table import LakeTable
from guanxi.outreach.models import AnswerMark
from guanxi.records.databases import SOCIAL, transaction
from guanxi.social import tables as social
from guanxi.vocabulary.ids import Side

Visit = Callable[..., Client]
LANGUAGES = ("en", "zh-hans")
LATE = {"en": "1 igniter waits longer than promised", "zh-hans": "1 位引爆者等待超过承诺时间"}
LATE_UNSAID = {"en": "1 fan waits longer than promised", "zh-hans": "1 位粉丝等待超过承诺时间"}


def _laid(table: LakeTable, rows: list[dict[str, object]]) -> None:
    full = [{f.name: row.get(f.name) for f in table.schema} for row in rows]
    with transaction(SOCIAL) as connection:
        Lake(Side.SOCIAL).append(connection, table, pa.Table.from_pylist(full, table.schema))


@pytest.fixture
def waiting(house: object) -> int:
    """Fan 1, an igniter, wrote five hours ago, fan 2 an hour ago; says who is first."""
    with transaction(SOCIAL) as connection:
        connection.execute("INSERT INTO account (platform, name) VALUES ('line', 'a')")
        for fan in (1, 2):
            connection.execute(
                "INSERT INTO fan (id, account_id, key, external_id, name) SELECT %s, id, %s, %s, %s FROM account",
                (fan, fan.to_bytes(16), f"f{fan}", f"<b>Fan {fan}</b>"),
            )
    now = datetime.now(UTC)
    rows = [(1, now - timedelta(hours=5)), (2, now - timedelta(hours=1))]
    wrote = {"account": 1, "platform": "line", "kind": "messaged"}
    _laid(
        social.ENGAGEMENT,
        [
            {**wrote, "id": fan, "fan": fan, "happened_at": at, "day": at.date(), "recorded_at": at}
            for fan, at in rows
        ],
    )
    counts = dict.fromkeys(("weight", "engagements", "engagements_low", "engagements_high"), 1.0)
    band = {**counts, "platform": "line", "direct": 1, "second": 0, "band": "igniter"}
    _laid(influence.WEIGHT, [{**band, "fan": 1}])
    return 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_inbox_says_how_it_fills(visitor: Visit, house: object, language: str) -> None:
    assert 'class="empty' in visitor("care", language).get(reverse("inbox")).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_waits_is_listed_by_promise_and_today_counts_the_late(
    visitor: Visit, waiting: int, language: str
) -> None:
    shown = visitor("care", language).get(reverse("inbox")).text
    assert shown.index("&lt;b&gt;Fan 1&lt;/b&gt;") < shown.index("&lt;b&gt;Fan 2&lt;/b&gt;")
    assert LATE[language] in visitor("marketer", language).get(reverse("today")).text
    assert LATE_UNSAID[language] in visitor("care", language).get(reverse("today")).text
    assert LATE[language] not in visitor("analyst", language).get(reverse("today")).text


def test_bands_are_for_who_may_see_influence_and_names_for_who_may_see_them(
    visitor: Visit, waiting: int
) -> None:
    files = {who: visitor(who).get(reverse("inbox"), {"export": "csv"}) for who in ("marketer", "agency")}
    assert "igniter" in files["marketer"].text
    assert files["agency"].status_code == 403
    assert "Fan 1" not in visitor("agency").get(reverse("inbox")).text
    assert "igniter" not in visitor("care").get(reverse("inbox")).text
    assert "igniter" not in visitor("care").get(reverse("today")).text
    assert visitor(None).get(reverse("inbox")).status_code == 302


@pytest.mark.parametrize("language", LANGUAGES)
def test_customer_care_marks_an_answer_and_takes_it_back(visitor: Visit, waiting: int, language: str) -> None:
    care, page = visitor("care", language), reverse("conversation", args=[waiting])
    deed = reverse("mark_answered", args=[waiting])
    shown = care.get(page).text
    assert deed in shown
    up_to = shown.split('name="up_to" value="')[1].split('"')[0]
    assert visitor("agency", language).post(deed, {"up_to": up_to}).status_code == 403
    assert deed not in visitor("agency", language).get(page).text
    assert care.post(deed, {"up_to": "yesterday"}).status_code == 400
    assert care.post(deed, {"up_to": "2026-11-01T00:00:00"}).status_code == 400
    listed = care.post(deed, {"up_to": up_to, "next": reverse("inbox")}, follow=True).text
    mark = AnswerMark.objects.get()
    back = reverse("unmark_answered", args=[mark.pk])
    assert back in listed
    assert f'data-href="{page}"' not in listed
    assert f'data-href="{page}"' in care.post(back, {"next": reverse("inbox")}, follow=True).text
