"""The opening of a campaign on pages: typed on the brand's clock, moved, refused, in the calendar; both languages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from outreach_world import World

from guanxi.audiences.actions import create_segment
from guanxi.channels.cap import Cap
from guanxi.console.act.openings import typed_opening
from guanxi.outreach.leash import Leash
from guanxi.outreach.models import Campaign
from guanxi.question.parser import parse
from guanxi.records.accounts import add_account
from guanxi.records.actor import SYSTEM
from guanxi.records.installation import Installation
from guanxi.vocabulary.reasons import Refused

Visit = Callable[..., Client]
SHANGHAI = ZoneInfo("Asia/Shanghai")
OPENS_AT = (datetime.now(UTC) + timedelta(days=3)).replace(minute=30, second=0, microsecond=0)
TYPED = OPENS_AT.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def visitor(house: Installation) -> Visit:
    """A browser of somebody in a role; None for a stranger."""

    def visit(role: str | None, language: str = "en") -> Client:
        client = Client()
        client.cookies["django_language"] = language
        if role is not None:
            user, _ = User.objects.get_or_create(username=role)
            user.groups.set([Group.objects.get_or_create(name=role)[0]])
            client.force_login(user)
        return client

    return visit


@pytest.fixture
def fans(house: Installation) -> list[int]:
    """An igniter, an amplifier and two others, in a segment."""
    world = World(datetime.now(UTC))
    found = world.fans(4)
    world.banded(dict(zip(found, ("igniter", "amplifier", "participant"), strict=False)))
    create_segment(SYSTEM, "Readers", parse("not unfollowed"), world.now)
    world.segment(found)
    world.leash(Leash(Cap(None)))
    return found


def posted(client: Client, opens_at: str = TYPED, expected: int = 302) -> str:
    """What the form for a new campaign to the fans answers."""
    typed = {"segment": "1", "platform": "wechat", "purpose": "engage", "holdout": "0", "channel": "echo"}
    words = {"name": "First pressing", "text": "It is here", "opens_at": opens_at}
    answer = client.post(reverse("create_campaign"), {**typed, **words})
    assert answer.status_code == expected, answer.text
    return unescape(answer.text)


def shown(client: Client, address: str = "") -> str:
    return unescape(client.get(reverse("campaign", args=[Campaign.objects.get().pk]) + address).text)


def test_a_campaign_opens_when_the_brands_clock_shows_what_was_typed(visitor: Visit, fans: list[int]) -> None:
    client = visitor("marketer")
    assert "On the clock of Asia/Shanghai" in unescape(client.get(reverse("new_campaign")).text)
    posted(client)
    assert Campaign.objects.get().opens_at == OPENS_AT
    moments = [f"{OPENS_AT - timedelta(hours=hours):%Y-%m-%d %H:%M}" for hours in (48, 24, 0)]
    page = shown(client)
    assert f"{TYPED.replace('T', ' ')} <span" in page
    for line in zip(("igniter", "amplifier", "everybody else"), moments, strict=True):
        assert ": from ".join(line) in page
    assert f"not open for them yet (opens {moments[2]}, for them {moments[0]})" in page
    assert f"not open for them yet (opens {moments[2]})" in page
    chinese = shown(visitor("marketer", "zh-hans"))
    assert f"引爆者：{moments[0]} 起" in chinese
    assert f"尚未对其开放 ({moments[2]} 开放，对其 {moments[0]} 起)" in chinese


def test_each_line_of_an_opening_leads_to_its_people(visitor: Visit, fans: list[int]) -> None:
    client = visitor("marketer")
    posted(client)
    assert f'value="{TYPED}"' in shown(client)
    for band, names in (("igniter", [0]), ("amplifier", [1]), ("others", [2, 3])):
        page = shown(client, f"?band={band}")
        assert [f"Fan {fans[n] // 2}" in page for n in range(4)] == [n in names for n in range(4)]
        assert f'?band={band}#who"' in shown(client)
    rows = shown(client, "?band=igniter&export=csv").splitlines()
    assert ",hold,not_open," in rows[-1]
    assert "band=" not in shown(visitor("agency"))


def test_an_opening_is_moved_and_taken_away_by_a_form_and_the_plan_follows(
    visitor: Visit, fans: list[int]
) -> None:
    client = visitor("marketer")
    posted(client, "")
    address = reverse("move_opening", args=[Campaign.objects.get().pk])
    assert Campaign.objects.get().summary["verdicts"]["send"] == 4
    assert "Start sending" in shown(client)
    client.post(address, {"opens_at": TYPED})
    assert Campaign.objects.get().summary["reasons"] == {"not_open": 4}
    assert "Nobody may hear yet. To whom it opens later" in shown(client)
    client.post(address, {"opens_at": ""})
    assert (Campaign.objects.get().opens_at, Campaign.objects.get().summary["reasons"]) == (None, {})
    assert visitor("analyst").post(address, {"opens_at": TYPED}).status_code == 403
    assert visitor(None).post(address, {"opens_at": TYPED}).status_code == 302
    visitor("agency").post(address, {"opens_at": TYPED})
    assert Campaign.objects.get().opens_at == OPENS_AT
    assert "The opening has moved since the last plan" in shown(client)


def test_an_opening_that_is_over_or_that_no_clock_shows_is_refused_in_words_and_stays_typed(
    visitor: Visit, fans: list[int]
) -> None:
    for typed, words in (
        ("2020-01-01T10:00", "The opening lies in the past"),
        ("2099-01-01T10:00", "more than a year ahead"),
        ("0001-01-01T00:00", "The opening can't be read"),
        ("soon", "The opening can't be read"),
    ):
        page = posted(visitor("marketer"), typed, expected=400)
        assert words in page
        assert f'value="{typed}"' in page
    assert "开放时间已过" in posted(visitor("marketer", "zh-hans"), "2020-01-01T10:00", expected=400)
    assert not Campaign.objects.exists()


def test_an_hour_that_the_brands_clock_skips_is_no_opening(house: Installation) -> None:
    add_account(SYSTEM, "wechat", "brand", "Europe/Berlin", {})
    assert typed_opening("2027-03-28T03:00") == datetime(2027, 3, 28, 1, tzinfo=UTC)
    for skipped in ("2027-03-28T02:30", "2027-03-28T02:30+01:00"):
        with pytest.raises(Refused, match="opening_unreadable"):
            typed_opening(skipped)


@pytest.mark.parametrize(
    ("language", "opens", "early"), [("en", "opens", "early access"), ("zh-hans", "开放", "优先体验")]
)
def test_the_calendar_shows_when_a_campaign_opens_and_when_early_access_begins(
    visitor: Visit, fans: list[int], language: str, opens: str, early: str
) -> None:
    client = visitor("marketer", language)
    posted(client)
    for moment, word in ((OPENS_AT, opens), (OPENS_AT - timedelta(hours=48), early)):
        month = unescape(client.get(reverse("calendar"), {"month": f"{moment:%Y-%m}"}).text)
        note = (f"{word} {moment:%H:%M} ·", f"{moment:%H:%M} {word} ·")
        assert note[language != "en"] in month


def test_today_shows_what_opens_within_the_next_fortnight(visitor: Visit, fans: list[int]) -> None:
    client = visitor("marketer")
    assert f"opens {OPENS_AT:%H:%M} ·" not in client.get("/").text
    posted(client)
    assert f"opens {OPENS_AT:%H:%M} ·" in client.get("/").text
