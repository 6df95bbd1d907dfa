"""Delivery over real HTTP: at most once, whatever the trouble; refusals and fences respected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from outreach_world import World

from guanxi.channels.echo.chaos import CALM, Chaos
from guanxi.channels.echo.outbound import EchoChannel
from guanxi.channels.echo.receiver import Receiver, start
from guanxi.channels.port import SendResult, SendState
from guanxi.consent import actions as consent
from guanxi.consent.purpose import Purpose
from guanxi.consent.standing import wishes
from guanxi.lake.engine import Engine
from guanxi.outreach.actions.campaigns import finish_campaign, stop_campaign
from guanxi.outreach.actions.deliver import Delivered, deliver, deliver_batch, drain, reconcile, waiting
from guanxi.outreach.invariants import broken
from guanxi.outreach.leasing import ATTEMPTS_MAX, LEASE, lease, settle
from guanxi.outreach.models import Delivery
from guanxi.outreach.queries.people import messages_of
from guanxi.outreach.refresh import refresh_deliveries
from guanxi.records.accounts import ZONE, add_account
from guanxi.records.actor import SYSTEM
from guanxi.records.databases import RELATIONSHIP, transaction

SECRET = b"shared"


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    running = start(tmp_path, SECRET)
    yield running
    running.stop()


@pytest.fixture
def channels(receiver: Receiver) -> Iterator[dict[str, EchoChannel]]:
    opened = EchoChannel(receiver.address, SECRET, answer_seconds=20)
    yield {"echo": opened}
    opened.close()


def reserved(world: World, count: int) -> tuple[int, list[int]]:
    """A campaign with that many messages waiting."""
    fans = world.fans(count)
    world.segment(fans)
    plan = world.campaign()
    world.plan(plan)
    assert world.reserve(plan).sends == count
    return plan, fans


def states() -> Counter[str]:
    return Counter(Delivery.objects.values_list("state", flat=True))


def test_everything_reserved_is_delivered_once(
    world: World, receiver: Receiver, channels: dict[str, EchoChannel], now: datetime
) -> None:
    plan, _ = reserved(world, 60)
    assert waiting(channels) == 60
    assert drain(SYSTEM, channels, lambda: now, batch=25) == Delivered(accepted=60)
    assert states() == {"sent": 60}
    assert len({line["address"] for line in receiver.received()}) == len(receiver.received()) == 60
    assert Delivery.objects.exclude(receipt="").count() == 60
    finish_campaign(SYSTEM, plan)
    assert refresh_deliveries(now).deliveries == 60
    with Engine() as engine:
        rows = engine.ask("SELECT sent_at, state FROM relationship.delivery").to_pylist()
    assert {(row["sent_at"], row["state"]) for row in rows} == {(now, "sent")}
    assert broken() == []


def test_timeouts_after_acceptance_are_parked_and_none_is_doubled(
    world: World, receiver: Receiver, channels: dict[str, EchoChannel], now: datetime
) -> None:
    reserved(world, 60)
    receiver.chaos = Chaos(refusing=0.2, silent=0.1, garbled=0.15, silence_seconds=1.5)
    hasty = {"echo": EchoChannel(receiver.address, SECRET, answer_seconds=1)}
    first = drain(SYSTEM, hasty, lambda: now)
    assert first.unknown > 5
    assert first.refused > 3
    receiver.chaos = CALM
    drain(SYSTEM, channels, lambda: now + timedelta(minutes=1))
    assert states() == {"sent": 60 - first.unknown, "unknown": first.unknown}
    assert not any(line["repeated"] for line in receiver.received())
    assert reconcile(SYSTEM, channels, now).accepted == first.unknown
    assert states() == {"sent": 60}
    assert len(receiver.received()) == 60
    assert broken() == []


def test_a_parked_message_that_never_came_is_failed_and_not_resent(
    world: World, receiver: Receiver, channels: dict[str, EchoChannel], now: datetime
) -> None:
    reserved(world, 3)
    with transaction(RELATIONSHIP) as connection:
        leased, _ = lease(connection, ["echo"], now, 10)
    assert len(leased) == 3
    later = now + LEASE + timedelta(seconds=1)
    assert drain(SYSTEM, channels, lambda: later) == Delivered()
    assert states() == {"unknown": 3}
    assert reconcile(SYSTEM, channels, later) == Delivered(refused=3)
    assert states() == {"failed": 3}
    assert receiver.received() == []


def test_whoever_refuses_while_messages_drain_is_not_leased_after_that_commit(
    world: World, receiver: Receiver, channels: dict[str, EchoChannel], now: datetime
) -> None:
    _, fans = reserved(world, 200)
    deliver_batch(SYSTEM, channels, now, 50)
    reached = {line["address"] for line in receiver.received()}
    leaving = [fan for fan in fans if f"open-{fan // 2}" not in reached][:80]
    for fan in leaving[:40]:
        consent.withdraw(SYSTEM, fan, Purpose.ENGAGE, "any", "chat", now)
    for fan in leaving[40:]:
        consent.suppress(SYSTEM, fan, None, "asked", now)
    total = drain(SYSTEM, channels, lambda: now, batch=50)
    assert (total.accepted, total.cancelled) == (70, 80)
    gone = {f"open-{fan // 2}" for fan in leaving}
    assert gone.isdisjoint(line["address"] for line in receiver.received())
    assert messages_of(SYSTEM, [leaving[0]])[0].reasons == ("withdrew",)


def test_a_message_whose_lease_was_taken_over_is_not_settled_by_the_first_holder(
    world: World, now: datetime
) -> None:
    reserved(world, 1)
    accepted = SendResult(SendState.ACCEPTED, "r-1")
    with transaction(RELATIONSHIP) as connection:
        first = lease(connection, ["echo"], now, 1)[0][0]
        assert lease(connection, ["echo"], now, 1) == ([], 0)
        connection.execute("UPDATE delivery SET fence = fence + 1")
        assert not settle(connection, first, accepted, now)
    assert states() == {"leased": 1}


def test_a_late_answer_settles_a_parked_message_while_its_fence_holds(world: World, now: datetime) -> None:
    reserved(world, 1)
    with transaction(RELATIONSHIP) as connection:
        first = lease(connection, ["echo"], now, 1)[0][0]
    deliver_batch(SYSTEM, {}, now + LEASE + timedelta(seconds=1))
    assert states() == {"unknown": 1}
    with transaction(RELATIONSHIP) as connection:
        assert settle(connection, first, SendResult(SendState.ACCEPTED, "r-1"), now)
    assert states() == {"sent": 1}


def test_a_blocked_fan_fails_and_does_not_follow_any_more(
    world: World, receiver: Receiver, channels: dict[str, EchoChannel], now: datetime
) -> None:
    _, fans = reserved(world, 2)
    receiver.chaos = Chaos(blocked=1)
    assert drain(SYSTEM, channels, lambda: now) == Delivered(refused=2)
    assert states() == {"failed": 2}
    with transaction(RELATIONSHIP) as connection:
        assert wishes(connection, fans, Purpose.ENGAGE, []).unfollowed == set(fans)


def test_a_busy_platform_is_tried_again_with_growing_pauses_and_not_for_ever(
    world: World, receiver: Receiver, channels: dict[str, EchoChannel], now: datetime
) -> None:
    reserved(world, 1)
    receiver.chaos = Chaos(refusing=1)
    moment, pauses = now, []
    while states() == {"queued": 1}:
        deliver_batch(SYSTEM, channels, moment)
        following = Delivery.objects.get().not_before
        pauses.append((following - moment).total_seconds())
        moment = following
    assert pauses[: ATTEMPTS_MAX - 1] == [30, 60, 120, 240]
    assert states() == {"failed": 1}


def test_a_stopped_campaign_sends_nothing_more(
    world: World, receiver: Receiver, channels: dict[str, EchoChannel], now: datetime
) -> None:
    plan, _ = reserved(world, 20)
    deliver_batch(SYSTEM, channels, now, 5)
    stop_campaign(SYSTEM, plan, now)
    drain(SYSTEM, channels, lambda: now)
    assert states() == {"sent": 5, "cancelled": 15}


def test_messages_for_a_channel_that_is_not_set_up_keep_waiting(
    world: World, receiver: Receiver, now: datetime
) -> None:
    reserved(world, 3)
    assert deliver(now) == 0
    settings = {"address": receiver.address, "secret": SECRET.decode()}
    add_account(SYSTEM, "echo", "rehearsal", ZONE, settings)
    assert deliver(now) == 3
    assert states() == {"sent": 3}
