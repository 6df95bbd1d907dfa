"""What an act or a purchase earns: points by rule, caps by day and month, and what a refund takes back.

Pure, for one identity; the SQL beside it says the same for all, and a test holds the two together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from guanxi.vocabulary.activity import Kind
from guanxi.vocabulary.points import Points
from guanxi.vocabulary.reasons import Refused

ORDERED_ONLY = frozenset({Kind.ORDERED})
NEVER_EARNS = frozenset(
    {
        Kind.REFUNDED,
        Kind.RECORDED,
        Kind.CONSENTED,
        Kind.WITHDREW,
        Kind.IDENTIFIED,
        Kind.PUBLISHED,
        Kind.UNFOLLOWED,
        Kind.LEFT,
        Kind.PARTED,
        Kind.TAGGED,
        Kind.UNTAGGED,
        Kind.REVOKED,
        Kind.NOTED,
    }
)


@dataclass(frozen=True)
class Terms:
    """An earning rule's terms.

    Attributes:
        name: what the programme calls it.
        kinds: the acts that earn; ordering earns by amount and stands alone.
        platform: only there, or None for everywhere.
        points: which kind it earns.
        amount: points for each act, or for each ``unit`` spent.
        unit: minor units of ``currency`` that earn ``amount`` once; 0 for acts.
        currency: of purchases; '' for acts.
        cap_day: the most an identity earns by this rule in a UTC day, or None.
        cap_month: the same for a calendar month.
        valid_from: activities before it earn nothing, or None.
        valid_to: activities from it on earn nothing, or None.
    """

    name: str
    kinds: frozenset[Kind]
    points: Points
    amount: int
    platform: str | None = None
    unit: int = 0
    currency: str = ""
    cap_day: int | None = None
    cap_month: int | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None

    @property
    def by_purchase(self) -> bool:
        """Whether it pays by money spent."""
        return self.kinds == ORDERED_ONLY


@dataclass(frozen=True)
class Act:
    """One activity of one identity, as a rule sees it; ``spent`` is in minor units, 0 for acts."""

    id: int
    day: date
    spent: int = 0


def checked(terms: Terms) -> Terms:
    """The terms themselves; refused where they pay nothing, mix acts with purchases, or cannot be reached."""
    caps = [cap for cap in (terms.cap_day, terms.cap_month) if cap is not None]
    wrong = (
        not terms.name.strip()
        or not terms.kinds
        or bool(terms.kinds & NEVER_EARNS)
        or terms.amount <= 0
        or any(cap <= 0 for cap in caps)
        or (Kind.ORDERED in terms.kinds) != terms.by_purchase
        or not _priced(terms)
        or (terms.by_purchase and terms.platform is not None)
        or not _ordered(terms.valid_from, terms.valid_to)
    )
    if wrong:
        raise Refused("rule_unreadable", terms.name)
    return terms


def _priced(terms: Terms) -> bool:
    """Purchases by unit and currency, acts by neither."""
    if terms.by_purchase:
        return terms.unit > 0 and len(terms.currency) == 3
    return terms.unit == 0 and terms.currency == ""


def _ordered(first: datetime | None, last: datetime | None) -> bool:
    return first is None or last is None or first < last


def points_for(terms: Terms, spent: int) -> int:
    """Points before caps; a purchase earns whole units only, a negative amount nothing.

    >>> points_for(Terms("buy", ORDERED_ONLY, Points.SPEND, 2, unit=100, currency="CNY"), 1999)
    38
    """
    if not terms.by_purchase:
        return terms.amount
    return max(spent, 0) // terms.unit * terms.amount


def granted(terms: Terms, acts: Sequence[Act]) -> dict[int, int]:
    """Points for each act, in the order they were heard, until the day's and then the month's cap is full."""
    by_day: Counter[date] = Counter()
    by_month: Counter[date] = Counter()
    answer: dict[int, int] = {}
    for act in sorted(acts, key=lambda each: each.id):
        points = points_for(terms, act.spent)
        if terms.cap_day is not None:
            points = min(points, terms.cap_day - by_day[act.day])
        by_day[act.day] += points
        month = act.day.replace(day=1)
        if terms.cap_month is not None:
            points = min(points, terms.cap_month - by_month[month])
        by_month[month] += points
        answer[act.id] = points
    return answer


def taken_back(terms: Terms, spent: int, had: int, refunds: Iterable[int]) -> list[int]:
    """What each refund of one purchase takes back, so that the rest never earns more than it would have.

    Args:
        terms: the rule it earned by.
        spent: the purchase, in minor units.
        had: the points it was granted.
        refunds: minor units returned, in the order heard.
    """
    answer: list[int] = []
    returned, left = 0, had
    for refund in refunds:
        returned += refund
        keeps = min(had, points_for(terms, spent - min(returned, spent)))
        answer.append(left - keeps)
        left = keeps
    return answer
