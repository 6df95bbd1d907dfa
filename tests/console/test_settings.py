"""Settings: what an admin sees and changes, and what nobody else does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from guanxi.console.trust.settings import TABS
from guanxi.records.accounts import ZONE, add_account
from guanxi.records.actor import SYSTEM
from guanxi.records.databases import RELATIONSHIP, raw
from guanxi.records.public_address import public_address

Visit = Callable[..., Client]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("tab", TABS)
def test_an_admin_opens_every_tab_in_both_languages(visitor: Visit, tab: str, language: str) -> None:
    answer = visitor("admin", language).get(reverse("settings"), {"tab": tab})
    assert answer.status_code == 200
    assert ("设置" in answer.text) == (language == "zh-hans")


def test_the_rules_in_force_say_where_and_when_they_were_read(visitor: Visit) -> None:
    shown = (
        visitor("admin").get(reverse("settings"), {"tab": "rules", "q": "wechat.service_after_message"}).text
    )
    assert "5 within 48.0 hours" in shown
    assert "2026-11-21" in shown


def test_changing_a_role_is_audited_and_counts_from_the_next_page(visitor: Visit) -> None:
    care = visitor("care")
    assert care.get(reverse("settings")).status_code == 403
    user = User.objects.get(username="care-en")
    answer = visitor("admin").post(reverse("change_user", args=[user.pk]), {"role": "admin"})
    assert answer.status_code == 302
    assert care.get(reverse("settings")).status_code == 200
    row = raw(RELATIONSHIP).execute("SELECT actor, verb, subject FROM audit_entry").fetchone()
    assert row == ("admin-en", "role_changed", f"user:{user.pk}")


def test_nobody_changes_their_own_role(visitor: Visit) -> None:
    admin = visitor("admin")
    me = User.objects.get(username="admin-en")
    assert admin.post(reverse("change_user", args=[me.pk]), {"role": "care"}).status_code == 400
    assert admin.get(reverse("settings")).status_code == 200


def test_whoever_is_shut_out_is_out_at_their_next_page(visitor: Visit) -> None:
    analyst = visitor("analyst")
    user = User.objects.get(username="analyst-en")
    visitor("admin").post(reverse("change_user", args=[user.pk]), {"admitted": "no"})
    assert analyst.get(reverse("settings")).status_code == 302


def test_an_admin_says_under_which_address_the_front_door_is_reached(visitor: Visit) -> None:
    admin = visitor("admin")
    to = reverse("set_public_address")
    for written in ("https://hear.brand.example/", "http://hear.brand.example", "https://hear/x"):
        admin.post(to, {"public_address": written, "next": reverse("settings")})
    assert public_address() == "https://hear.brand.example"
    assert 'value="https://hear.brand.example"' in admin.get(reverse("settings"), {"tab": "pages"}).text
    add_account(SYSTEM, "line", "main", ZONE, {"channel_secret": "s"})
    hook = "https://hear.brand.example/hooks/line/main"
    assert hook in admin.get(reverse("account", args=["line", "main"])).text
    assert visitor("marketer").post(to, {"public_address": "https://x"}).status_code == 403
    row = raw(RELATIONSHIP).execute("SELECT verb, detail->>'address' FROM audit_entry LIMIT 1").fetchone()
    assert row == ("public_address_set", "https://hear.brand.example")
