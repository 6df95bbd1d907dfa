"""Openings: nobody hears before a campaign opens but by their band's early access, however the opening moves."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from outreach_world import World
from test_reserve import at_once

from guanxi.composition import jobs
from guanxi.influence.treatments.actions import set_treatment
from guanxi.influence.treatments.rules import Treatment
from guanxi.lake.engine import Engine
from guanxi.outreach.actions.campaigns import stop_campaign
from guanxi.outreach.actions.openings import carry_openings, set_opening
from guanxi.outreach.actions.reserve import Reserved, begin_sending, reserve_batch
from guanxi.outreach.judging import Candidate
from guanxi.outreach.models import Campaign, Delivery, Withheld
from guanxi.outreach.queries.campaigns import campaign, campaigns, who
from guanxi.outreach.queries.openings import OTHERS, OpeningRow, brand_zone
from guanxi.records.accounts import add_account
from guanxi.records.actor import SYSTEM, Actor, Role
from guanxi.records.databases import RELATIONSHIP, raw
from guanxi.vocabulary.reasons import Refused

CARE = Actor(3, "care", frozenset({Role.CARE}))
HOUR = timedelta(hours=1)


@pytest.fixture
def opens_at(now: datetime) -> datetime:
    return now + timedelta(hours=60)


@pytest.fixture
def fans(world: World) -> dict[str, int]:
    """An igniter (48 hours early), an amplifier (24), a participant and somebody of whom no band is known."""
    found = dict(zip(("igniter", "amplifier", "participant", ""), world.fans(4), strict=True))
    world.banded({identity: band for band, identity in found.items() if band})
    world.segment(list(found.values()))
    return found


def sent() -> set[int]:
    return set(Delivery.objects.values_list("identity", flat=True))


def test_the_plan_holds_everybody_until_it_opens_for_their_band(
    world: World, fans: dict[str, int], now: datetime, opens_at: datetime
) -> None:
    plan = world.campaign(opens_at=opens_at)
    report = world.plan(plan)
    assert set(world.verdicts(plan).values()) == {("hold", "not_open")}
    assert report.bands == {"igniter": 1, "amplifier": 1, "participant": 1, "": 1}
    with Engine() as engine:
        rows = who(SYSTEM, engine, plan).rows
    early = {"igniter": 48, "amplifier": 24}
    expected = {fans[band]: opens_at - early.get(band, 0) * HOUR for band in fans}
    assert {row.identity: row.until for row in rows} == expected
    assert {row.identity: row.opens_at for row in rows} == expected
    later = world.plan(plan, opens_at - 24 * HOUR)
    assert later.verdicts == {"send": 2, "due": 0, "hold": 2, "drop": 0}


def test_each_band_is_sent_to_from_its_own_moment_on(
    world: World, fans: dict[str, int], now: datetime, opens_at: datetime
) -> None:
    plan = world.campaign(opens_at=opens_at)
    world.plan(plan)
    second = timedelta(seconds=1)
    assert world.reserve(plan, opens_at - 48 * HOUR - second) == Reserved()
    assert world.reserve(plan, opens_at - 48 * HOUR) == Reserved(sends=1)
    assert sent() == {fans["igniter"]}
    assert world.reserve(plan, opens_at - 24 * HOUR) == Reserved(sends=1)
    assert world.reserve(plan, opens_at - second) == Reserved()
    assert world.reserve(plan, opens_at) == Reserved(sends=2)
    assert sent() == set(fans.values())


def test_early_access_is_that_of_the_identity_reached(
    world: World, now: datetime, opens_at: datetime
) -> None:
    """The lower identity is reached; that another of the same person moves many opens nothing."""
    reached, strong, also, weak = world.fans(4)
    world.link([reached, strong], [also, weak])
    world.banded({strong: "igniter", reached: "listener", also: "igniter", weak: "listener"})
    world.segment([strong, weak])
    plan = world.campaign(opens_at=opens_at)
    world.plan(plan)
    world.reserve(plan, opens_at - 24 * HOUR)
    assert sent() == {also}


def test_an_opening_that_moves_after_the_plan_is_judged_anew(
    world: World, fans: dict[str, int], now: datetime, opens_at: datetime
) -> None:
    plan = world.campaign(opens_at=opens_at)
    world.plan(plan)
    set_opening(SYSTEM, plan, now + 36 * HOUR, now)
    assert world.reserve(plan, now) == Reserved(sends=1)
    set_opening(SYSTEM, plan, now + 20 * HOUR, now)
    assert sent() == set()
    assert world.reserve(plan, now) == Reserved(sends=2)
    assert sent() == {fans["igniter"], fans["amplifier"]}
    set_opening(SYSTEM, plan, None, now)
    assert world.reserve(plan, now) == Reserved(sends=2)
    assert set(raw(RELATIONSHIP).execute("SELECT verb FROM audit_entry").fetchall()) >= {("opening_set",)}


def test_a_plan_that_let_everybody_pass_waits_for_an_opening_that_was_set_later(
    world: World, fans: dict[str, int], now: datetime, opens_at: datetime
) -> None:
    plan = world.campaign()
    assert world.plan(plan).verdicts["send"] == 4
    assert world.reserve(plan) == Reserved(sends=4)
    Delivery.objects.filter(identity=fans[""]).update(state="leased")
    assert set_opening(SYSTEM, plan, opens_at, now) == 3
    assert sent() == {fans[""]}
    assert world.reserve(plan) == Reserved()
    assert world.reserve(plan, opens_at - 48 * HOUR) == Reserved(sends=1)
    assert world.reserve(plan, opens_at) == Reserved(sends=2)


def test_a_treatment_that_changes_after_the_plan_counts_when_it_comes_to_sending(
    world: World, fans: dict[str, int], now: datetime, opens_at: datetime
) -> None:
    plan = world.campaign(opens_at=opens_at)
    world.plan(plan)
    set_treatment(SYSTEM, "igniter", Treatment(), now)
    set_treatment(SYSTEM, "participant", Treatment(early_hours=59), now)
    assert world.reserve(plan, opens_at - 48 * HOUR) == Reserved(sends=1)
    assert sent() == {fans["participant"]}


def test_whom_the_last_moment_holds_for_an_opening_is_asked_again_once_it_moved(
    world: World, fans: dict[str, int], now: datetime, opens_at: datetime
) -> None:
    plan = world.campaign(opens_at=opens_at)
    world.plan(plan)
    sending = begin_sending(SYSTEM, plan)
    assert reserve_batch(sending, [Candidate(fans["participant"])], now) == Reserved(held=1)
    kept = Withheld.objects.get()
    assert (kept.reasons, kept.until) == ("not_open", opens_at)
    set_opening(SYSTEM, plan, None, now)
    assert world.reserve(plan, now) == Reserved(sends=4)


def test_nobody_without_early_access_is_sent_to_before_the_opening_whatever_the_race(
    world: World, now: datetime, opens_at: datetime
) -> None:
    """Six senders with stale campaigns hurry people of two bands while one moves the opening and one the treatments."""
    identities = world.fans(120)
    world.segment(identities)
    plan = world.campaign()
    world.plan(plan)
    sending = begin_sending(SYSTEM, plan)
    set_opening(SYSTEM, plan, opens_at, now)
    bands = ("igniter", "participant")

    def hurry(number: int) -> Reserved:
        total = Reserved()
        if number == 6:
            for later in (70, 50, 65, 60) * 3:
                set_opening(SYSTEM, plan, now + later * HOUR, now)
        elif number == 7:
            for hours in (None, 60, 50, 80) * 3:
                set_treatment(SYSTEM, "igniter", Treatment(early_hours=hours), now)
        else:
            for start in range(0, 120, 10):
                chunk = [Candidate(one, band=bands[one // 2 % 2]) for one in identities[start : start + 10]]
                total = total.plus(reserve_batch(sending, chunk, now))
        return total

    at_once(8, hurry)
    strangers = {one for one in identities if one // 2 % 2}
    assert sent().isdisjoint(strangers)
    world.banded({one: "participant" if one in strangers else "igniter" for one in identities})
    assert world.reserve(plan, now + 60 * HOUR).sends >= 60
    assert sent() == set(identities)


def test_moving_the_opening_away_while_eight_senders_reserve_leaves_nothing_waiting(
    world: World, now: datetime
) -> None:
    identities = world.fans(80)
    world.segment(identities)
    plan = world.campaign()
    world.plan(plan)
    sending = begin_sending(SYSTEM, plan)

    def send(number: int) -> Reserved:
        if number == 7:
            set_opening(SYSTEM, plan, now + 72 * HOUR, now)
            return Reserved()
        chunk = [Candidate(one) for one in identities[number * 10 : number * 10 + 10]]
        return reserve_batch(sending, chunk, now)

    at_once(8, send)
    assert sent() == set()


def test_a_started_campaign_is_carried_over_its_opening_until_a_day_after_it(
    world: World, fans: dict[str, int], now: datetime, opens_at: datetime
) -> None:
    plan, unstarted = world.campaign(opens_at=opens_at), world.campaign("Unstarted", opens_at=opens_at)
    world.plan(plan)
    world.plan(unstarted)
    assert world.reserve(plan) == Reserved()

    def carry(moment: datetime) -> Reserved:
        with Engine() as engine:
            return carry_openings(engine, moment)

    assert carry(opens_at - 49 * HOUR) == Reserved()
    assert carry(opens_at - 47 * HOUR) == Reserved(sends=1)
    assert carry(opens_at + HOUR) == Reserved(sends=3)
    assert set(Delivery.objects.values_list("campaign", flat=True)) == {plan}
    late = world.fans(1)
    world.segment([*fans.values(), *late])
    world.plan(plan, opens_at + HOUR)
    assert carry(opens_at + 24 * HOUR) == Reserved()
    jobs.openings(int((opens_at + 23 * HOUR).timestamp()))
    assert set(late) <= sent()


def test_the_card_says_who_may_hear_from_when_on_to_who_may_see_it(
    world: World, fans: dict[str, int], now: datetime, opens_at: datetime
) -> None:
    plan = world.campaign(opens_at=opens_at)
    world.plan(plan)
    opening = campaign(SYSTEM, plan).opening
    assert opening is not None
    assert opening.rows == (
        OpeningRow("igniter", opens_at - 48 * HOUR, 1),
        OpeningRow("amplifier", opens_at - 24 * HOUR, 1),
        OpeningRow(OTHERS, opens_at, 2),
    )
    assert opening.is_planned
    listed = campaigns(SYSTEM)[0]
    assert (listed.first_at, listed.opens_at) == (opens_at - 48 * HOUR, opens_at)
    with Engine() as engine:
        behind = {
            row.band: [one.identity for one in who(SYSTEM, engine, plan, band=row.band).rows]
            for row in opening.rows
        }
        with pytest.raises(Refused, match="not_permitted"):
            who(CARE, engine, plan, band="igniter")
        with pytest.raises(Refused, match="filter_unknown"):
            who(SYSTEM, engine, plan, band="hero|")
    assert behind == {
        "igniter": [fans["igniter"]],
        "amplifier": [fans["amplifier"]],
        OTHERS: [fans["participant"], fans[""]],
    }
    unseeing = campaign(CARE, plan).opening
    assert unseeing is not None
    assert [(row.band, row.persons) for row in unseeing.rows] == [("", 2), (OTHERS, 2)]
    set_opening(SYSTEM, plan, opens_at + HOUR, now)
    moved = campaign(SYSTEM, plan).opening
    assert moved is not None
    assert not moved.is_planned
    set_opening(SYSTEM, plan, None, now)
    assert campaign(SYSTEM, plan).opening is None


def test_an_opening_that_is_over_is_refused_and_so_is_one_of_a_campaign_that_is(
    world: World, now: datetime, opens_at: datetime
) -> None:
    with pytest.raises(Refused, match="opening_past"):
        world.campaign(opens_at=now)
    plan = world.campaign()
    with pytest.raises(Refused, match="opening_past"):
        set_opening(SYSTEM, plan, now - HOUR, now)
    for far, code in (
        (now + timedelta(days=367), "opening_far"),
        (datetime.max.replace(tzinfo=timezone(-12 * HOUR)), "opening_far"),
        (opens_at.replace(tzinfo=None), "time_without_zone"),
    ):
        with pytest.raises(Refused, match=code):
            set_opening(SYSTEM, plan, far, now)
    with pytest.raises(Refused, match="not_permitted"):
        set_opening(CARE, plan, opens_at, now)
    with pytest.raises(Refused, match="no_such_campaign"):
        set_opening(SYSTEM, 99, opens_at, now)
    stop_campaign(SYSTEM, plan, now)
    with pytest.raises(Refused, match="campaign_over"):
        set_opening(SYSTEM, plan, opens_at, now)
    assert Campaign.objects.get().opens_at is None


def test_the_brands_clock_is_that_of_its_first_account(world: World) -> None:
    assert brand_zone() == "Asia/Shanghai"
    add_account(SYSTEM, "echo", "main", "UTC", {})
    add_account(SYSTEM, "wechat", "brand", "Europe/Berlin", {})
    add_account(SYSTEM, "wechat", "other", "Asia/Tokyo", {})
    assert brand_zone() == "Europe/Berlin"
