"""The platforms' rules: read whole or refused, each with its source; rewards; caps and hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.channels.cap import Cap, Over, counts, frees_at, has_room, window_end, window_start
from guanxi.channels.hours import OpenHours, is_open, opens_at
from guanxi.channels.registry import can_send, open_channel, platforms
from guanxi.channels.rules import all_rules, parse, rewardable, rules_of
from guanxi.vocabulary.platform import Platform
from guanxi.vocabulary.reasons import Refused

ZONES = (
    "UTC",
    "Asia/Shanghai",
    "America/New_York",
    "Europe/Berlin",
    "America/Santiago",
    "Australia/Lord_Howe",
)
START = datetime(2024, 1, 1, tzinfo=UTC)
moments = st.integers(0, 4 * 366 * 24 * 3600).map(lambda seconds: START + timedelta(seconds=seconds))
zones = st.sampled_from(ZONES)


def test_every_rule_names_its_source_and_the_day_it_was_checked() -> None:
    rules = [rule for of in all_rules() for rule in (*of.messages, *of.rewards)]
    assert len(rules) > 25
    for rule in rules:
        assert rule.provenance.source
        assert rule.provenance.checked_on >= date(2026, 11, 1)


def test_every_folder_is_a_platform_of_the_vocabulary() -> None:
    assert {*platforms()} <= {platform.value for platform in Platform}


@pytest.mark.parametrize("act", ["shared", "reshared", "invited", "followed", "liked", "viewed", "clicked"])
def test_wechat_forbids_rewards_for_spreading_and_reading(act: str) -> None:
    verdict = rewardable("wechat", act)
    assert not verdict.allowed
    assert verdict.rule_id.startswith("wechat.induced_")


@pytest.mark.parametrize("act", ["attended", "answered", "ordered", "reviewed"])
def test_wechat_lets_what_is_not_spreading_be_rewarded(act: str) -> None:
    assert rewardable("wechat", act).allowed


def test_where_a_platforms_word_is_not_known_spreading_is_not_rewarded() -> None:
    assert not rewardable("pinterest", "shared").allowed
    assert rewardable("pinterest", "ordered").allowed


def test_what_is_read_on_the_brands_own_pages_may_be_rewarded() -> None:
    assert rewardable("web", "viewed").rule_id == "web.own_pages"


def test_campaigns_use_the_first_kind_that_the_brand_may_start() -> None:
    mass = rules_of("wechat").campaign_kind()
    assert mass is not None
    assert mass.cap == Cap(4, Over.CALENDAR_MONTH, zone="Asia/Shanghai")
    assert rules_of("x").campaign_kind() is None
    assert rules_of("weibo").campaign_kind() is None


GOOD = """platform = "line"
zone = "Asia/Tokyo"
[[message]]
id = "line.push"
kind = "push"
starts = "brand"
opt_in = "follow"
marketing = true
price = "plan"
source = "somewhere"
checked_on = 2026-11-21
seen = true
"""


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ('source = "somewhere"\n', ""),
        ("checked_on = 2026-11-21\n", ""),
        ("checked_on = 2026-11-21", 'checked_on = "2026-11-21"'),
        ('opt_in = "follow"', 'opt_in = "hope"'),
        ("marketing = true", "marketing = 1"),
        ('zone = "Asia/Tokyo"', 'zone = "Asia/Atlantis"'),
        ('id = "line.push"', 'id = "wechat.push"'),
        ("seen = true", "seen = true\nsurprise = 1"),
        ('platform = "line"', 'platform = "x"'),
        ("[[message]]", "[[message]"),
    ],
)
def test_a_file_that_cannot_be_read_whole_is_refused(written: str, instead: str) -> None:
    assert parse("line", GOOD).messages[0].kind == "push"
    with pytest.raises(Refused, match="rules_unreadable"):
        parse("line", GOOD.replace(written, instead, 1))


def test_a_rule_written_twice_is_refused() -> None:
    with pytest.raises(Refused, match="rules_repeated"):
        parse("line", GOOD + GOOD[GOOD.index("[[message]]") :])


def test_only_folders_with_an_outbound_module_can_send() -> None:
    assert can_send("echo")
    assert not can_send("wechat")
    assert not can_send("nowhere")
    with pytest.raises(Refused, match="channel_cannot_send"):
        open_channel("wechat", {})
    with pytest.raises(Refused, match="channel_settings"):
        open_channel("echo", {"address": "http://127.0.0.1:1"})


def test_a_cap_of_none_always_has_room_and_of_zero_never(now: datetime) -> None:
    assert has_room(Cap(None), 10**6)
    assert frees_at(Cap(None), [now] * 9, now) == now
    assert not has_room(Cap(0, days=7), 0)
    assert frees_at(Cap(0, days=7), [], now) is None
    assert frees_at(Cap(0, Over.CALENDAR_MONTH), [now], now) is None


def test_a_cap_of_one_has_room_for_exactly_one(now: datetime) -> None:
    cap = Cap(1, days=7)
    assert frees_at(cap, [], now) == now
    assert frees_at(cap, [now], now) == now + timedelta(days=7)
    assert frees_at(cap, [now - timedelta(days=7)], now) == now


def test_a_rolling_cap_frees_when_the_send_that_fills_it_leaves(now: datetime) -> None:
    sends = [now - timedelta(days=day) for day in (6, 5, 4)]
    assert frees_at(Cap(2, days=7), sends, now) == now + timedelta(days=2)


def test_months_end_where_the_platform_is() -> None:
    cap = Cap(4, Over.CALENDAR_MONTH, zone="Asia/Shanghai")
    before = datetime(2026, 1, 31, 15, 59, 59, tzinfo=UTC)
    after = before + timedelta(seconds=1)
    assert window_start(cap, before) == datetime(2025, 12, 31, 16, tzinfo=UTC)
    assert window_start(cap, after) == after == window_end(cap, before)
    assert counts(cap, after, after)
    assert not counts(cap, before, after)
    assert window_end(cap, after) == datetime(2026, 2, 28, 16, tzinfo=UTC)


def test_the_last_month_of_a_year_is_followed_by_january() -> None:
    cap = Cap(4, Over.CALENDAR_MONTH)
    assert window_end(cap, datetime(2026, 12, 31, 23, 59, tzinfo=UTC)) == datetime(2027, 1, 1, tzinfo=UTC)


def test_a_calendar_day_is_23_or_25_hours_long_when_clocks_change() -> None:
    cap = Cap(1, Over.CALENDAR_DAY, zone="Europe/Berlin")
    for day, hours in (((2026, 3, 29), 23), ((2026, 10, 25), 25), ((2026, 11, 1), 24)):
        noon = datetime(*day, 12, tzinfo=ZoneInfo("Europe/Berlin"))
        assert window_end(cap, noon) - window_start(cap, noon) == timedelta(hours=hours)


@settings(max_examples=50, deadline=None)
@given(moments, zones, st.sampled_from([Over.CALENDAR_DAY, Over.CALENDAR_MONTH]))
def test_calendar_windows_meet_without_gap_or_overlap(moment: datetime, zone: str, over: Over) -> None:
    cap = Cap(1, over, zone=zone)
    start, end = window_start(cap, moment), window_end(cap, moment)
    assert start <= moment < end
    assert window_start(cap, end) == end
    assert window_start(cap, end - timedelta(microseconds=1)) == start


@settings(max_examples=50, deadline=None)
@given(moments, st.lists(st.integers(0, 60 * 24 * 40), max_size=12), st.integers(1, 5), st.integers(1, 31))
def test_when_a_cap_frees_there_is_room_and_not_before(
    moment: datetime, minutes: list[int], sends_max: int, days: int
) -> None:
    cap = Cap(sends_max, days=days)
    sends = [moment - timedelta(minutes=ago) for ago in minutes]
    free = frees_at(cap, sends, moment)
    assert free is not None
    assert has_room(cap, sum(counts(cap, sent, free) for sent in sends))
    earlier = free - timedelta(microseconds=1)
    if free > moment:
        assert not has_room(cap, sum(counts(cap, sent, earlier) for sent in sends))


def test_hours_may_cross_midnight() -> None:
    night = OpenHours(time(20), time(2))
    assert is_open(night, datetime(2026, 11, 1, 1, 59, tzinfo=UTC), "UTC")
    assert not is_open(night, datetime(2026, 11, 1, 2, tzinfo=UTC), "UTC")
    assert opens_at(night, datetime(2026, 11, 1, 2, tzinfo=UTC), "UTC") == datetime(
        2026, 11, 1, 20, tzinfo=UTC
    )


def test_hours_are_on_the_clock_where_the_person_lives() -> None:
    hours = OpenHours(time(9), time(21))
    noon = datetime(2026, 11, 1, 12, tzinfo=UTC)
    assert is_open(hours, noon, "Asia/Shanghai")
    assert not is_open(hours, noon + timedelta(hours=1), "Asia/Shanghai")
    assert opens_at(hours, noon + timedelta(hours=1), "Asia/Shanghai") == datetime(2026, 11, 2, 1, tzinfo=UTC)


def test_a_rule_that_fixes_its_zone_ignores_where_the_person_lives() -> None:
    korean = OpenHours(time(8), time(20, 50), "Asia/Seoul")
    assert not is_open(korean, datetime(2026, 11, 1, 12, tzinfo=UTC), "America/New_York")


@settings(max_examples=50, deadline=None)
@given(moments, zones, st.integers(0, 23), st.integers(1, 23))
def test_hours_open_when_they_say_they_will(moment: datetime, zone: str, first: int, length: int) -> None:
    hours = OpenHours(time(first, 30), time((first + length) % 24, 30))
    opening = opens_at(hours, moment, zone)
    assert opening >= moment
    assert is_open(hours, opening, zone)
    assert opening - moment < timedelta(hours=26)


def test_hours_that_never_open_are_refused() -> None:
    with pytest.raises(Refused, match="hours_empty"):
        OpenHours(time(9), time(9))


def test_a_cap_needs_a_window_and_no_negative_number() -> None:
    with pytest.raises(Refused, match="cap_without_window"):
        Cap(1)
    with pytest.raises(Refused, match="cap_negative"):
        Cap(-1, days=1)
