"""Act: segments are built, counted, stored and explained; campaigns are planned, started and stopped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.audiences.models import Segment
from guanxi.console.act.composing import added, condition_of, without
from guanxi.console.act.holidays import holidays_on
from guanxi.outreach.models import Campaign
from guanxi.records.databases import RELATIONSHIP, raw

Visit = Callable[..., Client]
LANGUAGES = ("en", "zh-hans")
PAGES = ("segments", "new_segment", "campaigns", "new_campaign", "calendar")
QUESTION = "platform = wechat and not unfollowed"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_an_empty_house_shows_every_page_in_both_languages(visitor: Visit, name: str, language: str) -> None:
    assert visitor("marketer", language).get(reverse(name)).status_code == 200


def test_what_is_typed_is_counted_and_read_back_as_pills(visitor: Visit) -> None:
    client = visitor("marketer", "zh-hans")
    shown = client.post(reverse("count_question"), {"text": QUESTION}).text
    assert 'id="answer"' in shown
    assert "微信" in shown


def test_what_cannot_be_read_says_why_and_changes_nothing(visitor: Visit) -> None:
    shown = visitor("marketer").post(reverse("count_question"), {"text": "city ==== <script>"})
    assert shown.status_code == 200
    assert "<script>" not in shown.text
    assert not Segment.objects.exists()


def test_a_condition_is_added_and_taken_away_by_a_click(visitor: Visit) -> None:
    client = visitor("marketer")
    more = {"text": QUESTION, "what": "count:social", "kind": "shared", "op": "ge", "n": "2", "days": "30"}
    shown = client.post(reverse("compose_question"), {**more, "joiner": "and"}).text
    assert "count(shared) &gt;= 2 within 30 days" in shown
    assert (
        "platform = wechat</textarea>"
        in client.post(reverse("compose_question"), {"text": QUESTION, "drop": "2"}).text
    )


@pytest.mark.parametrize(
    ("chosen", "text"),
    [
        ({"what": "fact:", "fact": "city", "op": "eq", "value": "上海"}, "city = 上海"),
        ({"what": "fact:", "fact": "city", "op": "eq", "value": "a, b"}, "city in (a, b)"),
        ({"what": "fact:customer", "fact": "city", "op": "known"}, "customer.city is known"),
        ({"what": "field:band", "op": "eq", "value": "igniter"}, "band = igniter"),
        ({"what": "field:r", "op": "ge", "value": "4"}, "r >= 4"),
        ({"what": "score:daily", "op": "ge", "n": "5", "months": "2"}, "daily_score >= 5 within 2 months"),
        ({"what": "linked:", "purpose": "reward"}, "linked for reward"),
        ({"what": "followed:", "since": "2026-01-01"}, "followed since 2026-01-01"),
        ({"what": "unfollowed:"}, "unfollowed"),
    ],
)
def test_every_sort_of_condition_becomes_text(chosen: dict[str, str], text: str) -> None:
    assert added("", condition_of(chosen), "and") == text


def test_taking_the_last_condition_away_leaves_nothing() -> None:
    assert without("unfollowed", 1) == ""
    assert without("a = 1 and (b = 2 or c = 3)", 2) == "a = 1 and c = 3"


def test_a_segment_is_saved_with_its_members_and_shown_to_who_may_see_it(visitor: Visit) -> None:
    pk = _segment(visitor("marketer"))
    assert Segment.objects.get(pk=pk).evaluated_at is not None
    for language in LANGUAGES:
        assert QUESTION in visitor("analyst", language).get(reverse("segment", args=[pk])).text
    assert visitor("care").get(reverse("segment", args=[pk])).status_code == 403
    assert visitor(None).get(reverse("segment", args=[pk])).status_code == 302


def test_two_segments_of_one_name_are_refused_in_words_and_nothing_typed_is_lost(visitor: Visit) -> None:
    client = visitor("marketer")
    _segment(client)
    again = client.post(reverse("save_segment"), {"name": "Readers", "text": "unfollowed"})
    assert again.status_code == 400
    assert "unfollowed</textarea>" in again.text
    assert Segment.objects.count() == 1


def test_whoever_may_not_see_customers_meets_no_question_about_them(visitor: Visit) -> None:
    pk = _segment(visitor("marketer"), text="r >= 4")
    agency = visitor("agency")
    assert agency.get(reverse("segment", args=[pk])).status_code == 403
    assert "Readers" not in agency.get(reverse("segments")).text
    assert "count-now" not in agency.post(reverse("count_question"), {"text": "r >= 4"}).text
    assert "recency (R)" not in agency.get(reverse("new_segment")).text


def test_why_somebody_is_out_is_said_condition_by_condition(visitor: Visit) -> None:
    client = visitor("marketer")
    pk = _segment(client)
    assert client.get(reverse("why_in_segment", args=[pk]), {"fan": "7"}).status_code == 200


def test_a_campaign_is_planned_at_once_and_nothing_is_sent(visitor: Visit) -> None:
    client = visitor("marketer")
    pk = _campaign(client)
    found = Campaign.objects.get(pk=pk)
    assert (found.state, found.channel) == ("planned", "echo")
    assert raw(RELATIONSHIP).execute("SELECT count(*) FROM delivery").fetchone() == (0,)
    for language in LANGUAGES:
        assert visitor("marketer", language).get(reverse("campaign", args=[pk])).status_code == 200


def test_starting_and_stopping_are_forms_only_and_only_for_who_may_send(visitor: Visit) -> None:
    client = visitor("marketer")
    pk = _campaign(client)
    start, stop = reverse("start_campaign", args=[pk]), reverse("stop_campaign", args=[pk])
    assert client.get(start).status_code == 405
    assert visitor("analyst").post(start).status_code == 403
    assert visitor("agency").post(start).status_code == 403
    assert client.post(start).status_code == 302
    assert Campaign.objects.get(pk=pk).state == "sending"
    assert client.post(stop).status_code == 302
    assert Campaign.objects.get(pk=pk).state == "stopped"


def test_the_agency_sees_verdicts_in_sum_and_no_person(visitor: Visit) -> None:
    pk = _campaign(visitor("marketer"))
    shown = visitor("agency").get(reverse("campaign", args=[pk]))
    assert shown.status_code == 200
    assert 'id="who"' not in shown.text


def test_a_campaign_that_names_nothing_is_written_anew_with_what_was_typed(visitor: Visit) -> None:
    client = visitor("marketer")
    pk = _segment(client)
    typed = {
        "segment": str(pk),
        "platform": "wechat",
        "purpose": "engage",
        "holdout": "10",
        "channel": "echo",
    }
    answer = client.post(reverse("create_campaign"), {**typed, "name": "x", "text": "{{nobody}}"})
    assert answer.status_code == 400
    assert "{{nobody}}" in answer.text
    assert not Campaign.objects.exists()


def test_the_calendar_knows_its_festivals_and_any_month(visitor: Visit) -> None:
    shown = visitor("marketer", "zh-hans").get(reverse("calendar"), {"month": "2027-02"}).text
    assert "春节" in shown
    assert visitor("marketer").get(reverse("calendar"), {"month": "9999-99"}).status_code == 200
    assert [str(name) for name in holidays_on(date(2026, 8, 19))] == ["Qixi"]
    assert holidays_on(datetime(2026, 11, 12, tzinfo=UTC).date()) == ()


def _segment(client: Client, text: str = QUESTION) -> int:
    answer = client.post(reverse("save_segment"), {"name": "Readers", "text": text})
    assert answer.status_code == 302, answer.text
    return int(answer.headers["Location"].rstrip("/").split("/")[-1])


def _campaign(client: Client) -> int:
    typed = {"segment": str(_segment(client)), "platform": "wechat", "purpose": "engage", "holdout": "10"}
    words = {"name": "A word", "text": "Hello {{name|friend}}", "channel": "echo"}
    answer = client.post(reverse("create_campaign"), {**typed, **words})
    assert answer.status_code == 302, answer.text
    return int(answer.headers["Location"].rstrip("/").split("/")[-1])
