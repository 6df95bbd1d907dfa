"""What doors show of consent: an identity's words, and what is in force for a purpose and channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from guanxi.consent.models import Consent, NoProfiling, Suppression
from guanxi.consent.purpose import Purpose
from guanxi.consent.standing import wishes
from guanxi.records.actor import Actor, Permission, require
from guanxi.records.databases import RELATIONSHIP, raw
from guanxi.vocabulary.reasons import Refused


@dataclass(frozen=True, slots=True)
class Word:
    """One grant or withdrawal as it was recorded."""

    purpose: str
    channel: str
    granted: bool
    source: str
    evidence: str
    happened_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class ConsentTotals:
    """How many identities stand where, for the Leash page."""

    granted: int
    withdrew: int
    suppressed: int
    unprofiled: int


def allowed(identities: Sequence[int], purpose: Purpose, channel: str) -> list[bool]:
    """For each identity, whether it granted the purpose on the channel and nobody suppressed it since."""
    now = wishes(raw(RELATIONSHIP), identities, purpose, [channel])
    barred = now.withdrew | now.suppressed
    return [one in now.granted and one not in barred for one in identities]


def words_of(actor: Actor, identities: Sequence[int]) -> list[Word]:
    """All words of the identities, the latest first."""
    require(actor, Permission.SEE_PERSONAL)
    found = Consent.objects.filter(identity__in=identities).order_by("-happened_at", "-id")
    fields = ("purpose", "channel", "granted", "source", "evidence", "happened_at", "recorded_at")
    return [Word(*row) for row in found.values_list(*fields)]


@dataclass(frozen=True, slots=True)
class Standing:
    """One identity behind a total: since when it stands so, for what."""

    identity: int
    purpose: str
    channel: str
    since: datetime


STANDINGS = {
    "consented": "FROM consent_state WHERE granted",
    "withdrew": "FROM consent_state WHERE NOT granted",
    "suppressed": "FROM (SELECT coalesce(identity, -1) AS identity, reason AS purpose, '' AS channel, "
    "since AS happened_at FROM suppression) AS listed",
    "unprofiled": "FROM (SELECT identity, '' AS purpose, '' AS channel, since AS happened_at "
    "FROM no_profiling) AS listed",
}


def standing_rows(
    actor: Actor, standing: str, offset: int = 0, limit: int = 50
) -> tuple[tuple[Standing, ...], int]:
    """The rows behind one of the `totals`, the latest first, and how many there are."""
    require(actor, Permission.SEE_TRUST)
    if standing not in STANDINGS:
        raise Refused("filter_unknown", standing)
    connection, listed = raw(RELATIONSHIP), STANDINGS[standing]
    rows = connection.execute(
        f"SELECT identity, purpose, channel, happened_at {listed} "
        "ORDER BY happened_at DESC, identity, purpose, channel LIMIT %s OFFSET %s",
        (limit, offset),
    )
    counted = connection.execute(f"SELECT count(*) {listed}").fetchone()
    return tuple(Standing(*row) for row in rows.fetchall()), counted[0] if counted else 0


def totals(actor: Actor) -> ConsentTotals:
    """How many identities granted, withdrew, are suppressed or not profiled."""
    require(actor, Permission.SEE_TRUST)
    row = (
        raw(RELATIONSHIP)
        .execute(
            "SELECT count(DISTINCT identity) FILTER (WHERE granted), "
            "count(DISTINCT identity) FILTER (WHERE NOT granted) FROM consent_state"
        )
        .fetchone()
    )
    assert row is not None
    return ConsentTotals(row[0], row[1], Suppression.objects.count(), NoProfiling.objects.count())
