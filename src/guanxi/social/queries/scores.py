"""Who was best in a month or is today, by which activities, and from which rows each point comes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from guanxi.lake.engine import Engine
from guanxi.lake.freshness import known_until
from guanxi.lake.lists import ordered_page
from guanxi.lake.named import sql
from guanxi.records.actor import Actor, Permission, require
from guanxi.social.models import Fan, TopicWeight
from guanxi.social.queries.asking import leave_out, names_of, offer_fans
from guanxi.social.windows import ALL, RECENT, Window, decay_table, month_window, recent_window, whole_window
from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.reasons import Refused

_ROOM = "guanxi.social"


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of activity: times done, people moved directly and at the second hop, and the tenths for both."""

    kind: str
    n: int
    moved: int
    second: int
    daily: int
    campaign: int


@dataclass(frozen=True, slots=True)
class TraceRow:
    """A day's activities of one kind, depth and topic, and what is left of their points.

    Attributes:
        depth: glance, read, deep, or empty where it is not known or does not apply.
        topic: of the content; empty where it is not known.
        moved: people moved by the fan's shares, first counted that day for the month.
        second: people whom those moved on.
    """

    day: date
    kind: str
    depth: str
    topic: str
    n: int
    moved: int
    second: int
    daily: int
    campaign: int


@dataclass(frozen=True, slots=True)
class Trace:
    """Where a fan's two scores come from; the rows' points sum to them exactly."""

    window: Window
    daily: int
    campaign: int
    rows: tuple[TraceRow, ...]


@dataclass(frozen=True, slots=True)
class BestFan:
    """A fan with both scores in tenths and the activities behind them, worthiest first."""

    fan: int
    name: str
    platform: str
    daily: int
    campaign: int
    parts: tuple[Part, ...]


def window_named(name: str) -> Window:
    """A month (``2026-11-01``), ``recent`` or ``all`` as of the last refresh; refused where it is none of them."""
    if name in (RECENT, ALL):
        known = known_until(Side.SOCIAL, "score_now")
        today = known.date() if known else date(1970, 1, 1)
        return recent_window(today) if name == RECENT else whole_window(today)
    try:
        return month_window(date.fromisoformat(name))
    except ValueError:
        raise Refused("filter_unknown", name) from None


def best(
    actor: Actor,
    engine: Engine,
    window: Window,
    by: Literal["daily", "campaign"] = "campaign",
    offset: int = 0,
    limit: int = 20,
    without: Collection[int] = (),
) -> tuple[BestFan, ...]:
    """Who is best in a window by one of the two scores, and by which activities; ``without`` some fans."""
    require(actor, Permission.SEE_SOCIAL)
    if by not in ("daily", "campaign"):
        raise Refused("filter_unknown", by)
    values = {"window": window.name, "month": window.first}
    question, sorts = sql(_ROOM, "best"), {"daily", "campaign"}
    leave_out(engine, without)
    rows = ordered_page(engine, question, values, f"-{by}", sorts, offset, limit, "fan")
    chosen = [row["fan"] for row in rows]
    known = {fan.pk: fan for fan in Fan.objects.filter(pk__in=chosen).select_related("account")}
    parts = parts_of(engine, chosen, window)
    names = names_of(actor, chosen)
    return tuple(
        BestFan(
            row["fan"],
            names.get(row["fan"], ""),
            known[row["fan"]].account.platform,
            row["daily"],
            row["campaign"],
            parts.get(row["fan"], ()),
        )
        for row in rows
        if row["fan"] in known
    )


def parts_of(engine: Engine, chosen: list[int], window: Window) -> dict[int, tuple[Part, ...]]:
    """By fan, the kinds of activity behind the scores of a window, worthiest first."""
    found: dict[int, list[Part]] = defaultdict(list)
    _offer(engine, chosen, window)
    for row in engine.ask(sql(_ROOM, "parts")).to_pylist():
        found[row.pop("fan")].append(Part(**row))
    return {fan: worthiest(parts) for fan, parts in found.items()}


def worthiest(parts: Iterable[Part]) -> tuple[Part, ...]:
    """The parts by what they are worth in both scores."""
    return tuple(sorted(parts, key=lambda part: (-part.daily - part.campaign, part.kind)))


def trace(actor: Actor, engine: Engine, fan: int, window: Window) -> Trace:
    """Every row behind a fan's scores of a window, the latest first; refused where there is no such fan."""
    require(actor, Permission.SEE_SOCIAL)
    if not Fan.objects.filter(pk=fan).exists():
        raise Refused("no_such_fan", str(fan))
    rows = tuple(row for _, row in _traced(engine, [fan], window) if row.daily or row.campaign)
    return Trace(window, sum(row.daily for row in rows), sum(row.campaign for row in rows), rows)


def months(actor: Actor, engine: Engine) -> tuple[date, ...]:
    """The months in which anything was scored, latest first."""
    return tuple(month for month, _ in active_by_month(actor, engine))


def active_by_month(actor: Actor, engine: Engine) -> tuple[tuple[date, int], ...]:
    """How many fans scored in each month, latest first."""
    require(actor, Permission.SEE_SOCIAL)
    rows = engine.ask(sql(_ROOM, "months")).to_pylist()
    return tuple((row["month"], row["fans"]) for row in rows)


def topic_weights(actor: Actor) -> dict[str, int]:
    """Topics that weigh other than 100 per cent."""
    require(actor, Permission.SEE_SOCIAL)
    return dict(TopicWeight.objects.order_by("topic").values_list("topic", "percent"))


def _traced(engine: Engine, chosen: list[int], window: Window) -> Iterable[tuple[int, TraceRow]]:
    _offer(engine, chosen, window)
    for row in engine.ask(sql(_ROOM, "trace")).to_pylist():
        yield row.pop("fan"), TraceRow(**row)


def _offer(engine: Engine, chosen: list[int], window: Window) -> None:
    offer_fans(engine, chosen)
    engine.offer("decay", decay_table(window))
