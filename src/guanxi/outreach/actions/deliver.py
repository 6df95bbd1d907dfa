"""Delivers what was reserved: leases a batch, sends it with nothing locked, settles the answers.

A crash between sending and settling leaves messages leased; when the lease ends they are parked, not resent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime

import pyarrow as pa

from guanxi.channels.port import Channel, Failure, SendResult, SendState
from guanxi.consent.words import FOLLOWS
from guanxi.consent.writing import write_follows
from guanxi.outreach.leasing import Leased, lease, park_overdue, parked, settle, unreachable
from guanxi.outreach.queries.channels import open_channels
from guanxi.records.actor import SYSTEM, Actor, Permission, require
from guanxi.records.databases import RELATIONSHIP, raw, transaction
from guanxi.vocabulary.progress import SILENT, Progress
from guanxi.vocabulary.time import aware

BATCH = 200
SENDERS = 8
Settled = list[tuple[Leased, SendResult]]


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many messages were accepted, refused, or are unknown.

    Attributes:
        overtaken: answers that came too late to count.
        cancelled: messages not sent, because the person refused after they were reserved.
    """

    accepted: int = 0
    refused: int = 0
    unknown: int = 0
    overtaken: int = 0
    cancelled: int = 0

    @property
    def total(self) -> int:
        """How many messages it was decided of."""
        return self.accepted + self.refused + self.unknown + self.overtaken + self.cancelled

    def plus(self, other: Delivered) -> Delivered:
        """Both together."""
        return Delivered(
            self.accepted + other.accepted,
            self.refused + other.refused,
            self.unknown + other.unknown,
            self.overtaken + other.overtaken,
            self.cancelled + other.cancelled,
        )


def deliver(now: datetime, batch: int = BATCH) -> int:
    """One batch went out through the channels that are set up; says how many messages it was decided of."""
    return deliver_batch(SYSTEM, open_channels(), now, batch).total


def deliver_batch(
    actor: Actor, channels: Mapping[str, Channel], now: datetime, batch: int = BATCH
) -> Delivered:
    """One batch of waiting messages was sent, each at most once, and every answer is on record.

    Args:
        actor: who sends.
        channels: open channels by name; messages for others keep waiting.
        now: the moment of sending.
        batch: how many messages at most.
    """
    require(actor, Permission.SEND)
    moment = aware(now)
    with transaction(RELATIONSHIP) as connection:
        park_overdue(connection, moment)
        leased, cancelled = lease(connection, sorted(channels), moment, batch)
    settled = _settle_all(_sent(channels, leased), moment)
    return replace(settled, cancelled=cancelled)


def drain(
    actor: Actor,
    channels: Mapping[str, Channel],
    clock: Callable[[], datetime],
    batch: int = BATCH,
    tell: Progress = SILENT,
) -> Delivered:
    """Everything that may go out now has been tried; what must wait for a later moment waits."""
    total = Delivered()
    tell.begin("deliver", waiting(channels))
    while (sent := deliver_batch(actor, channels, clock(), batch)).total:
        total = total.plus(sent)
        tell.advance(sent.total)
    tell.end()
    return total


def reconcile(actor: Actor, channels: Mapping[str, Channel], now: datetime, batch: int = BATCH) -> Delivered:
    """The platforms were asked about parked messages; those they can tell of are settled, none is sent."""
    require(actor, Permission.SEND)
    moment = aware(now)
    lost = parked(raw(RELATIONSHIP), sorted(channels), batch)
    told = [(one, _final(channels[one.channel].look_up(one.message.id))) for one in lost]
    known = [(one, result) for one, result in told if result.state is not SendState.UNKNOWN]
    return _settle_all(known, moment)


def waiting(channels: Mapping[str, Channel]) -> int:
    """How many messages wait for one of the channels."""
    row = (
        raw(RELATIONSHIP)
        .execute(
            "SELECT count(*) FROM delivery WHERE state = 'queued' AND channel = ANY(%s)", (sorted(channels),)
        )
        .fetchone()
    )
    return int(row[0]) if row is not None else 0


def _sent(channels: Mapping[str, Channel], leased: Sequence[Leased]) -> Settled:
    if not leased:
        return []
    with ThreadPoolExecutor(SENDERS) as senders:
        results = senders.map(lambda one: channels[one.channel].send(one.message), leased)
        return list(zip(leased, results, strict=True))


def _final(result: SendResult) -> SendResult:
    """What a platform says of a parked message: that it never came is final, no reason to resend."""
    return replace(result, failure=Failure.MESSAGE) if result.state is SendState.REFUSED else result


def _settle_all(settled: Settled, now: datetime) -> Delivered:
    """One transaction for the batch: answers, and who turned out not to be reachable."""
    tally: Counter[str] = Counter()
    if not settled:
        return Delivered()
    with transaction(RELATIONSHIP) as connection:
        for leased, result in settled:
            counted = settle(connection, leased, result, now)
            tally[result.state if counted else "overtaken"] += 1
        gone = unreachable(settled)
        rows = {"identity": gone, "follows": [False] * len(gone), "happened_at": [now] * len(gone)}
        write_follows(connection, pa.table(rows, FOLLOWS))
    return Delivered(tally["accepted"], tally["refused"], tally["unknown"], tally["overtaken"])
