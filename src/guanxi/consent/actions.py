"""What changes consent: people's words, suppression, the wish not to be profiled; audited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
import pyarrow as pa

from guanxi.consent.locks import lock_for_withdrawal
from guanxi.consent.models import NoProfiling, Suppression
from guanxi.consent.purpose import Purpose
from guanxi.consent.words import CONSENTS
from guanxi.consent.writing import write_consents
from guanxi.records.actor import Actor, Permission, require
from guanxi.records.audit import record
from guanxi.records.databases import RELATIONSHIP, transaction
from guanxi.vocabulary.reasons import Refused
from guanxi.vocabulary.time import aware


@dataclass(frozen=True, slots=True)
class Proof:
    """What was agreed to and what shows it: the hash of the text shown, and a reference to the evidence."""

    text_hash: str
    evidence: str


def apply(connection: psycopg.Connection[Any], rows: pa.Table) -> None:
    """Many words (`words.CONSENTS`) are on record in the caller's transaction; repeats change nothing."""
    write_consents(connection, rows.cast(CONSENTS) if rows.column_names == CONSENTS.names else rows)


def grant(
    actor: Actor, identity: int, purpose: Purpose, channel: str, proof: Proof, happened_at: datetime
) -> None:
    """The identity has allowed the purpose on the channel; refused without evidence."""
    if not proof.text_hash or not proof.evidence:
        raise Refused("consent_unproven", channel)
    _say(actor, True, identity, purpose, channel, proof, happened_at)


def withdraw(
    actor: Actor, identity: int, purpose: Purpose, channel: str, evidence: str, happened_at: datetime
) -> None:
    """The identity refuses the purpose on the channel; it counts from this commit."""
    _say(actor, False, identity, purpose, channel, Proof("", evidence), happened_at)


def suppress(actor: Actor, identity: int | None, key: bytes | None, reason: str, since: datetime) -> None:
    """Nobody writes to the identity, or to whoever is met again under the keyed hash, from this commit."""
    require(actor, Permission.SEE_PERSONAL)
    if identity is None and key is None:
        raise Refused("suppression_of_nobody")
    with transaction(RELATIONSHIP) as connection:
        if identity is not None:
            lock_for_withdrawal(connection, [identity])
        Suppression.objects.bulk_create(
            [Suppression(identity=identity, key=key, reason=reason, since=aware(since))],
            ignore_conflicts=True,
        )
        record(RELATIONSHIP, actor, "identity_suppressed", _subject(identity), {"reason": reason})


def set_no_profiling(actor: Actor, identity: int, wanted: bool, since: datetime) -> None:
    """The identity is, or is no longer, left out of profiling."""
    require(actor, Permission.SEE_PERSONAL)
    with transaction(RELATIONSHIP):
        if wanted:
            NoProfiling.objects.get_or_create(identity=identity, defaults={"since": aware(since)})
        else:
            NoProfiling.objects.filter(identity=identity).delete()
        record(RELATIONSHIP, actor, "no_profiling_set", _subject(identity), {"wanted": wanted})


def _say(
    actor: Actor,
    granted: bool,
    identity: int,
    purpose: Purpose,
    channel: str,
    proof: Proof,
    happened_at: datetime,
) -> None:
    require(actor, Permission.SEE_PERSONAL)
    if not channel:
        raise Refused("channel_unnamed")
    word = {
        "identity": identity,
        "purpose": purpose.value,
        "channel": channel,
        "granted": granted,
        "happened_at": aware(happened_at),
        "source": actor.name,
    }
    rows = pa.Table.from_pylist([word], CONSENTS)
    rows = rows.append_column("text_hash", pa.array([proof.text_hash]))
    rows = rows.append_column("evidence", pa.array([proof.evidence]))
    with transaction(RELATIONSHIP) as connection:
        write_consents(connection, rows)
        verb = "consent_granted" if granted else "consent_withdrawn"
        record(RELATIONSHIP, actor, verb, _subject(identity), {"purpose": purpose.value, "channel": channel})


def _subject(identity: int | None) -> str:
    return "identity:hashed" if identity is None else f"identity:{identity}"
