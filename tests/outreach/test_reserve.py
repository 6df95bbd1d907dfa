"""The leash cannot leak: caps, refusals and doubles at any concurrency, judged in the reserving transaction."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.db import connections
from outreach_world import World

from guanxi.channels.cap import Cap
from guanxi.consent import actions as consent
from guanxi.consent.purpose import Purpose
from guanxi.lake.engine import Engine
from guanxi.outreach.actions.campaigns import stop_campaign
from guanxi.outreach.actions.reserve import Reserved, begin_sending, reserve_batch, reserve_sends
from guanxi.outreach.invariants import broken
from guanxi.outreach.judging import Candidate
from guanxi.outreach.leash import Leash
from guanxi.outreach.models import Delivery, Withheld
from guanxi.records.actor import SYSTEM, Actor, Role
from guanxi.records.databases import RELATIONSHIP, raw, transaction
from guanxi.vocabulary.reasons import Refused

ANALYST = Actor(3, "analyst", frozenset({Role.ANALYST}))


def at_once(count: int, work: object) -> list[Reserved]:
    """The work of several threads, each on connections of its own, started together."""
    start, results, lock = threading.Barrier(count), [], threading.Lock()
    errors: list[BaseException] = []

    def run(number: int) -> None:
        try:
            start.wait()
            done = work(number)  # type: ignore[operator]
            with lock:
                results.append(done)
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    return results


def rush(world: World, fans: int, campaigns: int, cap: int, batch: int) -> Counter[int]:
    """Sends by person after eight senders reserved all campaigns at once; fans are linked in pairs."""
    identities = world.fans(fans)
    pairs = list(zip(identities[::2], identities[1::2], strict=True))
    world.link(*pairs)
    world.segment(identities)
    world.leash(Leash(Cap(cap, days=7)))
    planned = [world.campaign(f"No {n}") for n in range(campaigns)]
    for one in planned:
        world.plan(one)

    def send(number: int) -> Reserved:
        total = Reserved()
        for turn in range(campaigns):
            campaign = begin_sending(SYSTEM, planned[(number + turn) % campaigns])
            mixed = identities[number % 2 :: 2] + identities[(number + 1) % 2 :: 2]
            for start in range(0, fans, batch):
                chunk = [Candidate(one) for one in mixed[start : start + batch]]
                total = total.plus(reserve_batch(campaign, chunk, world.now))
        return total

    at_once(8, send)
    return Counter(Delivery.objects.values_list("person", flat=True))


def test_eight_senders_at_once_put_nobody_over_the_cap(world: World) -> None:
    sends = rush(world, fans=200, campaigns=4, cap=2, batch=50)
    assert set(sends.values()) == {2}
    assert len(sends) == 100
    assert broken() == []


@pytest.mark.soak
def test_a_hundred_thousand_decisions_put_nobody_over_the_cap(world: World) -> None:
    sends = rush(world, fans=2000, campaigns=7, cap=3, batch=500)
    assert set(sends.values()) == {3}
    assert broken() == []


@pytest.mark.parametrize(("cap", "expected"), [(0, 0), (1, 1), (2, 2), (None, 3)])
def test_a_cap_is_exactly_what_it_says(world: World, cap: int | None, expected: int) -> None:
    world.segment(world.fans(5))
    planned = [world.campaign(f"No {n}") for n in range(3)]
    for one in planned:
        world.plan(one)
    world.leash(Leash(Cap(cap, days=7)))
    for one in planned:
        world.reserve(one)
    sends = Counter(Delivery.objects.values_list("identity", flat=True))
    assert sum(sends.values()) == 5 * expected
    assert set(sends.values()) <= {expected}
    assert broken() == []


def test_what_the_leash_holds_at_the_last_moment_is_written_down_and_tried_again(
    world: World, now: datetime
) -> None:
    fans = world.fans(4)
    world.segment(fans)
    one, two = world.campaign("One"), world.campaign("Two")
    world.plan(one)
    world.plan(two)
    world.leash(Leash(Cap(1, days=7)))
    assert world.reserve(one) == Reserved(sends=4)
    assert world.reserve(two) == Reserved(held=4)
    withheld = Withheld.objects.filter(campaign=two)
    assert {(row.decision, row.reasons, row.until) for row in withheld} == {
        ("hold", "brand_cap", now + timedelta(days=7))
    }
    assert world.reserve(two, now + timedelta(days=6)) == Reserved()
    assert world.reserve(two, now + timedelta(days=7)) == Reserved(sends=4)


def test_a_campaign_reserved_twice_sends_once(world: World) -> None:
    world.segment(world.fans(30))
    plan = world.campaign()
    world.plan(plan)
    assert world.reserve(plan, batch=7).sends == 30
    assert world.reserve(plan) == Reserved()
    world.plan(plan)
    assert world.reserve(plan) == Reserved()


def test_a_link_made_after_the_plan_counts_when_it_comes_to_sending(world: World) -> None:
    first, second = world.fans(2)
    world.segment([first, second])
    plan = world.campaign()
    world.plan(plan)
    world.link([first, second])
    assert world.reserve(plan) == Reserved(sends=1, dropped=1)
    assert Withheld.objects.get().reasons == "already_sent"


def test_a_refusal_after_the_plan_counts_when_it_comes_to_sending(world: World, now: datetime) -> None:
    fans = world.fans(5)
    world.segment(fans)
    plan = world.campaign()
    world.plan(plan)
    consent.withdraw(SYSTEM, fans[0], Purpose.ENGAGE, "wechat", "chat", now)
    consent.suppress(SYSTEM, fans[1], None, "asked", now)
    consent.suppress(SYSTEM, None, (fans[2] // 2).to_bytes(16), "erased before", now)
    assert world.reserve(plan) == Reserved(sends=2, dropped=3)
    assert set(Withheld.objects.values_list("reasons", flat=True)) == {"withdrew", "suppressed"}


def test_who_is_not_profiled_gets_the_generic_words(world: World, now: datetime) -> None:
    plain, private = world.fans(2)
    world.segment([plain, private])
    consent.set_no_profiling(SYSTEM, private, True, now)
    plan = world.campaign()
    world.plan(plan)
    world.reserve(plan)
    bodies = dict(Delivery.objects.values_list("identity", "body"))
    assert bodies == {plain: f"Hi Fan {plain // 2}", private: "Hi friend"}
    assert Delivery.objects.get(identity=plain).address == f"open-{plain // 2}"


def test_reserving_needs_a_plan_and_the_right_to_send(world: World) -> None:
    plan = world.campaign()
    with Engine() as engine:
        with pytest.raises(Refused, match="campaign_unplanned"):
            reserve_sends(SYSTEM, engine, plan, world.now)
        with pytest.raises(Refused, match="not_permitted"):
            reserve_sends(ANALYST, engine, plan, world.now)
        with pytest.raises(Refused, match="no_such_campaign"):
            reserve_sends(SYSTEM, engine, 99, world.now)


def test_stopping_while_eight_senders_reserve_leaves_nothing_waiting(world: World, now: datetime) -> None:
    identities = world.fans(80)
    world.segment(identities)
    plan = world.campaign()
    world.plan(plan)
    campaign = begin_sending(SYSTEM, plan)

    def send(number: int) -> Reserved:
        if number == 7:
            stop_campaign(SYSTEM, plan, now)
            return Reserved()
        chunk = [Candidate(one) for one in identities[number * 10 : number * 10 + 10]]
        return reserve_batch(campaign, chunk, now)

    at_once(8, send)
    assert not Delivery.objects.filter(state="queued").exists()


def test_the_invariants_notice_what_should_not_be(world: World, now: datetime) -> None:
    fan, other = world.fans(2)
    world.leash(Leash(Cap(1, days=7)))
    plan = world.campaign(holdout_period="2026-H2", holdout_permille=100)
    with transaction(RELATIONSHIP) as connection:
        for person, minutes in ((fan, 0), (other, 1)):
            connection.execute(
                "INSERT INTO delivery (id, campaign, person, identity, channel, platform, account, address, body,"
                " state, fence, attempts, reserved_at, not_before) VALUES (gen_random_uuid(), %s, %s, %s, 'echo',"
                " 'wechat', '', '', '', 'sent', 0, 0, %s, %s)",
                (plan, person, fan, now + timedelta(minutes=minutes), now),
            )
        connection.execute(
            "INSERT INTO holdout_member (period, identity, person, since) VALUES ('2026-H2', %s, %s, %s)",
            (fan, fan, now),
        )
    names = {one.invariant: one.count for one in broken()}
    assert names == {
        "message_to_one_identity_twice": 1,
        "identity_over_the_cap": 1,
        "held_out_but_sent_to": 2,
        "delivery_between_states": 2,
    }
    assert raw(RELATIONSHIP).execute("SELECT count(*) FROM delivery").fetchone() == (2,)
