"""What doors show of circles: who is around a fan, how alike those with ties are, what communities are called,
and who is near good customers without being one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guanxi.influence.circles.homophily import Alike
from guanxi.lake.engine import Engine
from guanxi.lake.lists import ordered_page, row_count
from guanxi.lake.named import sql
from guanxi.records.actor import Actor, Permission, require

_ROOM = "guanxi.influence"
PROSPECT_SORTS = ("near_good", "near", "expected", "weight", "fan")


@dataclass(frozen=True)
class AroundRow:
    """One trait of those who share a tie with a fan: how many have it known, how many are as the fan is."""

    trait: str
    value: str | None
    people: int
    known: int
    alike: int


@dataclass(frozen=True)
class CommunityFace:
    """What a community is called by; ``lift`` is in hundredths of its frequency everywhere."""

    community: int
    trait: str
    value: str
    n: int
    known: int
    lift: int


@dataclass(frozen=True)
class ProspectRow:
    """A fan near good customers; money is a hypothesis, None where neighbours do not predict it."""

    fan: int
    platform: str
    near: int
    near_good: int
    expected: int | None
    low: int | None
    high: int | None
    weight: float | None
    band: str | None


@dataclass(frozen=True)
class ProspectPage:
    """One page of warm prospects and how many there are."""

    rows: tuple[ProspectRow, ...]
    total: int


def circle_of(actor: Actor, engine: Engine, fan: int) -> tuple[AroundRow, ...]:
    """Who is around a fan, trait by trait; in spending only for whoever may see customers and links."""
    require(actor, Permission.SEE_INFLUENCE)
    questions = ["circle_of"]
    if actor.may(Permission.SEE_CUSTOMERS) and actor.may(Permission.SEE_LINKS):
        questions.append("circle_spending")
    rows = (row for name in questions for row in engine.ask(sql(_ROOM, name), fan=fan).to_pylist())
    return tuple(AroundRow(**row) for row in rows)


def customers_near(actor: Actor, engine: Engine, fan: int) -> tuple[int, int]:
    """How many share a tie with a fan, and how many of those are linked to a customer."""
    require(actor, Permission.SEE_LINKS)
    require(actor, Permission.SEE_CUSTOMERS)
    row = engine.ask(sql(_ROOM, "near_customers"), fan=fan).to_pylist()[0]
    return row["people"], row["customers"]


def homophily(actor: Actor, engine: Engine) -> tuple[Alike, ...]:
    """How alike those who share ties are; traits of customers only for who may see them."""
    require(actor, Permission.SEE_INFLUENCE)
    found = engine.ask("SELECT trait, ties, known, alike, chance FROM social.homophily ORDER BY trait")
    rows = found.to_pylist()
    if actor.may(Permission.SEE_CUSTOMERS):
        rows += engine.ask(
            "SELECT trait, ties, known, alike, chance FROM relationship.customer_homophily ORDER BY trait"
        ).to_pylist()
    return tuple(Alike(**row) for row in rows)


def community_faces(actor: Actor, engine: Engine) -> dict[int, tuple[CommunityFace, ...]]:
    """By community, the topic and the city that mark it."""
    require(actor, Permission.SEE_INFLUENCE)
    found: dict[int, tuple[CommunityFace, ...]] = {}
    question = (
        "SELECT community, trait, value, n, known, lift FROM social.community_face ORDER BY community, trait"
    )
    for row in engine.ask(question).to_pylist():
        face = CommunityFace(**row)
        found[face.community] = (*found.get(face.community, ()), face)
    return found


def community_stay(actor: Actor, engine: Engine, from_day: date) -> tuple[int, int, date | None]:
    """How many fans are in a community, how many have been in the same since before that day, and since when the
    communities are remembered.
    """
    require(actor, Permission.SEE_INFLUENCE)
    row = engine.ask(sql(_ROOM, "community_stay"), from_day=from_day).to_pylist()[0]
    return row["fans"], row["stayed"], row["oldest"]


def prospects(actor: Actor, engine: Engine, sort: str, offset: int, limit: int) -> ProspectPage:
    """Fans who are no customers, near good ones; for whoever may see customers and links."""
    require(actor, Permission.SEE_CUSTOMERS)
    require(actor, Permission.SEE_LINKS)
    question = sql(_ROOM, "prospects")
    rows = ordered_page(engine, question, {}, sort, PROSPECT_SORTS, offset, limit, "fan")
    return ProspectPage(tuple(ProspectRow(**row) for row in rows), row_count(engine, question, {}))
