"""Are we a nuisance: who hears how much of us, what is held until when, whose silence grows too long."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pyarrow as pa

from guanxi.lake.engine import Engine
from guanxi.lake.named import sql
from guanxi.outreach.models import Campaign, Delivery
from guanxi.outreach.queries.leash import leash_in_force
from guanxi.outreach.states import PLANNABLE, DeliveryState
from guanxi.records.actor import Actor, Permission, require
from guanxi.vocabulary.time import aware

ROOM = "guanxi.outreach"


@dataclass(frozen=True, slots=True)
class DayAhead:
    """One of the next days (UTC): sends waiting for it, holds that end, silences that grow too long."""

    day: date
    sends: int
    holds: int
    dues: int


@dataclass(frozen=True, slots=True)
class PressureRow:
    """So many persons got so many messages."""

    sends: int
    persons: int


def days_ahead(actor: Actor, engine: Engine, now: datetime, days: int = 7) -> tuple[DayAhead, ...]:
    """The next days, today first; holds and dues are as of the last plans and mirrors."""
    require(actor, Permission.SEE_TRUST)
    moment = aware(now)
    horizon = datetime.combine(moment.date() + timedelta(days=days), datetime.min.time(), moment.tzinfo)
    holds = _holds(engine, moment, horizon)
    dues = _dues(engine, moment, horizon)
    sends = _sends(moment)
    ahead = (moment.date() + timedelta(days=n) for n in range(days))
    return tuple(DayAhead(day, sends[day], holds[day], dues[day]) for day in ahead)


def pressure(actor: Actor, engine: Engine, now: datetime, days: int = 30) -> tuple[PressureRow, ...]:
    """How many persons got one message, two, three, within the days; those who got none are not counted."""
    require(actor, Permission.SEE_TRUST)
    found = engine.ask(sql(ROOM, "pressure"), since=aware(now) - timedelta(days=days))
    return tuple(PressureRow(row["sends"], row["persons"]) for row in found.to_pylist())


def _holds(engine: Engine, now: datetime, horizon: datetime) -> defaultdict[date, int]:
    live = list(Campaign.objects.filter(state__in=PLANNABLE).values_list("pk", flat=True))
    engine.offer("live_campaign", pa.table({"campaign": pa.array(live, pa.int64())}))
    rows = engine.ask(sql(ROOM, "ahead"), now=now, horizon=horizon).to_pylist()
    return defaultdict(int, {row["day"]: row["holds"] for row in rows})


def _dues(engine: Engine, now: datetime, horizon: datetime) -> defaultdict[date, int]:
    due_after = leash_in_force().due_after_days
    if due_after is None:
        return defaultdict(int)
    question = sql(ROOM, "silence")
    rows = engine.ask(question, due_after=timedelta(days=due_after), now=now, horizon=horizon).to_pylist()
    return defaultdict(int, {row["day"]: row["dues"] for row in rows})


def _sends(now: datetime) -> defaultdict[date, int]:
    """Messages that wait, on the day they may go out; what should have gone is today's."""
    waiting = Delivery.objects.filter(state=DeliveryState.QUEUED).values_list("not_before", flat=True)
    found: defaultdict[date, int] = defaultdict(int)
    for not_before in waiting.iterator():
        found[max(not_before, now).date()] += 1
    return found
