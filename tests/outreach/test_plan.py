"""Plans on a real house: who gets which verdict, and why."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from outreach_world import SEGMENT, World

from guanxi.channels.cap import Cap
from guanxi.channels.hours import OpenHours
from guanxi.consent import actions as consent
from guanxi.consent.actions import Proof
from guanxi.consent.purpose import Purpose
from guanxi.lake.engine import Engine
from guanxi.outreach.actions.campaigns import Draft, create_campaign, finish_campaign, stop_campaign
from guanxi.outreach.actions.plan import plan_campaign
from guanxi.outreach.leash import Leash
from guanxi.outreach.models import Delivery
from guanxi.outreach.queries.behind import people_ahead, people_reached
from guanxi.outreach.queries.campaigns import campaign, campaigns, who
from guanxi.outreach.queries.people import messages_of
from guanxi.outreach.queries.pressure import days_ahead, pressure
from guanxi.records.actor import SYSTEM, Actor, Role
from guanxi.vocabulary.reasons import Refused

AGENCY = Actor(2, "agency", frozenset({Role.AGENCY}))
CARE = Actor(3, "care", frozenset({Role.CARE}))
PROOF = Proof("sha256:abc", "form 7")


def test_every_person_of_the_segment_gets_one_verdict(world: World, now: datetime) -> None:
    follower, stranger, gone, refused, barred, buyer = world.fans(6)
    customer = 1
    world.follow([follower, refused, barred, buyer])
    world.follow([gone], follows=False)
    world.link([customer, buyer])
    world.segment([follower, stranger, gone, refused, barred, buyer, customer, 99])
    consent.withdraw(SYSTEM, refused, Purpose.ENGAGE, "any", "chat", now)
    consent.suppress(SYSTEM, barred, None, "asked", now)
    engage = world.campaign(channel="")
    report = world.plan(engage)
    assert world.verdicts(engage) == {
        follower: ("send", ""),
        stranger: ("drop", "not_following"),
        gone: ("drop", "unfollowed"),
        refused: ("drop", "withdrew"),
        barred: ("drop", "suppressed"),
        buyer: ("send", ""),
        99: ("drop", "no_address"),
    }
    assert report.persons == 7
    assert report.verdicts == {"send": 2, "due": 0, "hold": 0, "drop": 5}
    assert report.reasons["withdrew"] == 1
    sell = world.campaign("Sale", channel="", purpose=Purpose.SELL)
    world.plan(sell)
    assert world.verdicts(sell)[follower] == ("drop", "not_a_customer")
    assert world.verdicts(sell)[buyer] == ("send", "")


def test_a_doubtful_link_silences_but_does_not_speak(world: World, now: datetime) -> None:
    """Who is one person is judged loosely for a refusal and strictly for being a customer."""
    fan, other = world.fans(2)
    world.follow([fan, other])
    world.link([1, fan], [3, other], purposes=["contact"])
    world.segment([fan, other])
    consent.withdraw(SYSTEM, 3, Purpose.SELL, "any", "call", now)
    sale = world.campaign("Sale", channel="", purpose=Purpose.SELL)
    world.plan(sale)
    assert world.verdicts(sale)[fan] == ("drop", "not_a_customer")
    assert world.verdicts(sale)[other][1].startswith("withdrew")


def test_a_grant_by_somebody_surely_the_same_person_counts(world: World, now: datetime) -> None:
    fan, other = world.fans(2)
    world.follow([fan, other])
    world.link([1, fan])
    world.segment([fan, other])
    consent.grant(SYSTEM, 1, Purpose.ENGAGE, "email", PROOF, now)
    consent.grant(SYSTEM, other, Purpose.SELL, "wechat", PROOF, now)
    sale = world.campaign("Sale", channel="", purpose=Purpose.SELL)
    world.plan(sale)
    assert world.verdicts(sale) == {fan: ("send", ""), other: ("send", "")}


def test_quiet_hours_are_those_of_the_city_a_fan_lives_in(world: World, now: datetime) -> None:
    there, here = world.fans(2)
    world.live_in([there], "Los Angeles")
    world.segment([there, here])
    world.leash(Leash(Cap(None, days=1), OpenHours(time(9), time(21))))
    plan = world.campaign()
    world.plan(plan)
    assert world.verdicts(plan) == {there: ("hold", "quiet_hours"), here: ("send", "")}


def test_caps_count_sends_to_all_identities_of_a_person(world: World, now: datetime) -> None:
    first, second, alone = world.fans(3)
    world.link([first, second])
    world.segment([first, alone])
    world.leash(Leash(Cap(1, days=7)))
    one = world.campaign("One")
    world.plan(one)
    assert world.reserve(one).sends == 2
    world.segment([second, alone])
    two = world.campaign("Two")
    report = world.plan(two, now + timedelta(days=1))
    assert report.reasons == {"brand_cap": 2}
    assert world.plan(two, now + timedelta(days=7)).verdicts["send"] == 2


def test_wechats_own_cap_counts_by_the_month_in_shanghai(world: World, now: datetime) -> None:
    fans = world.fans(1)
    world.follow(fans)
    world.segment(fans)
    for n in range(4):
        campaign_id = world.campaign(f"No {n}", channel="")
        world.plan(campaign_id)
        assert world.reserve(campaign_id).sends == 1
    fifth = world.campaign("No 5", channel="")
    assert world.plan(fifth, now + timedelta(days=20)).reasons == {"platform_cap": 1}
    assert world.plan(fifth, datetime(2026, 11, 30, 16, tzinfo=now.tzinfo)).verdicts["send"] == 1


def test_who_heard_nothing_for_too_long_is_due(world: World, now: datetime) -> None:
    fans = world.fans(1)
    world.segment(fans)
    world.leash(Leash(Cap(None, days=7), due_after_days=30))
    due = world.campaign()
    assert world.plan(due).verdicts["due"] == 1
    assert world.reserve(due).sends == 1
    again = world.campaign("Again")
    assert world.plan(again, now + timedelta(days=29)).verdicts["send"] == 1
    assert world.plan(again, now + timedelta(days=30)).verdicts["due"] == 1


def test_the_holdout_is_drawn_once_and_gets_nothing(world: World, now: datetime) -> None:
    fans = world.fans(400)
    world.segment(fans)
    held = world.campaign(holdout_permille=250)
    report = world.plan(held)
    assert 60 < report.held_out < 140
    assert report.reasons == {"holdout": report.held_out}
    again = world.plan(held)
    assert again == report
    assert world.reserve(held).sends == 400 - report.held_out


def test_x_lets_no_campaign_write_and_the_plan_says_so(world: World) -> None:
    fans = world.fans(2, "x")
    world.segment(fans)
    plan = world.campaign(platform="x", channel="")
    assert world.plan(plan).reasons == {"platform_forbids": 2}


def test_campaigns_that_cannot_be_are_refused(world: World, now: datetime) -> None:
    for changed, code in (
        ({"name": " "}, "campaign_name_unfit"),
        ({"text": "{{password|x}}"}, "template_variable"),
        ({"channel": "nowhere"}, "platform_unknown"),
        ({"channel": "wechat", "message_kind": "template"}, "message_kind_unfit"),
        ({"channel": "wechat", "message_kind": "service", "purpose": Purpose.SELL}, "message_kind_unfit"),
        ({"holdout_permille": 501}, "holdout_share_unfit"),
    ):
        words: dict[str, object] = {
            "name": "A",
            "purpose": Purpose.ENGAGE,
            "platform": "wechat",
            "text": "hi",
        }
        with pytest.raises(Refused, match=code):
            create_campaign(SYSTEM, Draft(segment=SEGMENT, **{**words, **changed}), now)  # type: ignore[arg-type]
    world.campaign()
    with pytest.raises(Refused, match="campaign_name_taken"):
        world.campaign()


def test_answers_may_go_out_within_their_window(world: World, now: datetime) -> None:
    plan = world.campaign(channel="wechat", message_kind="service")
    world.segment(world.fans(1))
    assert world.plan(plan).reasons == {"no_request": 1}


def test_stopping_cancels_what_waits_and_nothing_more_is_reserved(world: World, now: datetime) -> None:
    world.segment(world.fans(10))
    plan = world.campaign()
    world.plan(plan)
    world.reserve(plan)
    with pytest.raises(Refused, match="campaign_still_sending"):
        finish_campaign(SYSTEM, plan)
    assert stop_campaign(SYSTEM, plan, now) == 10
    with pytest.raises(Refused, match="campaign_over"):
        world.reserve(plan)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"cancelled"}


def test_what_was_cancelled_is_no_contact(world: World, now: datetime) -> None:
    world.segment(world.fans(3))
    world.leash(Leash(Cap(1, days=7)))
    one, two = world.campaign("One"), world.campaign("Two")
    world.plan(one)
    world.reserve(one)
    assert world.plan(two).verdicts["hold"] == 3
    stop_campaign(SYSTEM, one, now)
    assert world.plan(two).verdicts["send"] == 3
    assert world.reserve(two).sends == 3


def test_pages_read_counts_reasons_and_rows(world: World, now: datetime) -> None:
    fans = world.fans(3)
    world.segment(fans)
    consent.withdraw(SYSTEM, fans[0], Purpose.ENGAGE, "any", "chat", now)
    plan = world.campaign()
    world.plan(plan)
    world.reserve(plan)
    card = campaign(SYSTEM, plan)
    assert card.reasons == {"withdrew": 1}
    assert card.deliveries == {"queued": 2}
    assert campaigns(SYSTEM)[0].sends == 2
    with Engine() as engine:
        page = who(SYSTEM, engine, plan, reason="withdrew")
        assert (page.total, page.rows[0].identity, page.rows[0].reasons) == (1, fans[0], ("withdrew",))
        assert who(SYSTEM, engine, plan, verdict="send", rows=1, offset=1).rows[0].identity == fans[2]
        assert who(SYSTEM, engine, plan, reason="drew").total == 0
    assert messages_of(SYSTEM, [fans[1]])[0].state == "queued"


def test_an_agency_sees_no_reason_that_tells_who_buys(world: World, now: datetime) -> None:
    world.segment(world.fans(3))
    plan = world.campaign(purpose=Purpose.SELL)
    world.plan(plan)
    card = campaign(AGENCY, plan)
    assert (card.reasons, card.withheld, card.held_out) == ({}, {}, None)
    with Engine() as engine, pytest.raises(Refused, match="not_permitted"):
        who(AGENCY, engine, plan)
    with Engine() as engine, pytest.raises(Refused, match="not_permitted"):
        plan_campaign(CARE, engine, plan, now)
    with pytest.raises(Refused, match="not_permitted"):
        messages_of(Actor(9, "nobody", frozenset()), [2])


def test_the_leash_page_sees_the_days_ahead_and_the_pressure_and_who_stands_behind_each_bar(
    world: World, now: datetime
) -> None:
    held, also = world.fans(2)
    world.segment([held, also])
    world.leash(Leash(Cap(1, days=3), due_after_days=5))
    one, two = world.campaign("One"), world.campaign("Two")
    world.plan(one)
    world.reserve(one)
    world.plan(two)
    with Engine() as engine:
        ahead = days_ahead(SYSTEM, engine, now)
        assert [(day.sends, day.holds, day.dues) for day in ahead] == [
            *((2, 0, 0), (0, 0, 0), (0, 0, 0)),
            *((0, 2, 0), (0, 0, 0), (0, 0, 2), (0, 0, 0)),
        ]
        assert [(row.sends, row.persons) for row in pressure(SYSTEM, engine, now)] == [(1, 2)]
        bars = {
            what: [people_ahead(SYSTEM, engine, now, what, day.day) for day in ahead]
            for what in ("sends", "holds", "dues")
        }
        for what, pages in bars.items():
            assert [page.total for page in pages] == [getattr(day, what) for day in ahead], what
            assert all(len(page.rows) == page.total for page in pages)
        assert {row.campaign_name for row in bars["sends"][0].rows} == {"One"}
        assert {row.campaign_name for row in bars["holds"][3].rows} == {"Two"}
        assert [row.person for row in people_reached(SYSTEM, engine, now, 30, sends=1).rows] == [held, also]
        assert people_reached(SYSTEM, engine, now, 30, sends=2).total == 0
