"""Treatments: what a band is given is set by a person, written down, and obeyed by plans and by sends."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from outreach_world import World

from guanxi.channels.cap import Cap
from guanxi.influence.treatments.actions import set_treatment
from guanxi.influence.treatments.queries import bands_that_go_first, treatments_in_force
from guanxi.influence.treatments.refresh import refresh_treatments
from guanxi.influence.treatments.rules import FIRST_TREATMENTS, Treatment
from guanxi.influence.weighing.bands import Band
from guanxi.lake.engine import Engine
from guanxi.outreach.leash import Leash
from guanxi.outreach.models import Delivery, Withheld
from guanxi.outreach.queries.leash import leash_in_force
from guanxi.question.compile import compile_question
from guanxi.question.parser import parse
from guanxi.records.actor import SYSTEM, Actor, Role
from guanxi.records.databases import RELATIONSHIP, raw
from guanxi.vocabulary.reasons import Refused


def test_until_somebody_sets_them_the_first_treatments_are_in_force(world: World, now: datetime) -> None:
    assert treatments_in_force() == FIRST_TREATMENTS
    set_treatment(SYSTEM, "igniter", Treatment(reply_hours=1, sends_max=3, window_days=30), now)
    set_treatment(SYSTEM, "igniter", Treatment(reply_hours=4), now)
    assert treatments_in_force()[Band.IGNITER] == Treatment(reply_hours=4)
    assert treatments_in_force()[Band.LISTENER] == FIRST_TREATMENTS[Band.LISTENER]
    assert "igniter" not in leash_in_force().bands
    assert leash_in_force().bands["listener"] == Cap(1, days=30)
    told = (
        raw(RELATIONSHIP).execute("SELECT subject FROM audit_entry WHERE verb = 'treatment_set'").fetchall()
    )
    assert told == [("band:igniter",), ("band:igniter",)]


@pytest.mark.parametrize(
    "wrong",
    [
        Treatment(reply_hours=0),
        Treatment(sends_max=-1),
        Treatment(window_days=0),
        Treatment(window_days=999),
        Treatment(early_hours=0),
        Treatment(early_hours=999),
    ],
)
def test_numbers_out_of_bounds_are_refused(world: World, now: datetime, wrong: Treatment) -> None:
    with pytest.raises(Refused, match="treatment_out_of_bounds"):
        set_treatment(SYSTEM, "igniter", wrong, now)


def test_segments_know_early_access_from_the_next_round(world: World, now: datetime) -> None:
    igniter, amplifier, participant = world.fans(3)
    world.banded({igniter: "igniter", amplifier: "amplifier", participant: "participant"})

    def early(hours: int) -> set[int]:
        asked = compile_question(parse(f"early_access >= {hours}"), now).members()
        with Engine(memory="300MB") as engine:
            return set(engine.ask(asked.sql, **asked.params)["identity"].to_pylist())

    def refresh() -> None:
        with Engine(memory="300MB") as engine:
            refresh_treatments(engine, now)

    refresh()
    assert early(24) == {igniter, amplifier}
    assert early(48) == {igniter}
    set_treatment(SYSTEM, "participant", Treatment(early_hours=72), now)
    assert early(72) == set()
    refresh()
    assert early(72) == {participant}
    told = parse("band is known and not early_access >= 24")
    asked = compile_question(told, now).members()
    with Engine(memory="300MB") as engine:
        assert engine.ask(asked.sql, **asked.params).num_rows == 0


def test_whoever_may_not_change_settings_sets_no_treatment(world: World, now: datetime) -> None:
    with pytest.raises(Refused, match="not_permitted"):
        set_treatment(Actor(7, "ann", frozenset({Role.MARKETER})), "igniter", Treatment(), now)
    with pytest.raises(Refused, match="filter_unknown"):
        set_treatment(SYSTEM, "hero", Treatment(), now)


def test_the_plan_holds_whom_their_band_has_heard_enough(world: World, now: datetime) -> None:
    igniter, amplifier, stranger = world.fans(3)
    world.banded({igniter: "igniter", amplifier: "amplifier"})
    world.segment([igniter, amplifier, stranger])
    set_treatment(SYSTEM, "igniter", Treatment(sends_max=1, window_days=10), now)
    one, two = world.campaign("One"), world.campaign("Two")
    world.plan(one)
    assert world.reserve(one).sends == 3
    world.plan(two, now + timedelta(days=8))
    assert world.verdicts(two) == {
        igniter: ("hold", "band_cap"),
        amplifier: ("send", ""),
        stranger: ("send", ""),
    }
    assert world.plan(two, now + timedelta(days=10)).verdicts["send"] == 3


def test_the_sending_transaction_obeys_a_band_that_changed_after_the_plan(
    world: World, now: datetime
) -> None:
    first, second = world.fans(2)
    world.segment([first, second])
    one, two = world.campaign("One"), world.campaign("Two")
    world.plan(one)
    world.plan(two)
    assert world.reserve(one).sends == 2
    world.banded({first: "listener", second: "participant"})
    assert world.reserve(two, now + timedelta(days=1)).held == 1
    kept = Withheld.objects.get(campaign=two)
    assert (kept.identity, kept.reasons, kept.until) == (first, "band_cap", now + timedelta(days=30))


def test_all_identities_of_a_person_count_for_the_band_of_the_one_reached(
    world: World, now: datetime
) -> None:
    first, second = world.fans(2)
    world.link([first, second])
    world.banded({first: "listener", second: "listener"})
    world.segment([first])
    one, two = world.campaign("One"), world.campaign("Two")
    world.plan(one)
    assert world.reserve(one).sends == 1
    world.segment([second])
    assert world.plan(two, now + timedelta(days=3)).reasons == {"band_cap": 1}


def test_a_treatment_never_loosens_the_brands_own_leash(world: World, now: datetime) -> None:
    (fan,) = world.fans(1)
    world.banded({fan: "igniter"})
    world.segment([fan])
    world.leash(Leash(Cap(1, days=7)))
    set_treatment(SYSTEM, "igniter", Treatment(sends_max=9, window_days=7), now)
    one, two = world.campaign("One"), world.campaign("Two")
    world.plan(one)
    world.reserve(one)
    assert world.plan(two, now + timedelta(days=1)).reasons == {"brand_cap": 1}


def test_bands_that_go_first_are_written_to_before_others(world: World, now: datetime) -> None:
    fans = world.fans(6)
    world.banded({fans[4]: "igniter", fans[1]: "amplifier", fans[5]: "participant"})
    world.segment(fans)
    campaign = world.campaign()
    world.plan(campaign)
    assert set(bands_that_go_first()) == {Band.IGNITER, Band.AMPLIFIER}
    world.reserve(campaign, batch=2)
    assert Delivery.objects.count() == 6
    assert _in_first_batch(campaign) == {fans[1], fans[4]}


def _in_first_batch(campaign: int) -> set[int]:
    """Rows of one transaction share a number that grows from one to the next."""
    rows = raw(RELATIONSHIP).execute(
        "SELECT identity FROM delivery WHERE campaign = %s "
        "AND xmin::text::bigint = (SELECT min(xmin::text::bigint) FROM delivery WHERE campaign = %s)",
        (campaign, campaign),
    )
    return {identity for (identity,) in rows}
