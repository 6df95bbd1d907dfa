"""Campaigns as doors show them: the list, one with its counts, and who got which verdict and why.

Reasons tell who is a customer and who is linked, so whoever may not see customers sees verdicts only in sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from guanxi.lake.engine import Engine
from guanxi.lake.named import sql
from guanxi.outreach.models import Campaign, Delivery, Withheld
from guanxi.records.actor import Actor, Permission, require
from guanxi.vocabulary.reasons import Refused

PAGE_ROWS = 50


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """One campaign as a list shows it; counts are of its last plan."""

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


@dataclass(frozen=True, slots=True)
class WhoRow:
    """The plan's verdict on one person."""

    person: int
    identity: int
    verdict: str
    reasons: tuple[str, ...]
    until: datetime | None
    holdout: bool


@dataclass(frozen=True, slots=True)
class WhoPage:
    """One page of verdicts, and how many there are."""

    total: int
    rows: tuple[WhoRow, ...]


def campaigns(actor: Actor) -> tuple[CampaignRow, ...]:
    """All campaigns, the newest first."""
    require(actor, Permission.SEE_CAMPAIGNS)
    return tuple(_row(campaign) for campaign in Campaign.objects.order_by("-pk"))


def campaign(actor: Actor, campaign_id: int) -> CampaignCard:
    """One campaign with its counts."""
    require(actor, Permission.SEE_CAMPAIGNS)
    found = Campaign.objects.filter(pk=campaign_id).first()
    if found is None:
        raise Refused("no_such_campaign", str(campaign_id))
    sees_all = actor.may(Permission.SEE_CUSTOMERS)
    reasons: dict[str, int] = found.summary.get("reasons", {})
    return CampaignCard(
        row=_row(found),
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
    )


def who(
    actor: Actor,
    engine: Engine,
    campaign_id: int,
    verdict: str = "",
    reason: str = "",
    offset: int = 0,
    rows: int = PAGE_ROWS,
) -> WhoPage:
    """The persons of the last plan with their verdicts, all or those of one verdict or reason, by person."""
    require(actor, Permission.SEE_CAMPAIGNS)
    require(actor, Permission.SEE_CUSTOMERS)
    found = engine.ask(
        sql("guanxi.outreach", "who"),
        campaign=campaign_id,
        verdict=verdict,
        reason=reason,
        rows=rows,
        start=offset,
    ).to_pylist()
    total = found[0]["total"] if found else 0
    return WhoPage(total, tuple(_who(row) for row in found))


def _who(row: dict[str, object]) -> WhoRow:
    person, identity, verdict, reasons, until, holdout, _ = row.values()
    told = tuple(filter(None, str(reasons).split("|")))
    return WhoRow(person, identity, verdict, told, until, holdout)  # type: ignore[arg-type]


def _row(found: Campaign) -> CampaignRow:
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
        planned_as_of=found.planned_as_of,
        persons=found.summary.get("persons", 0),
        sends=verdicts.get("send", 0) + verdicts.get("due", 0),
        holds=verdicts.get("hold", 0),
        drops=verdicts.get("drop", 0),
    )


def _counted(table: type[Delivery] | type[Withheld], campaign_id: int, column: str) -> dict[str, int]:
    found = table.objects.filter(campaign=campaign_id).values_list(column)
    return dict(found.annotate(n=Count("campaign")).order_by("-n", column))
