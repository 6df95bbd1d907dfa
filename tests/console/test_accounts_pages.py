"""Accounts and replies in the console: what an owner does, a colleague may, and a stranger never sees."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from guanxi.channels.registry import platforms, settings_of
from guanxi.listen.replies.queries import ReplyRow, reply_rules
from guanxi.records.accounts import ZONE, add_account, opened_accounts
from guanxi.records.actor import SYSTEM
from guanxi.records.databases import RELATIONSHIP, raw

Visit = Callable[..., Client]
CANARY = "canaryToken7"
WECHAT = {
    "setting-app_id": "wx1",
    "setting-token": CANARY,
    "setting-aes_key": "A" * 43,
    "setting-mode": "safe",
}


def add(client: Client, **more: str) -> int:
    typed = {"platform": "wechat", "name": "main", "zone": ZONE, **WECHAT, **more}
    return client.post(reverse("add_account"), typed).status_code


@pytest.fixture
def added(visitor: Visit) -> Client:
    admin = visitor("admin")
    assert add(admin) == 302
    return admin


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_an_owner_opens_the_form_of_every_platform(visitor: Visit, language: str) -> None:
    admin = visitor("admin", language)
    for platform in ("", *platforms()):
        answer = admin.get(reverse("new_account"), {"platform": platform})
        assert answer.status_code == 200
        for setting in settings_of(platform) if platform else ():
            assert f"setting-{setting.name}" in answer.text


def test_every_setting_is_called_and_explained_in_chinese() -> None:
    with translation.override("zh-hans"):
        untranslated = [
            (platform, setting.name, said)
            for platform in platforms()
            for setting in settings_of(platform)
            for said in (setting.label, setting.about, *setting.choices.values())
            if translation.gettext(said) == said
        ]
    assert untranslated == []


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_form_calls_settings_as_people_do_and_keys_stay_out_of_sight(visitor: Visit, language: str) -> None:
    admin = visitor("admin", language)
    for platform in (name for name in platforms() if settings_of(name)):
        form = admin.get(reverse("new_account"), {"platform": platform}).text
        said = re.sub(r"<[^>]*>", " ", form[form.index('<form method="post"') :])
        with translation.override(language):
            labels = [html.escape(translation.gettext(one.label)) for one in settings_of(platform)]
        assert [label for label in labels if label not in said] == []
        keys = [one.name for one in settings_of(platform) if "_" in one.name and one.name != "secret_token"]
        assert [key for key in keys if key in said] == []


def test_a_refusal_names_the_setting_as_the_form_does(visitor: Visit, added: Client) -> None:
    missing = added.post(reverse("add_account"), {"platform": "wechat", "name": "x", "zone": ZONE})
    assert "A setting is missing. (AppID)" in missing.text
    address = reverse("change_account", args=["wechat", "main"])
    told = added.post(address, {"zone": ZONE, "setting-app_id": "", "next": reverse("settings")}, follow=True)
    assert "A setting is missing. (AppID)" in told.text


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_page_shows_a_secret_again(visitor: Visit, added: Client, language: str) -> None:
    admin = visitor("admin", language)
    address = reverse("account", args=["wechat", "main"])
    shown = [
        admin.get(address).text,
        admin.get(reverse("settings"), {"tab": "accounts"}).text,
        admin.get(reverse("settings"), {"tab": "audit"}).text,
        admin.post(
            reverse("add_account"), {"platform": "wechat", "name": "main", "zone": ZONE, **WECHAT}
        ).text,
    ]
    assert "/hooks/wechat/main" in shown[0]
    assert not any(CANARY in text or "A" * 43 in text for text in shown)
    assert all("wx1" in text for text in (shown[0], shown[3]))


def test_the_address_of_the_front_door_is_shown_to_copy(
    added: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "FRONT_DOOR", "https://door.brand.cn")
    assert (
        "https://door.brand.cn/hooks/wechat/main"
        in added.get(reverse("account", args=["wechat", "main"])).text
    )


def test_a_change_keeps_secrets_that_were_left_empty_and_drops_what_was_emptied(added: Client) -> None:
    address = reverse("change_account", args=["wechat", "main"])
    typed = {"zone": "Europe/Paris", "setting-app_id": "wx2", "setting-relay_to": "https://vendor/h"}
    assert added.post(address, typed).status_code == 302
    (found,) = opened_accounts()
    assert (found.zone, found.settings["app_id"], found.settings["token"]) == ("Europe/Paris", "wx2", CANARY)
    assert found.settings["relay_to"] == "https://vendor/h"
    added.post(address, {"zone": ZONE, "setting-app_id": "wx2", "setting-token": "newToken"})
    (found,) = opened_accounts()
    assert found.settings["token"] == "newToken"
    assert "relay_to" not in found.settings


def test_an_account_that_cannot_be_opened_is_shown_with_what_to_do_and_mended(
    visitor: Visit, added: Client
) -> None:
    raw(RELATIONSHIP).execute("UPDATE channel_account SET sealed = '\\x00'")
    for page in ("health", "today"):
        shown = visitor("admin").get(reverse(page)).text
        assert "WeChat · main is neither heard nor sent from" in shown
        assert "enter them again, or restore the key" in shown
    assert "既收不到消息" in visitor("analyst", "zh-hans").get(reverse("health")).text
    address = reverse("account", args=["wechat", "main"])
    assert "every other account goes on" in added.get(address).text
    change = reverse("change_account", args=["wechat", "main"])
    added.post(change, {"zone": ZONE, "setting-app_id": "wx2", "next": address})
    assert opened_accounts() == []
    assert added.post(change, {"zone": ZONE, **WECHAT}).status_code == 302
    assert [one.settings["token"] for one in opened_accounts()] == [CANARY]
    assert "neither heard" not in visitor("admin").get(reverse("health")).text


def test_a_relay_that_fails_is_shown_and_raises_an_alarm_when_it_fails_for_long(
    visitor: Visit, added: Client
) -> None:
    address = reverse("account", args=["wechat", "main"])
    assert "Passed on" not in added.get(address).text
    raw(RELATIONSHIP).execute(
        "INSERT INTO relay_state VALUES ('wechat:main', 1200, 7, now() - interval '1 hour', now(), "
        "'relay_status 500', now() - interval '5 minutes')"
    )
    shown = added.get(address).text
    assert "1,200 passed on, 7 failed." in shown
    assert "the other address answered with an error (500)" in shown
    assert "1,200" in added.get(reverse("health")).text
    assert "passes nothing on any more" not in added.get(reverse("today")).text
    raw(RELATIONSHIP).execute("UPDATE relay_state SET failing_since = now() - interval '20 minutes'")
    assert "Nothing has been passed on since" in added.get(address).text
    for page in ("health", "today"):
        assert "WeChat · main passes nothing on any more" in added.get(reverse(page)).text
        assert "已无法转发任何请求" in visitor("admin", "zh-hans").get(reverse(page)).text


def test_a_relay_that_is_given_up_alarms_nobody_any_more(added: Client) -> None:
    raw(RELATIONSHIP).execute(
        "INSERT INTO relay_state (source, passed, failed, last_failed_at, last_failure, failing_since) "
        "VALUES ('wechat:main', 0, 3, now(), 'relay_late', now() - interval '20 minutes')"
    )
    address = reverse("account", args=["wechat", "main"])
    form = {"zone": ZONE, **WECHAT, "setting-relay_to": "https://vendor.example/h"}
    added.post(reverse("change_account", args=["wechat", "main"]), {**form})
    raw(RELATIONSHIP).execute("UPDATE relay_state SET failing_since = now() - interval '20 minutes'")
    assert "Nothing has been passed on since" in added.get(address).text
    added.post(reverse("change_account", args=["wechat", "main"]), {**form, "setting-relay_to": ""})
    assert "Nothing has been passed on since" not in added.get(address).text
    assert "passes nothing on any more" not in added.get(reverse("health")).text


@pytest.mark.parametrize(
    "wrong",
    [
        {"platform": "nowhere"},
        {"name": "a/b"},
        {"zone": "Mars"},
        {"setting-token": ""},
        {"setting-aes_key": "short"},
        {"setting-mode": "loud"},
        {"setting-relay_to": "ftp://x"},
        {"setting-relay_to": "https://user:pw@x/"},
    ],
)
def test_an_account_that_could_not_work_is_not_added(visitor: Visit, wrong: dict[str, str]) -> None:
    assert add(visitor("admin"), **wrong) == 400
    assert opened_accounts() == []


def test_an_account_is_removed_with_its_secrets(added: Client) -> None:
    assert added.post(reverse("remove_account", args=["wechat", "main"])).status_code == 302
    assert opened_accounts() == []
    assert added.get(reverse("account", args=["wechat", "main"])).status_code == 404


@pytest.mark.parametrize("role", ["marketer", "analyst", "care", "agency", None])
def test_nobody_but_an_owner_touches_accounts(visitor: Visit, added: Client, role: str | None) -> None:
    client, place = visitor(role), ["wechat", "main"]
    answers = [
        client.get(reverse("new_account")),
        client.get(reverse("account", args=place)),
        client.post(reverse("add_account"), {"platform": "wechat", "name": "two", "zone": ZONE, **WECHAT}),
        client.post(reverse("change_account", args=place), {"setting-app_id": "wx9"}),
        client.post(reverse("remove_account", args=place)),
    ]
    assert {one.status_code for one in answers} == ({302} if role is None else {403})
    assert [one.settings["app_id"] for one in opened_accounts()] == ["wx1"]


def rule(client: Client, **typed: str) -> int:
    whole = {"account": "wechat/main", "answers": "text", "match": "contains", "active": "yes", **typed}
    return client.post(reverse("add_reply"), whole).status_code


def rules() -> list[ReplyRow]:
    return list(reply_rules(SYSTEM, "wechat", "main"))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_marketer_writes_rules_and_tries_them_out(visitor: Visit, added: Client, language: str) -> None:
    mia = visitor("marketer", language)
    rule(mia, words="tea", text="Oolong today")
    rule(mia, words="", text="<b>We answer tomorrow</b>")
    shown = mia.get(reverse("replies"), {"on": "text", "words": "which TEA?"}).text
    assert "Oolong today" in shown
    assert "&lt;b&gt;We answer tomorrow" in shown
    assert ("自动回复" in shown) == (language == "zh-hans")
    first, last = rules()
    assert mia.post(reverse("raise_reply", args=[last.id])).status_code == 302
    assert [one.id for one in rules()] == [last.id, first.id]
    changed = {"answers": "text", "match": "exact", "words": "tea", "text": "Green", "active": "no"}
    mia.post(reverse("change_reply", args=[last.id]), changed)
    assert (rules()[0].text, rules()[0].active) == ("Green", False)
    assert '"hints">Oolong today' in mia.get(reverse("replies"), {"on": "text", "words": "tea"}).text
    mia.post(reverse("delete_reply", args=[last.id]))
    assert [one.id for one in rules()] == [first.id]


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": ""},
        {"text": "x" * 601},
        {"answers": "leave"},
        {"words": "x" * 65},
        {"account": "line/x"},
        {"text": "a\x08"},
    ],
)
def test_a_rule_that_cannot_work_is_refused(visitor: Visit, added: Client, wrong: dict[str, str]) -> None:
    assert rule(visitor("marketer"), **{"text": "hello", **wrong}) == 400
    assert rules() == []


def test_whoever_may_not_change_campaigns_reads_rules_at_most(visitor: Visit, added: Client) -> None:
    rule(visitor("marketer"), words="tea", text="Oolong")
    (kept,) = rules()
    for role, may_read in (("analyst", True), ("care", True), (None, False)):
        client = visitor(role)
        assert (client.get(reverse("replies")).status_code == 200) == may_read
        deeds = [rule(client, text="x")] + [
            client.post(reverse(deed, args=[kept.id]), {"text": "x"}).status_code
            for deed in ("change_reply", "raise_reply", "delete_reply")
        ]
        assert set(deeds) <= {302, 403}
        assert (403 in deeds) == (role is not None)
    assert rules() == [kept]


def test_without_an_account_the_page_says_who_adds_one(visitor: Visit) -> None:
    add_account(SYSTEM, "line", "main", ZONE, {"channel_secret": "s"})
    assert "An administrator adds one" in visitor("marketer").get(reverse("replies")).text
