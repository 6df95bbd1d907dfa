"""What doors show of the programme: members, points issued and owed, tiers, rules with cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from guanxi.channels.rules import rewardable
from guanxi.lake.engine import Engine
from guanxi.loyalty.ledger import Against
from guanxi.loyalty.legality import PURCHASE_PLATFORM, forbidding_rules
from guanxi.loyalty.models import Account, EarningRule, Programme, Reward
from guanxi.loyalty.tiers import Tier, from_rows
from guanxi.records.actor import Actor, Permission, require
from guanxi.records.databases import RELATIONSHIP, raw
from guanxi.vocabulary.activity import Kind
from guanxi.vocabulary.points import Points


@dataclass(frozen=True)
class Totals:
    """One kind of points over all accounts; ``liability`` is what members hold or have reserved."""

    points: Points
    issued: int
    redeemed: int
    written_off: int
    liability: int


@dataclass(frozen=True)
class TierCount:
    """A tier and how many persons stand in it; ``tier`` None: members without one."""

    tier: Tier | None
    persons: int


@dataclass(frozen=True)
class Overview:
    """The open programme at a glance; ``name`` is None while none is open."""

    name: str | None
    opened_at: datetime | None
    accounts: int
    accounts_linked: int
    accounts_invited: int
    totals: tuple[Totals, ...]
    tiers: tuple[TierCount, ...]
    tier_window_days: int
    backdate_days: int


@dataclass(frozen=True)
class RuleRow:
    """An earning rule, what it has cost, and the platform rules that forbid it (empty: legal)."""

    id: int
    name: str
    kinds: tuple[str, ...]
    platform: str | None
    points: Points
    amount: int
    unit: int
    currency: str
    cap_day: int | None
    cap_month: int | None
    valid_from: datetime | None
    valid_to: datetime | None
    entries: int
    issued: int
    forbidden_by: tuple[str, ...]


@dataclass(frozen=True)
class RewardRow:
    """A reward that can be had."""

    id: int
    name: str
    points: Points
    cost: int
    stock: int | None


def overview(actor: Actor, engine: Engine) -> Overview:
    """The programme, its members, what it issued and owes, and its tiers as of the last refresh."""
    require(actor, Permission.SEE_LOYALTY)
    programme = Programme.objects.filter(is_open=True).first()
    accounts = Account.objects.filter(state="open")
    tiers = from_rows(programme.tiers) if programme else ()
    return Overview(
        name=programme.name if programme else None,
        opened_at=programme.opened_at if programme else None,
        accounts=accounts.count(),
        accounts_linked=accounts.filter(reason="linked").count(),
        accounts_invited=accounts.filter(reason="invited").count(),
        totals=_totals(),
        tiers=_tier_counts(engine, tiers),
        tier_window_days=programme.tier_window_days if programme else 0,
        backdate_days=programme.backdate_days if programme else 0,
    )


def rules(actor: Actor) -> tuple[RuleRow, ...]:
    """Every rule of the open programme with its net cost in points, newest last."""
    require(actor, Permission.SEE_LOYALTY)
    costs = _costs()
    found = EarningRule.objects.filter(programme__is_open=True).order_by("id")
    return tuple(_rule_row(rule, *costs.get(rule.pk, (0, 0))) for rule in found)


def rewards(actor: Actor) -> tuple[RewardRow, ...]:
    """What points can be exchanged for, cheapest first."""
    require(actor, Permission.SEE_LOYALTY)
    found = Reward.objects.filter(closed_at__isnull=True).order_by("points", "cost", "id")
    return tuple(RewardRow(r.pk, r.name, Points(r.points), r.cost, r.stock) for r in found)


def _totals() -> tuple[Totals, ...]:
    sums: dict[tuple[str, int], int] = {}
    question = (
        "SELECT points, account, sum(amount)::bigint FROM ledger_posting WHERE account < 0 GROUP BY 1, 2"
    )
    for points, account, amount in raw(RELATIONSHIP).execute(question):
        sums[points, account] = amount
    held = dict(
        raw(RELATIONSHIP).execute("SELECT points, sum(amount)::bigint FROM balance GROUP BY 1").fetchall()
    )
    return tuple(
        Totals(
            points,
            issued=-sums.get((points, Against.ISSUED), 0),
            redeemed=sums.get((points, Against.REDEEMED), 0),
            written_off=-sums.get((points, Against.WRITTEN_OFF), 0),
            liability=held.get(points, 0) + sums.get((points, Against.RESERVED), 0),
        )
        for points in Points
    )


def _tier_counts(engine: Engine, tiers: tuple[Tier, ...]) -> tuple[TierCount, ...]:
    question = "SELECT tier, COUNT(DISTINCT person) AS persons FROM relationship.loyalty GROUP BY tier"
    counted = {row["tier"]: row["persons"] for row in engine.ask(question).to_pylist()}
    rows = [TierCount(tier, counted.get(tier.name, 0)) for tier in tiers]
    return (TierCount(None, counted.get(None, 0)), *rows)


def _costs() -> dict[int, tuple[int, int]]:
    """For each rule its entries and what is still issued by them, refunds taken off."""
    question = """
        SELECT e.rule, count(*) FILTER (WHERE e.kind = 'earned'), -sum(p.amount)::bigint
        FROM ledger_entry e JOIN ledger_posting p ON p.entry = e.id AND p.account = %s
        WHERE e.rule IS NOT NULL GROUP BY e.rule
    """
    rows = raw(RELATIONSHIP).execute(question, (int(Against.ISSUED),)).fetchall()
    return {rule: (entries, issued) for rule, entries, issued in rows}


def _rule_row(rule: EarningRule, entries: int, issued: int) -> RuleRow:
    platform = PURCHASE_PLATFORM if rule.kinds == [Kind.ORDERED] else rule.platform
    return RuleRow(
        id=rule.pk,
        name=rule.name,
        kinds=tuple(rule.kinds),
        platform=rule.platform,
        points=Points(rule.points),
        amount=rule.amount,
        unit=rule.unit,
        currency=rule.currency,
        cap_day=rule.cap_day,
        cap_month=rule.cap_month,
        valid_from=rule.valid_from,
        valid_to=rule.valid_to,
        entries=entries,
        issued=issued,
        forbidden_by=forbidding_rules(rewardable, rule.kinds, platform),
    )
