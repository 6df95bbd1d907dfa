"""What the pages of results read: frozen rows, each figure with its coverage or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from guanxi.lake.engine import Engine
from guanxi.lake.named import sql
from guanxi.measurement.crosswalk import UNLINKED, Crosswalk, crosswalk
from guanxi.measurement.incremental import Arm, Incremental, incremental
from guanxi.measurement.pareto import Curve, Point, curve
from guanxi.measurement.refresh import ROOM, WINDOW_DAYS, main_currency
from guanxi.measurement.saved import EVERYONE_ONCE, Saved
from guanxi.records.actor import Actor, Permission, require

CONTENT_ROWS = 50


@dataclass(frozen=True)
class CampaignSends:
    """One campaign: whom it was planned for, by verdict, what left the house, and what was saved."""

    campaign: int
    people: int
    held_out: int
    to_send: int
    due: int
    held: int
    dropped: int
    planned_first: datetime
    planned_last: datetime
    saved: Saved


@dataclass(frozen=True)
class CampaignResults:
    """What a campaign changed within a window of days after its first message, or its plan before one left.

    Attributes:
        currency: of all money.
        until: up to when it counts, the last round; None where none has counted yet.
        is_complete: everybody's window is over; before that the figures are on their way.
    """

    campaign: int
    window_days: int
    currency: str
    until: datetime | None
    is_complete: bool
    effect: Incremental


@dataclass(frozen=True)
class ContentResult:
    """What people did with one piece of content on one platform; what is not known of it is None."""

    content: int
    platform: str
    topic: str | None
    kind: str | None
    promotes_product: bool | None
    published_day: date | None
    reads: int
    likes: int
    replies: int
    shares: int
    opens: int
    fans: int


def campaign_results(actor: Actor, engine: Engine, campaign: int, costs: int = 0) -> CampaignResults:
    """Treated against held out, in response and in money net of returns and ``costs`` (smallest unit)."""
    _require_both_sides(actor)
    rows = engine.ask(
        "SELECT * FROM relationship.campaign_arm WHERE campaign = $campaign", campaign=campaign
    ).to_pylist()
    arms = {row["held"]: _arm(row) for row in rows}
    nobody = Arm(0, 0, 0, 0, 0, 0)
    effect = incremental(arms.get(0, nobody), arms.get(1, nobody), costs)
    window = timedelta(days=WINDOW_DAYS)
    return CampaignResults(
        campaign,
        WINDOW_DAYS,
        currency=rows[0]["currency"] if rows else "",
        until=rows[0]["until"] if rows else None,
        is_complete=bool(rows) and all(row["planned_last"] + window <= row["until"] for row in rows),
        effect=effect,
    )


def campaign_sends(actor: Actor, engine: Engine, as_of: datetime) -> tuple[CampaignSends, ...]:
    """Every planned campaign with its verdicts and the sends it saved, the latest first."""
    require(actor, Permission.SEE_RESULTS)
    rows = engine.ask(sql(ROOM, "campaign_sends"), until=as_of).to_pylist()
    return tuple(_sends(row) for row in rows)


def pareto_of_revenue(actor: Actor, engine: Engine) -> Curve:
    """Net revenue by share of customers, in the currency of most orders; every order is seen."""
    _require_both_sides(actor)
    return curve(_steps(engine, "revenue", main_currency(engine)), 1.0)


def pareto_of_reach(actor: Actor, engine: Engine) -> Curve:
    """People moved directly by share of fans; its coverage is the share of fans whose weight is known."""
    require(actor, Permission.SEE_RESULTS)
    steps = _steps(engine, "reach", "")
    known = engine.ask("SELECT COUNT(DISTINCT fan) AS known FROM social.weight").to_pylist()[0]["known"]
    return curve(steps, known / steps[-1].units if steps else None)


def crosswalk_grid(actor: Actor, engine: Engine) -> Crosswalk:
    """Bands against RFM classes, unlinked as its own row and column."""
    _require_both_sides(actor)
    rows = engine.ask(
        "SELECT band, rfm_class, currency, people, fans, customers, money FROM relationship.crosswalk"
    ).to_pylist()
    found = {(row["band"], row["rfm_class"]): (row["people"], row["money"]) for row in rows}
    linked = [row for row in rows if UNLINKED not in (row["band"], row["rfm_class"])]
    shares = [
        _share(sum(r[side] for r in linked), sum(r[side] for r in rows)) for side in ("fans", "customers")
    ]
    return crosswalk(found, rows[0]["currency"] if rows else "", *shares)


def content_by_platform(actor: Actor, engine: Engine, rows: int = CONTENT_ROWS) -> tuple[ContentResult, ...]:
    """Content on each platform, most passed on first."""
    require(actor, Permission.SEE_RESULTS)
    found = engine.ask(sql(ROOM, "content_by_platform"), rows=rows).to_pylist()
    counts = ("reads", "likes", "replies", "shares", "opens", "fans")
    return tuple(ContentResult(**{**row, **{name: int(row[name]) for name in counts}}) for row in found)


def _require_both_sides(actor: Actor) -> None:
    for permission in (Permission.SEE_RESULTS, Permission.SEE_CUSTOMERS, Permission.SEE_LINKS):
        require(actor, permission)


def _arm(row: dict[str, Any]) -> Arm:
    names = ("people", "responders", "buyers", "visible", "money", "money_squares")
    return Arm(*(int(row[name]) for name in names))


def _sends(row: dict[str, Any]) -> CampaignSends:
    counts = {name: int(row[name]) for name in ("people", "held_out", "to_send", "due", "held", "dropped")}
    waiting = max(0, counts["to_send"] + counts["due"] - int(row["sent"])) + counts["held"]
    saved = Saved(EVERYONE_ONCE, counts["people"], int(row["sent"]), waiting)
    return CampaignSends(
        campaign=int(row["campaign"]),
        planned_first=row["planned_first"],
        planned_last=row["planned_last"],
        saved=saved,
        **counts,
    )


def _steps(engine: Engine, name: str, currency: str) -> tuple[Point, ...]:
    rows = engine.ask(
        "SELECT units, amount FROM relationship.pareto WHERE curve = $curve AND currency = $currency"
        " ORDER BY percent",
        curve=name,
        currency=currency,
    ).to_pylist()
    return tuple(Point(row["units"], row["amount"]) for row in rows)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
