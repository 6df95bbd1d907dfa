"""Lists of fans: filtered and sorted; and who was best in a month, by which activities."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from guanxi.lake.engine import Engine
from guanxi.lake.lists import ordered_page, row_count
from guanxi.lake.named import sql
from guanxi.records.actor import Actor, Permission, require
from guanxi.social.models import Fan
from guanxi.social.points import campaign_tenths, daily_tenths
from guanxi.social.queries.asking import names_of, offer_fans
from guanxi.vocabulary.reasons import Refused

SORTS = frozenset({"fan", "daily", "campaign", "first_day", "last_day", "followed_day"})
SEARCHED_MAX = 1_000
_ROOM = "guanxi.social"


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of activity in a month: times done, people moved, and what both are worth in tenths."""

    kind: str
    n: int
    moved: int
    daily: int
    campaign: int


@dataclass(frozen=True, slots=True)
class FanRow:
    """A fan as lists show it; scores of the asked month in tenths; ``name`` is empty for who may not see it."""

    fan: int
    account: int
    platform: str
    followed_day: date | None
    unfollowed_day: date | None
    first_day: date | None
    last_day: date | None
    daily: int
    campaign: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class FanPage:
    """One page of a list, and how many rows the list has."""

    rows: tuple[FanRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class FanFilter:
    """Which fans; empty values leave all in.

    Attributes:
        platform: on which platform.
        account: the id of the brand's account, 0 for any.
        follows: yes, no, unknown, or empty.
        fact: name of a profile fact; its best value must be ``fact_value``.
        fact_value: see ``fact``.
        text: part of a name, or a fan's id.
    """

    platform: str = ""
    account: int = 0
    follows: Literal["", "yes", "no", "unknown"] = ""
    fact: str = ""
    fact_value: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class BestFan:
    """A fan's month: both scores in tenths and the activities behind them, worthiest first."""

    fan: int
    name: str
    platform: str
    daily: int
    campaign: int
    parts: tuple[Part, ...]


def fans(
    actor: Actor,
    engine: Engine,
    month: date,
    chosen: FanFilter = FanFilter(),
    sort: str = "-campaign",
    offset: int = 0,
    limit: int = 50,
) -> FanPage:
    """The fans of a filter with the scores of a month; ``sort`` is one of `SORTS`, a leading minus descending."""
    require(actor, Permission.SEE_SOCIAL)
    offer_fans(engine, _found(actor, chosen.text) if chosen.text else ())
    values: dict[str, Any] = {
        "month": month,
        "platform": chosen.platform,
        "account": chosen.account,
        "follows": chosen.follows,
        "fact": chosen.fact,
        "fact_value": chosen.fact_value,
        "named": bool(chosen.text),
    }
    question = sql(_ROOM, "fan_list")
    rows = ordered_page(engine, question, values, sort, SORTS, offset, limit, "fan")
    names = names_of(actor, [row["fan"] for row in rows])
    shown = tuple(FanRow(**row, name=names.get(row["fan"], "")) for row in rows)
    return FanPage(shown, row_count(engine, question, values))


def best_of_month(
    actor: Actor,
    engine: Engine,
    month: date,
    by: Literal["daily", "campaign"] = "campaign",
    offset: int = 0,
    limit: int = 20,
) -> tuple[BestFan, ...]:
    """Who was best in a month by one of the two scores, and by which activities."""
    require(actor, Permission.SEE_SOCIAL)
    question = sql(_ROOM, "best_of_month")
    if by not in ("daily", "campaign"):
        raise Refused("filter_unknown", by)
    rows = ordered_page(
        engine, question, {"month": month}, f"-{by}", {"daily", "campaign"}, offset, limit, "fan"
    )
    chosen = [row["fan"] for row in rows]
    known = {fan.pk: fan for fan in Fan.objects.filter(pk__in=chosen).select_related("account")}
    parts = parts_of(engine, chosen, month, month)
    names = names_of(actor, chosen)
    return tuple(
        BestFan(
            row["fan"],
            names.get(row["fan"], ""),
            known[row["fan"]].account.platform,
            row["daily"],
            row["campaign"],
            parts.get((row["fan"], month), ()),
        )
        for row in rows
        if row["fan"] in known
    )


def parts_of(
    engine: Engine, chosen: list[int], first: date, last: date
) -> dict[tuple[int, date], tuple[Part, ...]]:
    """By fan and month, the activities behind the scores, worthiest first."""
    offer_fans(engine, chosen)
    answer = engine.ask(sql(_ROOM, "activities_of_fans"), first=first, last=last).to_pylist()
    parts: dict[tuple[int, date], list[Part]] = defaultdict(list)
    for row in answer:
        kind, n, moved = row["kind"], row["n"], row["moved"]
        part = Part(kind, n, moved, daily_tenths(kind, n), campaign_tenths(kind, n, moved))
        parts[row["fan"], row["month"]].append(part)
    return {
        place: tuple(sorted(found, key=lambda part: (-part.daily - part.campaign, part.kind)))
        for place, found in parts.items()
    }


def months(actor: Actor, engine: Engine) -> tuple[date, ...]:
    """The months in which anything was scored, latest first."""
    require(actor, Permission.SEE_SOCIAL)
    return tuple(engine.ask(sql(_ROOM, "months"))["month"].to_pylist())


def active_by_month(actor: Actor, engine: Engine) -> tuple[tuple[date, int], ...]:
    """How many fans scored in each month, latest first."""
    require(actor, Permission.SEE_SOCIAL)
    rows = engine.ask(sql(_ROOM, "months")).to_pylist()
    return tuple((row["month"], row["fans"]) for row in rows)


def _found(actor: Actor, text: str) -> list[int]:
    """Fans by id, or by part of a name for those who may see names."""
    if text.isdecimal() and len(text) < 19:
        return [int(text)]
    if not actor.may(Permission.SEE_PERSONAL):
        return []
    rows = Fan.objects.filter(name__icontains=text.replace("\x00", "")).values_list("id", flat=True)
    return list(rows[:SEARCHED_MAX])
