"""The people behind the Leash's bars: whose message waits, whose hold ends, whom silence meets, who got how much."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal

import pyarrow as pa

from guanxi.lake.engine import Engine
from guanxi.lake.lists import ordered_page, row_count
from guanxi.lake.named import sql
from guanxi.outreach.models import Campaign, Delivery
from guanxi.outreach.queries.leash import leash_in_force
from guanxi.outreach.states import PLANNABLE, DeliveryState
from guanxi.records.actor import Actor, Permission, require
from guanxi.vocabulary.reasons import Refused
from guanxi.vocabulary.time import aware

What = Literal["sends", "holds", "dues"]
SORTS = frozenset({"person", "moment", "sends"})
_ROOM = "guanxi.outreach"


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person behind a bar.

    Attributes:
        person: the identity that the person is called by.
        moment: when the message may go, the hold ends, the silence is too long, or the last message was reserved.
        campaign: whose message waits or is held; None where it is about no campaign.
        sends: messages in the time that was asked for; None where it is about none.
    """

    person: int
    moment: datetime
    campaign: int | None = None
    campaign_name: str = ""
    sends: int | None = None


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One page of people, and how many there are."""

    rows: tuple[PersonRow, ...]
    total: int


def people_ahead(
    actor: Actor,
    engine: Engine,
    now: datetime,
    what: What,
    day: date,
    sort: str = "moment",
    offset: int = 0,
    limit: int = 50,
) -> PersonPage:
    """The people of one bar of the days ahead; sums equal those of `pressure.days_ahead`."""
    require(actor, Permission.SEE_TRUST)
    first = datetime.combine(day, time.min, UTC)
    span = {"now": max(first, aware(now)), "horizon": first + timedelta(days=1)}
    if what == "sends":
        return _waiting(None if day <= aware(now).date() else first, span["horizon"], sort, offset, limit)
    if what == "holds":
        live = list(Campaign.objects.filter(state__in=PLANNABLE).values_list("pk", flat=True))
        engine.offer("live_campaign", pa.table({"campaign": pa.array(live, pa.int64())}))
        return _page(engine, "held_people", span, sort, offset, limit)
    due_after = leash_in_force().due_after_days
    if due_after is None:
        return PersonPage((), 0)
    return _page(
        engine, "silent_people", {**span, "due_after": timedelta(days=due_after)}, sort, offset, limit
    )


def people_reached(
    actor: Actor,
    engine: Engine,
    now: datetime,
    days: int,
    sends: int = 0,
    sort: str = "-sends",
    offset: int = 0,
    limit: int = 50,
) -> PersonPage:
    """The people who got exactly so many messages within the days; those of any number where ``sends`` is 0."""
    require(actor, Permission.SEE_TRUST)
    values = {"since": aware(now) - timedelta(days=days), "sends": sends}
    return _page(engine, "reached_people", values, sort, offset, limit)


def _page(
    engine: Engine, name: str, values: dict[str, Any], sort: str, offset: int, limit: int
) -> PersonPage:
    question = sql(_ROOM, name)
    rows = ordered_page(engine, question, values, sort, SORTS, offset, limit, "person")
    names = _names({row["campaign"] for row in rows if "campaign" in row})
    shown = tuple(PersonRow(**row, campaign_name=names.get(row.get("campaign"), "")) for row in rows)
    return PersonPage(shown, row_count(engine, question, values))


def _waiting(first: datetime | None, end: datetime, sort: str, offset: int, limit: int) -> PersonPage:
    """Messages that may go before the end; today's bar holds what should have gone already too."""
    column = {"moment": "not_before", "person": "identity"}.get(sort.removeprefix("-"))
    if column is None:
        raise Refused("filter_unknown", sort)
    found = Delivery.objects.filter(state=DeliveryState.QUEUED, not_before__lt=end)
    if first is not None:
        found = found.filter(not_before__gte=first)
    ordered = found.order_by(("-" if sort.startswith("-") else "") + column, "pk")
    rows: Sequence[tuple[int, datetime, int]] = list(
        ordered.values_list("identity", "not_before", "campaign")[offset : offset + limit]
    )
    names = _names({campaign for _, _, campaign in rows})
    return PersonPage(tuple(PersonRow(*row, names.get(row[2], "")) for row in rows), found.count())


def _names(campaigns: Collection[int]) -> dict[int | None, str]:
    return dict(Campaign.objects.filter(pk__in=campaigns).values_list("pk", "name"))
