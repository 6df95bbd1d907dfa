"""Groups, tags and notices as the owner, a colleague and a stranger see them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest
from django.test import Client
from django.urls import reverse

from guanxi.composition.consumers import hear
from guanxi.listen.accept import accept
from guanxi.records.databases import SOCIAL, raw, transaction
from guanxi.records.installation import Installation
from guanxi.vocabulary.activity import ACTIVITY_SCHEMA

Visit = Callable[..., Client]
LANGUAGES = ("en", "zh-hans")
HOSTILE = "<script>alert('群')</script>"


@pytest.fixture
def heard(house: Installation) -> None:
    now = datetime.now(UTC)
    group = {"group": {"name": HOSTILE, "kind": "group"}}
    told = [
        ("joined", "ann", "C1", group),
        ("messaged", "ann", "m1", {"group": "C1"}),
        ("identified", "ann", None, {"name": "Ann Lee"}),
        ("tagged", "ann", "7", {"name": "Very=important"}),
        ("noted", "", None, {"notice": "botSuspended", "alarm": True}),
        ("noted", "ann", "m1", {"notice": "message_read"}),
    ]
    rows = [_row(n, now, *one) for n, one in enumerate(told)]

    with transaction(SOCIAL) as connection:
        accept(connection, "test", pa.Table.from_pylist(rows, schema=ACTIVITY_SCHEMA))
    hear()


def _row(
    n: int, at: datetime, kind: str, actor: str, reference: str | None, traits: object
) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(ACTIVITY_SCHEMA.names)
    row.update(key=n.to_bytes(16, "big"), kind=kind, platform="line", account="main", actor=actor)
    return {**row, "happened_at": at, "reference": reference, "traits": json.dumps(traits)}


def _fan() -> int:
    row = raw(SOCIAL).execute("SELECT id FROM fan").fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", ["admin", "agency"])
def test_the_list_and_a_group_show_members_and_talk(
    visitor: Visit, heard: None, role: str, language: str
) -> None:
    client = visitor(role, language)
    shown = client.get(reverse("groups")).text
    assert "&lt;script&gt;alert(" in shown
    assert "<script>alert" not in shown
    one = client.get(reverse("group", args=[1])).text
    assert ("Ann Lee" in one) == (role == "admin")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_house_explains_the_page(visitor: Visit, language: str) -> None:
    assert visitor("admin", language).get(reverse("groups")).status_code == 200
    gone = visitor("admin", language).get(reverse("group", args=[99]))
    assert (gone.status_code, "There is no such group." in gone.text) == (404, language == "en")


def test_an_empty_house_says_how_fans_and_customers_come_and_whoever_may_begins(visitor: Visit) -> None:
    for page, said, begin in (
        ("fans", "No fan yet", "new_account"),
        ("customers", "No customer yet", "tracking"),
    ):
        admin, care = (visitor(role).get(reverse(page)).text for role in ("admin", "care"))
        assert said in admin
        assert said in care
        button = f'class="button act" href="{reverse(begin)}"'
        assert (button in admin, button in care) == (True, False)
        assert "Nothing matches" in visitor("admin").get(reverse(page), {"q": "nobody"}).text


def test_the_fans_card_shows_tags_and_groups(visitor: Visit, heard: None) -> None:
    shown = visitor("admin").get(reverse("fan", args=[_fan()])).text
    assert "Very=important" in shown
    assert reverse("group", args=[1]) in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_health_shows_alarms_one_by_one_and_counts_the_rest(
    visitor: Visit, heard: None, language: str
) -> None:
    shown = visitor("admin", language).get(reverse("health")).text
    assert ("The account is suspended" if language == "en" else "账号已被停用") in shown
    assert ("message read" if language == "en" else "消息已读") in shown


def test_a_stranger_sees_no_group(visitor: Visit, heard: None) -> None:
    answer = visitor(None).get(reverse("group", args=[1]))
    assert (answer.status_code, "/login/" in answer.headers["Location"]) == (302, True)


def test_an_exported_group_name_is_never_a_formula(visitor: Visit, heard: None) -> None:
    raw(SOCIAL).execute("UPDATE chat_group SET name = '=1+1'")
    assert "'=1+1" in visitor("admin").get(reverse("groups"), {"export": "csv"}).text


def test_a_tag_is_put_on_and_taken_off_on_the_card_by_whoever_may(visitor: Visit, heard: None) -> None:
    fan = _fan()
    card, deed = reverse("fan", args=[fan]), reverse("tag_fan", args=[fan])
    assert deed not in visitor("care").get(card).text
    assert visitor("care").post(deed, {"tag": "x"}).status_code == 403
    assert visitor("marketer").post(deed, {"tag": HOSTILE, "next": card}).status_code == 302
    shown = visitor("marketer").get(card).text
    assert "&lt;script&gt;alert(&#x27;群&#x27;)&lt;/script&gt; ×" in shown
    visitor("marketer").post(deed, {"tag": HOSTILE, "wanted": "no"})
    assert "&lt;/script&gt; ×" not in visitor("marketer").get(card).text


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "LINE has no tags; this one is kept here only."), ("zh-hans", "LINE 没有标签功能")],
)
def test_whoever_tags_a_fan_of_a_platform_without_tags_is_told_where_it_is_kept(
    visitor: Visit, heard: None, language: str, said: str
) -> None:
    card, deed = reverse("fan", args=[_fan()]), reverse("tag_fan", args=[_fan()])
    shown = visitor("marketer", language).post(deed, {"tag": "VIP", "next": card}, follow=True)
    assert said in shown.text
