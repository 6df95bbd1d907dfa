"""The outbox: messages leased in batches with a fencing number, settled once, parked when nobody can say.

Works inside the caller's transaction. What was leased and never settled is `unknown`: it is not sent again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg

from guanxi.channels.port import Failure, OutboundMessage, SendResult, SendState
from guanxi.consent.locks import lock_for_sending
from guanxi.consent.purpose import ANY_CHANNEL, Purpose
from guanxi.consent.standing import wishes
from guanxi.correlation.purposes import Purpose as LinkPurpose
from guanxi.outreach.reading import persons_of
from guanxi.outreach.states import DeliveryState

Connection = psycopg.Connection[Any]

LEASE = timedelta(seconds=60)
ATTEMPTS_MAX = 5
_FIRST_PAUSE = timedelta(seconds=30)
_ACCOUNT_PAUSE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Leased:
    """One message in our hands until the lease ends; ``fence`` proves that it still is."""

    message: OutboundMessage
    channel: str
    identity: int
    fence: int
    attempts: int


@dataclass(frozen=True, slots=True)
class _Waiting:
    id: UUID
    identity: int
    purpose: str
    channel: str
    platform: str


def lease(
    connection: Connection, channels: Sequence[str], now: datetime, batch: int
) -> tuple[list[Leased], int]:
    """Messages that may still be sent are leased; says how many were refused meanwhile and cancelled."""
    waiting = _locked(connection, channels, now, batch)
    refused = _refused(connection, waiting)
    _cancel(connection, refused, now)
    rows = connection.execute(
        "UPDATE delivery SET state = %s, fence = fence + 1, attempts = attempts + 1, leased_until = %s "
        "WHERE id = ANY(%s) "
        "RETURNING id, platform, account, address, body, channel, identity, fence, attempts",
        (DeliveryState.LEASED, now + LEASE, [one.id for one in waiting if one.id not in refused]),
    )
    return [Leased(OutboundMessage(*row[:5]), *row[5:]) for row in rows], len(refused)


def settle(connection: Connection, leased: Leased, result: SendResult, now: datetime) -> bool:
    """The answer is on record; false, and nothing changed, where somebody else leased the message since.

    A late answer still settles a message that was parked, as long as the fence is the same.
    """
    state, code = _outcome(leased, result)
    pause = _pause(leased, result)
    return bool(
        connection.execute(
            "UPDATE delivery SET state = %s, code = %s, receipt = %s, not_before = %s, leased_until = NULL, "
            "settled_at = %s WHERE id = %s AND fence = %s AND state = ANY(%s)",
            (
                *(state, code, result.receipt, now + pause),
                None if state is DeliveryState.QUEUED else now,
                *(leased.message.id, leased.fence, [DeliveryState.LEASED, DeliveryState.UNKNOWN]),
            ),
        ).rowcount
    )


def park_overdue(connection: Connection, now: datetime) -> int:
    """Messages whose lease ended unsettled are unknown: they may have gone out, so they never go again."""
    return connection.execute(
        "UPDATE delivery SET state = %s, code = 'lease_ended', leased_until = NULL, settled_at = %s "
        "WHERE state = %s AND leased_until < %s",
        (DeliveryState.UNKNOWN, now, DeliveryState.LEASED, now),
    ).rowcount


def parked(connection: Connection, channels: Sequence[str], batch: int) -> list[Leased]:
    """Messages of which nobody can say whether they went out, oldest first."""
    rows = connection.execute(
        "SELECT id, platform, account, address, body, channel, identity, fence, attempts FROM delivery "
        "WHERE state = %s AND channel = ANY(%s) ORDER BY settled_at, id LIMIT %s",
        (DeliveryState.UNKNOWN, list(channels), batch),
    )
    return [Leased(OutboundMessage(*row[:5]), *row[5:]) for row in rows]


def _locked(connection: Connection, channels: Sequence[str], now: datetime, batch: int) -> list[_Waiting]:
    """Waiting messages that nobody else is looking at; stopping their campaign waits for us."""
    rows = connection.execute(
        "SELECT d.id, d.identity, c.purpose, d.channel, d.platform FROM delivery d "
        "JOIN campaign c ON c.id = d.campaign AND c.state <> 'stopped' "
        "WHERE d.state = %s AND d.channel = ANY(%s) AND d.not_before <= %s "
        "ORDER BY d.not_before, d.id LIMIT %s FOR UPDATE OF d SKIP LOCKED",
        (DeliveryState.QUEUED, list(channels), now, batch),
    )
    return [_Waiting(*row) for row in rows]


def _refused(connection: Connection, waiting: Sequence[_Waiting]) -> dict[UUID, str]:
    """Messages to persons who withdrew, or were suppressed, since they were reserved; with the reason."""
    if not waiting:
        return {}
    persons = persons_of(connection, LinkPurpose.CONTACT, [one.identity for one in waiting])
    everyone = persons.everyone()
    lock_for_sending(connection, everyone)
    asked: dict[tuple[str, str, str], list[_Waiting]] = defaultdict(list)
    for one in waiting:
        asked[one.purpose, one.channel, one.platform].append(one)
    refused: dict[UUID, str] = {}
    for (purpose, channel, platform), group in asked.items():
        now = wishes(connection, everyone, Purpose(purpose), [channel, platform, ANY_CHANNEL])
        for one in group:
            members = persons.of(one.identity)
            if not now.suppressed.isdisjoint(members):
                refused[one.id] = "suppressed"
            elif not now.withdrew.isdisjoint(members):
                refused[one.id] = "withdrew"
    return refused


def _cancel(connection: Connection, refused: Mapping[UUID, str], now: datetime) -> None:
    by_code: dict[str, list[UUID]] = defaultdict(list)
    for id, code in refused.items():
        by_code[code].append(id)
    for code, ids in by_code.items():
        connection.execute(
            "UPDATE delivery SET state = %s, code = %s, settled_at = %s WHERE id = ANY(%s)",
            (DeliveryState.CANCELLED, code, now, ids),
        )


def _outcome(leased: Leased, result: SendResult) -> tuple[DeliveryState, str]:
    if result.state is SendState.ACCEPTED:
        return DeliveryState.SENT, result.code
    if result.state is SendState.UNKNOWN:
        return DeliveryState.UNKNOWN, result.code
    again = result.failure is Failure.ACCOUNT or (
        result.failure is Failure.TRANSIENT and leased.attempts < ATTEMPTS_MAX
    )
    return (DeliveryState.QUEUED if again else DeliveryState.FAILED), result.code


def _pause(leased: Leased, result: SendResult) -> timedelta:
    """How long a message waits before it is tried again; doubles with each attempt."""
    if result.failure is Failure.ACCOUNT:
        return _ACCOUNT_PAUSE
    return _FIRST_PAUSE * (1 << (leased.attempts - 1))


def unreachable(settled: Iterable[tuple[Leased, SendResult]]) -> list[int]:
    """The identities that the platform says cannot or will not be reached."""
    return [leased.identity for leased, result in settled if result.failure is Failure.CONTACT]
