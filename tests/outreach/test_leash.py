"""The leash as rules: each reason, their order, and the same verdicts for one and for a crowd."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.channels.cap import Cap, Over
from guanxi.channels.hours import OpenHours
from guanxi.channels.rules import rules_of
from guanxi.consent.purpose import Purpose
from guanxi.outreach.crowd import DECISIONS, NOBODY_KNOWS, Crowd, judge_all, micros, words
from guanxi.outreach.leash import Ask, Decision, Leash, Reason, Standing, judge

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
OPEN = Leash(Cap(None))
WECHAT = rules_of("wechat").message("mass")
SERVICE = rules_of("wechat").message("service")
EMAIL = rules_of("email").message("marketing")
ENGAGE = Ask(Purpose.ENGAGE, WECHAT)
SELL = Ask(Purpose.SELL, WECHAT)
FOLLOWER = Standing(zone="UTC", follows=True)


def reasons(person: Standing, ask: Ask = ENGAGE, leash: Leash = OPEN, now: datetime = NOW) -> list[str]:
    return [reason.value for reason in judge(person, ask, leash, now).reasons]


def test_a_follower_may_be_engaged() -> None:
    assert judge(FOLLOWER, ENGAGE, OPEN, NOW).decision is Decision.SEND


def test_a_fan_not_known_to_be_a_customer_is_never_sold_to_by_default() -> None:
    assert reasons(FOLLOWER, SELL) == ["not_a_customer"]
    assert reasons(replace(FOLLOWER, is_customer=True), SELL) == []
    assert reasons(replace(FOLLOWER, granted=True), SELL) == []


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        (replace(FOLLOWER, withdrew=True), ["withdrew"]),
        (Standing(), ["not_following"]),
        (Standing(granted=True), []),
        (Standing(follows=False), ["unfollowed"]),
        (replace(FOLLOWER, is_suppressed=True), ["suppressed"]),
        (Standing(has_address=False), ["no_address"]),
        (replace(FOLLOWER, is_held_out=True), ["holdout"]),
        (replace(FOLLOWER, is_held_out=True, is_suppressed=True), ["suppressed"]),
    ],
)
def test_what_forbids_is_named(person: Standing, expected: list[str]) -> None:
    assert reasons(person) == expected
    assert (judge(person, ENGAGE, OPEN, NOW).decision is Decision.DROP) == bool(expected)


def test_where_consent_is_the_proof_following_is_not_enough() -> None:
    assert reasons(FOLLOWER, Ask(Purpose.ENGAGE, EMAIL)) == ["no_consent"]
    assert reasons(Standing(granted=True), Ask(Purpose.ENGAGE, EMAIL)) == []


def test_a_platform_without_campaigns_forbids() -> None:
    assert reasons(FOLLOWER, Ask(Purpose.ENGAGE, None)) == ["platform_forbids"]
    assert reasons(FOLLOWER, Ask(Purpose.ENGAGE, rules_of("weibo").message("fan_service"))) == [
        "platform_forbids"
    ]


def test_a_capped_message_is_held_until_the_window_has_room() -> None:
    leash = Leash(Cap(2, days=7))
    blocking = NOW - timedelta(days=3)
    verdict = judge(replace(FOLLOWER, brand_sends=2, brand_blocking=blocking), ENGAGE, leash, NOW)
    assert verdict.decision is Decision.HOLD
    assert verdict.until == blocking + timedelta(days=7)


def test_a_cap_of_zero_holds_everyone_and_nobody_knows_until_when() -> None:
    verdict = judge(FOLLOWER, ENGAGE, Leash(Cap(0, days=7)), NOW)
    assert (verdict.decision, verdict.reasons, verdict.until) == (Decision.HOLD, (Reason.BRAND_CAP,), None)


def test_a_band_has_a_cap_of_its_own_that_only_ever_tightens() -> None:
    leash = Leash(Cap(2, days=7), bands={"igniter": Cap(1, days=14), "listener": Cap(9, days=7)})
    sent = NOW - timedelta(days=10)
    igniter = replace(FOLLOWER, band="igniter", band_sends=1, band_blocking=sent)
    held = judge(igniter, ENGAGE, leash, NOW)
    assert (held.reasons, held.until) == ((Reason.BAND_CAP,), sent + timedelta(days=14))
    assert reasons(replace(igniter, band="amplifier"), leash=leash) == []
    full = replace(FOLLOWER, band="listener", band_sends=2, brand_sends=2, brand_blocking=sent)
    assert reasons(full, leash=leash) == ["brand_cap"]


OPENING = NOW + timedelta(days=3)
EARLY = Leash(Cap(None), early_access={"igniter": timedelta(days=2), "amplifier": timedelta(days=1)})
IGNITER = replace(FOLLOWER, band="igniter")


def test_before_its_opening_nobody_is_sent_a_campaign_but_by_early_access_of_their_band() -> None:
    ask = replace(ENGAGE, opens_at=OPENING)
    held = judge(FOLLOWER, ask, EARLY, OPENING - timedelta(seconds=1))
    assert (held.decision, held.reasons, held.until) == (Decision.HOLD, (Reason.NOT_OPEN,), OPENING)
    assert judge(FOLLOWER, ask, EARLY, OPENING).decision is Decision.SEND
    assert judge(IGNITER, ask, EARLY, NOW).until == OPENING - timedelta(days=2)
    assert judge(IGNITER, ask, EARLY, OPENING - timedelta(days=2)).decision is Decision.SEND
    assert judge(replace(IGNITER, band="listener"), ask, EARLY, NOW).until == OPENING
    assert judge(IGNITER, ask, OPEN, OPENING - timedelta(days=1)).until == OPENING


def test_an_answer_waits_for_no_opening_and_no_opening_forbids_less_than_a_refusal() -> None:
    answer = Ask(Purpose.ENGAGE, SERVICE, OPENING)
    heard = replace(FOLLOWER, heard_at=NOW - timedelta(hours=1))
    assert judge(heard, answer, EARLY, NOW).decision is Decision.SEND
    ask = replace(ENGAGE, opens_at=OPENING)
    assert judge(replace(IGNITER, withdrew=True), ask, EARLY, NOW).reasons == (Reason.WITHDREW,)


def test_a_hold_for_an_opening_in_the_night_ends_in_the_morning() -> None:
    leash = replace(EARLY, hours=OpenHours(time(9), time(21)))
    night = OPENING.replace(hour=23)
    verdict = judge(FOLLOWER, replace(ENGAGE, opens_at=night), leash, night - timedelta(hours=1))
    assert verdict.reasons == (Reason.NOT_OPEN, Reason.QUIET_HOURS)
    assert judge(FOLLOWER, replace(ENGAGE, opens_at=night), leash, night).until == night + timedelta(hours=10)


def test_the_fifth_wechat_message_of_a_month_waits_for_the_next_month_in_shanghai() -> None:
    end = datetime(2026, 11, 30, 15, 59, tzinfo=UTC)
    verdict = judge(replace(FOLLOWER, platform_sends=4), ENGAGE, OPEN, end)
    assert verdict.until == datetime(2026, 11, 30, 16, tzinfo=UTC)


def test_quiet_hours_are_where_the_person_lives_and_the_longest_delay_counts() -> None:
    leash = Leash(Cap(1, days=1), OpenHours(time(9), time(21)))
    shanghai = replace(
        FOLLOWER, zone="Asia/Shanghai", brand_sends=1, brand_blocking=NOW - timedelta(hours=20)
    )
    night = NOW + timedelta(hours=2)
    verdict = judge(shanghai, ENGAGE, leash, night)
    assert verdict.reasons == (Reason.QUIET_HOURS, Reason.BRAND_CAP)
    assert verdict.until == datetime(2026, 11, 2, 1, tzinfo=UTC)
    assert judge(replace(FOLLOWER, zone="Europe/Berlin"), ENGAGE, leash, night).decision is Decision.SEND


def test_quiet_hours_end_at_nine_on_the_day_clocks_change() -> None:
    leash = Leash(Cap(None), OpenHours(time(9), time(21)))
    berlin = replace(FOLLOWER, zone="Europe/Berlin")
    before = datetime(2026, 10, 24, 20, tzinfo=UTC)
    assert judge(berlin, ENGAGE, leash, before).until == datetime(2026, 10, 25, 8, tzinfo=UTC)
    assert judge(berlin, ENGAGE, leash, before - timedelta(days=1)).until == datetime(
        2026, 10, 24, 7, tzinfo=UTC
    )


def test_an_answer_needs_an_open_window_and_reaches_the_holdout() -> None:
    ask = Ask(Purpose.ENGAGE, SERVICE)
    heard = replace(Standing(), heard_at=NOW - timedelta(hours=47), is_held_out=True)
    assert judge(heard, ask, OPEN, NOW).decision is Decision.SEND
    assert reasons(replace(heard, sends_since_heard=5), ask) == ["window_spent"]
    assert reasons(replace(heard, heard_at=NOW - timedelta(hours=48)), ask) == ["window_closed"]
    assert reasons(Standing(), ask) == ["no_request"]


def test_who_heard_nothing_for_too_long_is_due() -> None:
    leash = Leash(Cap(None), due_after_days=60)
    silent = replace(FOLLOWER, silent_since=NOW - timedelta(days=60))
    assert judge(silent, ENGAGE, leash, NOW).decision is Decision.DUE
    assert judge(silent, ENGAGE, OPEN, NOW).decision is Decision.SEND
    later = replace(silent, silent_since=NOW - timedelta(days=59))
    assert judge(later, ENGAGE, leash, NOW).decision is Decision.SEND
    assert judge(replace(silent, follows=False), ENGAGE, leash, NOW).decision is Decision.DROP


moments = st.none() | st.integers(0, 60 * 24 * 90).map(lambda minutes: NOW - timedelta(minutes=minutes))
standings = st.builds(
    Standing,
    zone=st.sampled_from(["UTC", "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe"]),
    has_address=st.booleans(),
    withdrew=st.booleans(),
    granted=st.booleans(),
    follows=st.sampled_from([None, True, False, True]),
    is_customer=st.booleans(),
    is_suppressed=st.booleans(),
    is_held_out=st.booleans(),
    platform_sends=st.integers(0, 5),
    platform_blocking=moments,
    brand_sends=st.integers(0, 3),
    brand_blocking=moments,
    band=st.sampled_from(["", "igniter", "listener"]),
    band_sends=st.integers(0, 2),
    band_blocking=moments,
    heard_at=moments,
    sends_since_heard=st.integers(0, 6),
    silent_since=moments,
)
rules = st.sampled_from(
    [None, WECHAT, SERVICE, EMAIL, rules_of("sms").campaign_kind(), rules_of("weibo").message("fan_service")]
)
caps = st.sampled_from(
    [Cap(None), Cap(0, days=7), Cap(1, days=7), Cap(2, days=30), Cap(2, Over.CALENDAR_MONTH)]
)
hours = st.sampled_from([None, OpenHours(time(9), time(21)), OpenHours(time(22), time(3))])


def crowd_of(people: list[Standing]) -> Crowd:
    zones, bands = sorted({person.zone for person in people}), sorted({person.band for person in people})

    def flags(name: str) -> np.ndarray:
        return np.array([getattr(person, name) for person in people], bool)

    def numbers(name: str) -> np.ndarray:
        return np.array([getattr(person, name) for person in people], np.int64)

    def times(name: str) -> np.ndarray:
        return np.array([micros(getattr(person, name)) for person in people], np.int64)

    return Crowd(
        zones=tuple(zones),
        zone=np.array([zones.index(person.zone) for person in people], np.int32),
        bands=tuple(bands),
        band=np.array([bands.index(person.band) for person in people], np.int32),
        follows=np.array(
            [-1 if person.follows is None else int(person.follows) for person in people], np.int8
        ),
        **{
            name: flags(name)
            for name in (
                *("has_address", "withdrew", "granted", "is_customer"),
                *("is_suppressed", "is_held_out"),
            )
        },
        **{
            name: numbers(name)
            for name in ("platform_sends", "brand_sends", "band_sends", "sends_since_heard")
        },
        **{
            name: times(name)
            for name in ("platform_blocking", "brand_blocking", "band_blocking", "heard_at", "silent_since")
        },
    )


@settings(max_examples=50, deadline=None)
@given(
    people=st.lists(standings, min_size=1, max_size=12),
    purpose=st.sampled_from(Purpose),
    rule=rules,
    cap=caps,
    own=caps,
    open_hours=hours,
    due=st.sampled_from([None, 30]),
    offset=st.integers(0, 24 * 60),
    opens_in=st.none() | st.integers(-24 * 60, 5 * 24 * 60),
    early=st.integers(0, 72),
)
def test_a_crowd_is_judged_as_each_of_its_people_is(
    people: list[Standing],
    purpose: Purpose,
    rule: object,
    cap: Cap,
    own: Cap,
    open_hours: OpenHours | None,
    due: int | None,
    offset: int,
    opens_in: int | None,
    early: int,
) -> None:
    now = NOW + timedelta(minutes=offset)
    opens_at = NOW + timedelta(minutes=opens_in) if opens_in is not None else None
    ask = Ask(purpose, rule, opens_at)  # type: ignore[arg-type]
    leash = Leash(cap, open_hours, due, {"igniter": own}, {"igniter": timedelta(hours=early)})
    verdicts = judge_all(crowd_of(people), ask, leash, now)
    for place, person in enumerate(people):
        one = judge(person, ask, leash, now)
        assert DECISIONS[verdicts.decision[place]] is one.decision
        assert words(int(verdicts.reasons[place])) == "|".join(one.reasons)
        until = NOBODY_KNOWS if one.until is None else micros(one.until)
        assert verdicts.until[place] == until


def test_a_million_people_are_judged_in_seconds() -> None:
    size = 1_000_000
    rng = np.random.default_rng(7)
    zeros = np.zeros(size, np.int64)
    crowd = Crowd(
        zones=("Asia/Shanghai", "Europe/Berlin"),
        zone=rng.integers(0, 2, size).astype(np.int32),
        has_address=rng.random(size) < 0.9,
        withdrew=rng.random(size) < 0.1,
        granted=rng.random(size) < 0.5,
        follows=rng.integers(-1, 2, size).astype(np.int8),
        is_customer=rng.random(size) < 0.2,
        is_suppressed=rng.random(size) < 0.01,
        is_held_out=rng.random(size) < 0.1,
        platform_sends=rng.integers(0, 6, size),
        platform_blocking=zeros,
        brand_sends=rng.integers(0, 4, size),
        brand_blocking=zeros + micros(NOW - timedelta(days=2)),
        bands=("", "igniter"),
        band=rng.integers(0, 2, size).astype(np.int32),
        band_sends=rng.integers(0, 3, size),
        band_blocking=zeros + micros(NOW - timedelta(days=2)),
        heard_at=zeros,
        sends_since_heard=zeros,
        silent_since=zeros,
    )
    own = {"igniter": Cap(1, days=7)}
    leash = Leash(Cap(2, days=7), OpenHours(time(9), time(21)), due_after_days=60, bands=own)
    verdicts = judge_all(crowd, ENGAGE, leash, NOW)
    assert len(np.unique(verdicts.decision)) == 3
