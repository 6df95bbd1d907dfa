"""Rewards and how they are exchanged for points: reserved first, then redeemed or released.

A person pays from all their accounts, counted under a lock on all their identities.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from django.db.models import F

from guanxi.correlation.locks import lock_identities, lock_person
from guanxi.correlation.purposes import Purpose
from guanxi.loyalty.booking import entry_of, lock_balances, post
from guanxi.loyalty.ledger import Against, Entry, EntryKind, Posting, drawn, moved, step_id
from guanxi.loyalty.models import Account, Redemption, Reward
from guanxi.records.actor import Actor, Permission, require
from guanxi.records.audit import record
from guanxi.records.databases import RELATIONSHIP, transaction
from guanxi.vocabulary.points import Points
from guanxi.vocabulary.reasons import Refused
from guanxi.vocabulary.time import aware

Connection = psycopg.Connection[Any]

RESERVED, REDEEMED, RELEASED = "reserved", "redeemed", "released"


def add_reward(actor: Actor, name: str, points: Points, cost: int, stock: int | None = None) -> int:
    """The reward can be had for so many points of one kind."""
    require(actor, Permission.CHANGE_PROGRAMME)
    if not name.strip() or cost <= 0 or (stock is not None and stock < 0):
        raise Refused("reward_unreadable", name)
    with transaction(RELATIONSHIP):
        reward = Reward.objects.create(name=name, points=points.value, cost=cost, stock=stock)
        record(RELATIONSHIP, actor, "reward_added", f"reward:{reward.pk}", {"name": name, "cost": cost})
        return int(reward.pk)


def reserve(actor: Actor, redemption_id: UUID, identity: int, reward_id: int, booked_at: datetime) -> None:
    """The person has paid for the reward, and it is kept for them; the same id again changes nothing."""
    require(actor, Permission.BOOK_POINTS)
    with transaction(RELATIONSHIP) as connection:
        reward = Reward.objects.select_for_update().filter(pk=reward_id, closed_at__isnull=True).first()
        if reward is None:
            raise Refused("no_such_reward", str(reward_id))
        if _known(redemption_id, identity, reward_id):
            return
        if reward.stock is not None:
            if reward.stock == 0:
                raise Refused("reward_out_of_stock", reward.name)
            Reward.objects.filter(pk=reward_id).update(stock=F("stock") - 1)
        _pay(connection, actor, redemption_id, identity, reward, booked_at)
        Redemption.objects.create(
            id=redemption_id, reward=reward, identity=identity, state=RESERVED, reserved_at=aware(booked_at)
        )
        record(RELATIONSHIP, actor, "reward_reserved", f"redemption:{redemption_id}", {"reward": reward_id})


def redeem(actor: Actor, redemption_id: UUID, booked_at: datetime) -> None:
    """The reward has been handed over; the same again changes nothing."""
    require(actor, Permission.BOOK_POINTS)
    with transaction(RELATIONSHIP) as connection:
        redemption = _ending(redemption_id, REDEEMED)
        if redemption is None:
            return
        points, cost = Points(redemption.reward.points), redemption.reward.cost
        entry = Entry(
            step_id(redemption_id, EntryKind.REDEEMED),
            EntryKind.REDEEMED,
            aware(booked_at),
            moved(points, cost, Against.RESERVED, Against.REDEEMED),
        )
        post(connection, entry, {}, actor.name, entry.booked_at)
        _end(actor, redemption, REDEEMED, booked_at)


def release(actor: Actor, redemption_id: UUID, booked_at: datetime) -> None:
    """The reward is back on the shelf, the points where they came from; again changes nothing."""
    require(actor, Permission.BOOK_POINTS)
    with transaction(RELATIONSHIP) as connection:
        redemption = _ending(redemption_id, RELEASED)
        if redemption is None:
            return
        paid = entry_of(connection, step_id(redemption_id, EntryKind.RESERVED))
        assert paid is not None
        accounts = [p.account for p in paid.postings if p.account >= 0]
        lock_identities(connection, accounts)
        entry = Entry(
            step_id(redemption_id, EntryKind.RELEASED),
            EntryKind.RELEASED,
            aware(booked_at),
            tuple(Posting(p.account, p.points, -p.amount) for p in paid.postings),
            reverses=paid.id,
        )
        post(connection, entry, lock_balances(connection, accounts), actor.name, entry.booked_at)
        Reward.objects.filter(pk=redemption.reward.pk, stock__isnull=False).update(stock=F("stock") + 1)
        _end(actor, redemption, RELEASED, booked_at)


def _pay(
    connection: Connection,
    actor: Actor,
    redemption_id: UUID,
    identity: int,
    reward: Reward,
    booked_at: datetime,
) -> None:
    members = lock_person(connection, Purpose.REWARD, identity)
    accounts = list(
        Account.objects.filter(identity__in=members).order_by("identity").values_list("identity", flat=True)
    )
    if not accounts:
        raise Refused("no_such_account", str(identity))
    balances = lock_balances(connection, accounts)
    points = Points(reward.points)
    taken = drawn([(a, balances[a, points]) for a in accounts], points, reward.cost)
    entry = Entry(
        step_id(redemption_id, EntryKind.RESERVED),
        EntryKind.RESERVED,
        aware(booked_at),
        (*taken, Posting(Against.RESERVED, points, reward.cost)),
    )
    post(connection, entry, balances, actor.name, entry.booked_at)


def _known(redemption_id: UUID, identity: int, reward_id: int) -> bool:
    known = Redemption.objects.filter(pk=redemption_id).first()
    if known is None:
        return False
    if (known.identity, known.reward.pk) != (identity, reward_id):
        raise Refused("redemption_conflict", str(redemption_id))
    return True


def _ending(redemption_id: UUID, state: str) -> Redemption | None:
    redemption = (
        Redemption.objects.select_related("reward").select_for_update().filter(pk=redemption_id).first()
    )
    if redemption is None:
        raise Refused("no_such_redemption", str(redemption_id))
    if redemption.state not in (RESERVED, state):
        raise Refused("redemption_ended", redemption.state)
    return redemption if redemption.state == RESERVED else None


def _end(actor: Actor, redemption: Redemption, state: str, booked_at: datetime) -> None:
    redemption.state, redemption.ended_at = state, aware(booked_at)
    redemption.save(update_fields=["state", "ended_at"])
    record(RELATIONSHIP, actor, f"reward_{state}", f"redemption:{redemption.pk}", {})
