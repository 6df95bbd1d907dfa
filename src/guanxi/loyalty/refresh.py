"""The lake's loyalty table follows the ledger: each member's points and tier, summed over the person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pyarrow as pa

from guanxi.lake.engine import Engine
from guanxi.lake.named import sql
from guanxi.loyalty.models import Programme
from guanxi.loyalty.tables import LOYALTY
from guanxi.loyalty.tiers import Tier, from_rows, tiers_of
from guanxi.records.columns import copy_columns
from guanxi.records.databases import RELATIONSHIP, raw
from guanxi.vocabulary.progress import Progress

_HELD = pa.schema(
    [(name, pa.int64()) for name in ("account", "love", "spend", "love_earned", "spend_earned")]
)


@dataclass(frozen=True)
class LoyaltyReport:
    """How many identities stand in the table, and how many of them in a tier."""

    identities: int
    with_tier: int


def refresh_loyalty(engine: Engine, as_of: datetime, tell: Progress) -> LoyaltyReport:
    """`relationship.loyalty` holds every member's points and tier as the ledger has them."""
    tell.begin("loyalty")
    tiers, window_days = _promised()
    engine.offer("held", held(as_of, window_days))
    standing = engine.ask(sql("guanxi.loyalty", "standing"))
    tier = _tier_names(tiers, standing)
    engine.offer("standing_rows", standing.append_column("tier", tier))
    engine.derive(LOYALTY, "SELECT person, identity, love, spend, tier FROM standing_rows", as_of)
    tell.advance(standing.num_rows)
    tell.end()
    return LoyaltyReport(standing.num_rows, standing.num_rows - tier.null_count)


def tiers_of_fans(engine: Engine) -> pa.Table:
    """The tier of each fan who has one (fan, trait, value), for whoever compares those who share ties."""
    return engine.ask(sql("guanxi.loyalty", "tiers_of_fans"))


def _tier_names(tiers: tuple[Tier, ...], standing: pa.Table) -> pa.Array:
    place = tiers_of(tiers, standing["love_earned"].to_numpy(), standing["spend_earned"].to_numpy())
    names = pa.array([tier.name for tier in tiers], type=pa.string())
    return names.take(pa.array(place, mask=place < 0, type=pa.int64()))


def held(as_of: datetime, window_days: int) -> pa.Table:
    """What each account holds, and its net earnings in the days up to ``as_of``."""
    question = """
        WITH earned AS (
            SELECT p.account, p.points, sum(p.amount) AS amount
            FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry
            WHERE p.account >= 0 AND e.booked_at > %s AND e.booked_at <= %s
                AND e.kind NOT IN ('reserved', 'released', 'redeemed')
            GROUP BY p.account, p.points
        )
        SELECT a.identity,
            coalesce(l.amount, 0), coalesce(s.amount, 0), coalesce(le.amount, 0), coalesce(se.amount, 0)
        FROM loyalty_account a
        LEFT JOIN balance l ON l.account = a.identity AND l.points = 'love'
        LEFT JOIN balance s ON s.account = a.identity AND s.points = 'spend'
        LEFT JOIN earned le ON le.account = a.identity AND le.points = 'love'
        LEFT JOIN earned se ON se.account = a.identity AND se.points = 'spend'
        WHERE a.state = 'open' OR l.amount > 0 OR s.amount > 0
    """
    values = (as_of - timedelta(days=window_days), as_of)
    return copy_columns(raw(RELATIONSHIP), question, _HELD, values)


def _promised() -> tuple[tuple[Tier, ...], int]:
    programme = Programme.objects.filter(is_open=True).first()
    if programme is None:
        return (), 1
    return from_rows(programme.tiers), programme.tier_window_days
