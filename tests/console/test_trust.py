"""Leash, Health and Loyalty in an empty house: every page explains itself before anything was heard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.records.accounts import ZONE, add_account
from guanxi.records.actor import SYSTEM
from guanxi.records.databases import CUSTOMERS, RELATIONSHIP, SOCIAL, raw

Visit = Callable[..., Client]
PAGES = ("leash", "health", "quarantine", "heard", "loyalty", "members")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("name", PAGES)
def test_an_empty_house_shows_every_page_in_both_languages(visitor: Visit, name: str, language: str) -> None:
    assert visitor("analyst", language).get(reverse(name)).status_code == 200


def test_what_is_in_quarantine_is_shown_as_text_and_never_as_markup(visitor: Visit) -> None:
    _quarantine(SOCIAL, "<script>alert(1)</script>")
    shown = visitor("admin").get(reverse("quarantine")).text
    assert "&lt;script&gt;alert(1)" in shown
    assert "<script>alert" not in shown


def test_raw_text_is_shown_only_to_whoever_may_see_what_is_personal(visitor: Visit) -> None:
    _quarantine(CUSTOMERS, "13800138000")
    assert "13800138000" in visitor("marketer").get(reverse("quarantine")).text
    assert "13800138000" not in visitor("analyst").get(reverse("quarantine")).text
    assert "13800138000" not in visitor("analyst").get(reverse("quarantine"), {"export": "csv"}).text


def test_a_marketer_has_pushes_read_again_and_is_told_how_many_stay(visitor: Visit) -> None:
    _quarantine(SOCIAL, "{}")
    again = reverse("read_pushes_again")
    assert again not in visitor("marketer").get(reverse("quarantine")).text
    add_account(SYSTEM, "line", "main", ZONE, {"channel_secret": "s"})
    raw(SOCIAL).execute(
        "INSERT INTO quarantine (key, source, position, reason, raw, detail) "
        "SELECT gen_random_uuid(), 'line:main', 'events[0]', 'kind_unknown', one, one "
        'FROM unnest(ARRAY[\'{"type": "follow", "source": {"userId": "U1"}}\', \'{"type": "new"}\']) one'
    )
    assert again not in visitor("analyst").get(reverse("quarantine")).text
    assert again in visitor("marketer").get(reverse("quarantine")).text
    done = visitor("marketer", "zh-hans").post(again, {"next": reverse("quarantine")}, follow=True).text
    assert "已读取 1 条推送" in done
    assert "仍有 1 条无法读取" in done
    assert visitor("analyst").post(again).status_code == 403


def test_a_broken_promise_is_shown_as_broken(visitor: Visit) -> None:
    raw(RELATIONSHIP).execute(
        "INSERT INTO verification VALUES ('loyalty_promises', false, 'account 7 is negative', now())"
    )
    shown = visitor("analyst").get(reverse("health")).text
    assert "account 7 is negative" in shown
    assert "0 of 1" in shown


def test_exported_text_is_never_a_formula(visitor: Visit) -> None:
    _quarantine(SOCIAL, "  =HYPERLINK(1)")
    answer = visitor("admin").get(reverse("quarantine"), {"export": "csv"})
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "'  =HYPERLINK(1)" in answer.text


def _quarantine(alias: str, text: str) -> None:
    raw(alias).execute(
        "INSERT INTO quarantine (key, source, position, reason, raw) "
        "VALUES (gen_random_uuid(), 'file', 'a.csv line 3', 'time_unreadable', %s)",
        (text,),
    )


def test_who_consented_and_who_withdrew_are_behind_their_numbers(visitor: Visit) -> None:
    raw(RELATIONSHIP).execute(
        "INSERT INTO consent_state (identity, purpose, channel, granted, happened_at) "
        "VALUES (42, 'engage', 'wechat', true, now()), (44, 'sell', 'line', false, now())"
    )
    raw(RELATIONSHIP).execute("INSERT INTO suppression (key, reason, since) VALUES ('k', 'asked', now())")
    admin = visitor("admin")
    assert reverse("said", args=["consented"]) in admin.get(reverse("leash")).text
    for standing, place in (
        ("consented", reverse("fan", args=[21])),
        ("withdrew", reverse("fan", args=[22])),
    ):
        shown = admin.get(reverse("said", args=[standing])).text
        assert place in shown
    assert "asked" in admin.get(reverse("said", args=["suppressed"])).text
    assert admin.get(reverse("said", args=["unprofiled"])).status_code == 200
