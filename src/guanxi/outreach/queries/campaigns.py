"""Campaigns as doors show them: the list, one with its counts, and who got which verdict and why.

Reasons tell who is a customer and who is linked, so whoever may not see customers sees verdicts only in sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from guanxi.lake.engine import Engine
from guanxi.lake.named import sql
from guanxi.outreach.leash import Leash, opening_for
from guanxi.outreach.models import Campaign, Delivery, Withheld
from guanxi.outreach.queries.asks import ask_of
from guanxi.outreach.queries.leash import leash_in_force
from guanxi.outreach.queries.openings import Opening, bands_between_bars, opening_of
from guanxi.records.actor import Actor, Permission, require
from guanxi.vocabulary.reasons import Refused

PAGE_ROWS = 50


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """One campaign as a list shows it; counts are of its last plan.

    Attributes:
        opens_at: before it nobody hears, but for early access; None where it is open at once.
        first_at: from when on whoever has most early access may hear.
    """

    id: int
    name: str
    purpose: str
    platform: str
    account: str
    channel: str
    segment: int
    state: str
    created_by: str
    created_at: datetime
    opens_at: datetime | None
    first_at: datetime | None
    planned_as_of: datetime | None
    persons: int
    sends: int
    holds: int
    drops: int


@dataclass(frozen=True, slots=True)
class CampaignCard:
    """One campaign with everything its page shows.

    Attributes:
        verdicts: persons of the last plan by verdict.
        reasons: persons by reason, the most frequent first; empty for who may not see customers.
        held_out: persons in the holdout; None for who may not see customers.
        deliveries: messages by state.
        withheld: candidates kept back when it came to sending, by reasons.
        opening: from when on who may hear; None where it is at once.
    """

    row: CampaignRow
    message_kind: str
    text: str
    offer: str
    holdout_permille: int
    holdout_period: str
    verdicts: dict[str, int]
    reasons: dict[str, int]
    held_out: int | None
    deliveries: dict[str, int]
    withheld: dict[str, int]
    opening: Opening | None


@dataclass(frozen=True, slots=True)
class WhoRow:
    """The plan's verdict on one person.

    Attributes:
        opens_at: from when on they may hear, by their band today; None where the campaign has no opening.
    """

    person: int
    identity: int
    verdict: str
    reasons: tuple[str, ...]
    until: datetime | None
    holdout: bool
    opens_at: datetime | None


@dataclass(frozen=True, slots=True)
class WhoPage:
    """One page of verdicts, and how many there are."""

    total: int
    rows: tuple[WhoRow, ...]


def campaigns(actor: Actor) -> tuple[CampaignRow, ...]:
    """All campaigns, the newest first."""
    require(actor, Permission.SEE_CAMPAIGNS)
    leash = leash_in_force()
    return tuple(_row(campaign, leash) for campaign in Campaign.objects.order_by("-pk"))


def campaign(actor: Actor, campaign_id: int) -> CampaignCard:
    """One campaign with its counts."""
    require(actor, Permission.SEE_CAMPAIGNS)
    found = _found(campaign_id)
    sees_all = actor.may(Permission.SEE_CUSTOMERS)
    reasons: dict[str, int] = found.summary.get("reasons", {})
    return CampaignCard(
        row=_row(found, leash_in_force()),
        message_kind=found.message_kind,
        text=found.text,
        offer=found.offer,
        holdout_permille=found.holdout_permille,
        holdout_period=found.holdout_period,
        verdicts=found.summary.get("verdicts", {}),
        reasons=dict(sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))) if sees_all else {},
        held_out=found.summary.get("held_out") if sees_all else None,
        deliveries=_counted(Delivery, campaign_id, "state"),
        withheld=_counted(Withheld, campaign_id, "reasons") if sees_all else {},
        opening=opening_of(actor, found),
    )


def who(
    actor: Actor,
    engine: Engine,
    campaign_id: int,
    verdict: str = "",
    reason: str = "",
    band: str = "",
    offset: int = 0,
    rows: int = PAGE_ROWS,
) -> WhoPage:
    """The persons of the last plan with their verdicts, all or those of one verdict or reason, by person.

    ``band`` is one of an `OpeningRow`: whom the opening lets hear from then on.
    """
    require(actor, Permission.SEE_CAMPAIGNS)
    require(actor, Permission.SEE_CUSTOMERS)
    ask, leash = ask_of(_found(campaign_id)), leash_in_force()
    found = engine.ask(
        sql("guanxi.outreach", "who"),
        campaign=campaign_id,
        verdict=verdict,
        reason=reason,
        bands=bands_between_bars(actor, band),
        rows=rows,
        start=offset,
    ).to_pylist()
    total = found[0]["total"] if found else 0
    shown = [
        WhoRow(
            row["person"],
            row["identity"],
            row["verdict"],
            tuple(filter(None, row["reasons"].split("|"))),
            row["until"],
            row["holdout"],
            opening_for(row["band"], ask, leash),
        )
        for row in found
    ]
    return WhoPage(total, tuple(shown))


def _found(campaign_id: int) -> Campaign:
    found = Campaign.objects.filter(pk=campaign_id).first()
    if found is None:
        raise Refused("no_such_campaign", str(campaign_id))
    return found


def _row(found: Campaign, leash: Leash) -> CampaignRow:
    opens_at = opening_for("", ask_of(found), leash)
    longest = max(leash.early_access.values(), default=timedelta())
    verdicts = found.summary.get("verdicts", {})
    return CampaignRow(
        id=found.pk,
        name=found.name,
        purpose=found.purpose,
        platform=found.platform,
        account=found.account,
        channel=found.channel,
        segment=found.segment,
        state=found.state,
        created_by=found.created_by,
        created_at=found.created_at,
        opens_at=opens_at,
        first_at=opens_at - longest if opens_at is not None else None,
        planned_as_of=found.planned_as_of,
        persons=found.summary.get("persons", 0),
        sends=verdicts.get("send", 0) + verdicts.get("due", 0),
        holds=verdicts.get("hold", 0),
        drops=verdicts.get("drop", 0),
    )


def _counted(table: type[Delivery] | type[Withheld], campaign_id: int, column: str) -> dict[str, int]:
    found = table.objects.filter(campaign=campaign_id).values_list(column)
    return dict(found.annotate(n=Count("campaign")).order_by("-n", column))
