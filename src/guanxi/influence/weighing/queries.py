"""What doors show of weights: who moves most people, what that is worth, why, since when; and ripples around many."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from guanxi.influence.circles.ripples import CrowdRipples, TiesFrom, crowd_ripples, moved_outside
from guanxi.influence.kernels.graph import Ints
from guanxi.lake.engine import Engine
from guanxi.lake.lists import ordered_page, row_count
from guanxi.lake.named import sql
from guanxi.records.actor import Actor, Permission, require

_ROOM = "guanxi.influence"
WEIGHT_SORTS = ("weight", "direct", "second", "engagements", "reach", "moves", "fan")
WORTH_SORTS = (*WEIGHT_SORTS, "expected", "known")
TOPICS_SHOWN = 30
CONTENTS_SHOWN = 5
HEAVIEST_SHOWN = 10
ALL = "all"


@dataclass(frozen=True)
class WeightRow:
    """A fan who moves people; the middle part is empty where too little was taken up to speak of resonance.

    Attributes:
        engagements: what those do in ninety days whom the fan is expected to move, with a 90 % interval.
        moves: occasions on which they moved somebody, on the topic asked for or in all.
        carried: how many of these went on to further people.
        timed: how many have a known moment of sharing.
        soon: how many of those came within a day.
        reach: people expected to be moved directly, divided over the occasions.
        expected: what those spent whom the fan is expected to move, minor units; None where too few are known.
        known: how many of those in reach have a known spending.
        signs: what speaks for a share farm, joined by |; '' for who is not screened. What a screened fan moves counts
            for nobody.
    """

    fan: int
    platform: str
    band: str
    weight: float
    direct: int
    second: int
    engagements: float
    engagements_low: float
    engagements_high: float
    moves: int | None
    carried: int | None
    timed: int | None
    soon: int | None
    reach: float | None
    signs: str = ""
    expected: int | None = None
    low: int | None = None
    high: int | None = None
    known: int | None = None
    in_reach: int | None = None


@dataclass(frozen=True)
class WeightPage:
    """One page of weights and how many there are."""

    rows: tuple[WeightRow, ...]
    total: int


@dataclass(frozen=True)
class WeightFilter:
    """Of which platform, band and topic; '' stands for all. ``screening``: 'screened' alone, or 'trusted' alone."""

    platform: str = ""
    band: str = ""
    topic: str = ""
    screening: str = ""


@dataclass(frozen=True)
class Worth:
    """Network value in money: what those spent whom a fan is expected to move; None where too few are known.

    Attributes:
        expected: minor units, with the 90 % interval from ``low`` to ``high``.
        known: how many of those in reach are linked for rewards and have bought.
        people: how many are in reach.
    """

    expected: int | None
    low: int | None
    high: int | None
    known: int
    people: int


@dataclass(frozen=True)
class Facet:
    """Resonance in all (facet ``all``), on one platform or on one topic; columns as in ``WeightRow``."""

    facet: str
    value: str
    millionths: int
    moves: int
    carried: int
    timed: int
    soon: int


@dataclass(frozen=True)
class MonthMoved:
    """How many people were moved in a month, and how many for the first time."""

    month: date
    people: int
    fresh: int


@dataclass(frozen=True)
class BestContent:
    """A content through which a fan moved people."""

    content: int
    topic: str | None
    people: int
    last_day: date


@dataclass(frozen=True)
class Why:
    """What a fan's weight is made of: content, topics and platforms, people by month, weights as remembered."""

    contents: tuple[BestContent, ...]
    facets: tuple[Facet, ...]
    months: tuple[MonthMoved, ...]
    weights: tuple[tuple[date, float], ...]


@dataclass(frozen=True)
class Heaviest:
    """One of a crowd who moves most people."""

    fan: int
    platform: str
    weight: float
    direct: int
    second: int
    band: str


def weight_list(
    actor: Actor, engine: Engine, of: WeightFilter, sort: str, offset: int, limit: int
) -> WeightPage:
    """Those who move people; with the spending around them for whoever may see customers and links."""
    require(actor, Permission.SEE_INFLUENCE)
    sees = sees_worth(actor)
    listed = sql(_ROOM, "weight_list")
    question = sql(_ROOM, "worth_list") if sees else listed
    asked = {"platform": of.platform, "band": of.band, "topic": of.topic, "screening": of.screening}
    allowed = WORTH_SORTS if sees else WEIGHT_SORTS
    rows = ordered_page(engine, question, asked, sort, allowed, offset, limit, "fan")
    return WeightPage(tuple(WeightRow(**row) for row in rows), row_count(engine, listed, asked))


def sees_worth(actor: Actor) -> bool:
    """Whether money around fans may be shown: it reveals links and customers."""
    return actor.may(Permission.SEE_CUSTOMERS) and actor.may(Permission.SEE_LINKS)


def topics(actor: Actor, engine: Engine) -> tuple[str, ...]:
    """The topics on which weights can be asked for, the most moved by first."""
    require(actor, Permission.SEE_INFLUENCE)
    found = engine.ask(sql(_ROOM, "weight_topics"), rows=TOPICS_SHOWN)
    return tuple(found["topic"].to_pylist())


def worth_of(actor: Actor, engine: Engine, fan: int) -> Worth | None:
    """The network value of a fan in money; None where nobody with known spending is in reach."""
    require(actor, Permission.SEE_INFLUENCE)
    require(actor, Permission.SEE_CUSTOMERS)
    require(actor, Permission.SEE_LINKS)
    question = "SELECT expected, low, high, known, people FROM relationship.network_value WHERE fan = $fan"
    rows = engine.ask(question, fan=fan).to_pylist()
    return Worth(**rows[0]) if rows else None


def engagements_of(actor: Actor, engine: Engine, fan: int) -> tuple[float, float, float] | None:
    """The network value of a fan in engagements within ninety days, with its 90 % interval."""
    require(actor, Permission.SEE_INFLUENCE)
    question = "SELECT engagements, engagements_low, engagements_high FROM social.weight WHERE fan = $fan"
    rows = engine.ask(question, fan=fan).to_pylist()
    return (rows[0]["engagements"], rows[0]["engagements_low"], rows[0]["engagements_high"]) if rows else None


def why(actor: Actor, engine: Engine, fan: int, from_day: date) -> Why:
    """What a fan's weight is made of, and how it went since a day."""
    require(actor, Permission.SEE_INFLUENCE)
    contents = engine.ask(sql(_ROOM, "best_content"), fan=fan, rows=CONTENTS_SHOWN).to_pylist()
    facets = engine.ask(sql(_ROOM, "resonance_of"), fan=fan).to_pylist()
    months = engine.ask(sql(_ROOM, "moved_by_month"), fan=fan, from_day=from_day).to_pylist()
    weights = engine.ask(
        "SELECT month, weight FROM social.weight_month WHERE fan = $fan ORDER BY month", fan=fan
    ).to_pylist()
    return Why(
        tuple(BestContent(**row) for row in contents),
        tuple(Facet(**row) for row in facets),
        tuple(MonthMoved(**row) for row in months),
        tuple((row["month"], row["weight"]) for row in weights),
    )


def fans_behind(actor: Actor, engine: Engine, members: pa.Table) -> Ints:
    """The fans among identities (column ``identity``), and those linked for rewards to the customers among them."""
    require(actor, Permission.SEE_LINKS)
    engine.offer("crowd_member", members)
    return np.asarray(engine.ask(sql(_ROOM, "fans_behind"))["fan"].to_numpy(), np.int64)


def ripples_around(actor: Actor, engine: Engine, fans: Ints) -> CrowdRipples:
    """Whom these fans move, and who is moved through those, each person once."""
    require(actor, Permission.SEE_INFLUENCE)
    first = _ties_from(engine, fans)
    return crowd_ripples(fans, first, _ties_from(engine, moved_outside(fans, first)))


def heaviest_of(
    actor: Actor, engine: Engine, fans: Ints, shown: int = HEAVIEST_SHOWN
) -> tuple[Heaviest, ...]:
    """Of these fans those who move most people, with what each may do alone."""
    require(actor, Permission.SEE_INFLUENCE)
    engine.offer("wanted", pa.table({"fan": fans}))
    rows: list[dict[str, Any]] = engine.ask(sql(_ROOM, "heaviest_of"), rows=shown).to_pylist()
    return tuple(Heaviest(**row) for row in rows)


def _ties_from(engine: Engine, fans: Ints) -> TiesFrom:
    engine.offer("wanted", pa.table({"fan": fans}))
    rows = engine.ask(sql(_ROOM, "ties_from"))
    source, target = (np.asarray(rows[name].to_numpy(), np.int64) for name in ("influencer", "influenced"))
    return TiesFrom(source, target, np.asarray(rows["probability"].to_numpy()))
