"""What went out and will go out, day by day, and how much of each platform's quota is left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.db.models.functions import TruncDate

from guanxi.channels.cap import Over, window_end, window_start
from guanxi.channels.rules import all_rules
from guanxi.outreach.models import Campaign, Delivery
from guanxi.outreach.states import COUNTED, DeliveryState
from guanxi.records.actor import Actor, Permission, require
from guanxi.records.databases import RELATIONSHIP, raw

_BUSIEST = """
SELECT max(n) FROM (
    SELECT count(*) AS n FROM delivery
    WHERE channel = %s AND reserved_at >= %s AND reserved_at <= %s AND state = ANY(%s)
    GROUP BY identity
) AS each_one
"""


@dataclass(frozen=True, slots=True)
class DayRow:
    """One campaign on one day (UTC): so many messages left the house, so many wait to leave."""

    day: date
    campaign: int
    name: str
    sent: int
    waiting: int


@dataclass(frozen=True, slots=True)
class QuotaRow:
    """A platform's cap on one person in its calendar window, and what the busiest person has used of it.

    Attributes:
        over: calendar_day or calendar_month.
        used: messages that the person who got most has got.
        renews_on: the day on which the window turns over, where the platform's clock stands.
        rule: the id of the platform's rule; ``source`` and ``checked_on`` say where it was read.
    """

    platform: str
    kind: str
    over: str
    sends_max: int
    used: int
    renews_on: date
    rule: str
    source: str
    checked_on: date

    @property
    def left(self) -> int:
        """How many campaigns may still reach everybody in this window."""
        return max(0, self.sends_max - self.used)


def days_of(actor: Actor, first: date, last: date) -> tuple[DayRow, ...]:
    """Messages by day and campaign within the days, both included."""
    require(actor, Permission.SEE_CAMPAIGNS)
    sent = _by_day("settled_at", DeliveryState.SENT, first, last)
    waiting = _by_day("not_before", DeliveryState.QUEUED, first, last)
    places = sorted(sent.keys() | waiting.keys())
    names = dict(Campaign.objects.filter(pk__in={c for _, c in places}).values_list("pk", "name"))
    return tuple(
        DayRow(day, campaign, names.get(campaign, ""), sent.get(at, 0), waiting.get(at, 0))
        for at in places
        for day, campaign in (at,)
    )


def quotas(actor: Actor, now: datetime) -> tuple[QuotaRow, ...]:
    """Every platform whose campaigns fall under a calendar cap, by name."""
    require(actor, Permission.SEE_CAMPAIGNS)
    found = []
    for rules in all_rules():
        rule = rules.campaign_kind()
        cap = rule.cap if rule else None
        if rule is None or cap is None or cap.sends_max is None or cap.over is Over.ROLLING:
            continue
        since = window_start(cap, now)
        row = raw(RELATIONSHIP).execute(_BUSIEST, (rules.platform, since, now, list(COUNTED))).fetchone()
        told = rule.provenance
        found.append(
            QuotaRow(
                rules.platform,
                rule.kind,
                cap.over.value,
                cap.sends_max,
                (row[0] or 0) if row else 0,
                window_end(cap, now).astimezone(ZoneInfo(cap.zone)).date(),
                told.id,
                told.source,
                told.checked_on,
            )
        )
    return tuple(found)


def _by_day(column: str, state: DeliveryState, first: date, last: date) -> dict[tuple[date, int], int]:
    rows = (
        Delivery.objects.filter(
            **{"state": state, f"{column}__date__gte": first, f"{column}__date__lte": last}
        )
        .annotate(day=TruncDate(column))
        .values_list("day", "campaign")
        .annotate(n=Count("id"))
    )
    return {(day, campaign): n for day, campaign, n in rows}
