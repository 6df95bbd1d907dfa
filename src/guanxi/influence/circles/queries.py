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
PEER_SORTS = ("alike", "weight", "fan")
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
class PeerRow:
    """Somebody who shares a tie with a fan; ``alike`` counts what is the same of band, taste and city."""

    fan: int
    platform: str | None
    weight: float | None
    band: str | None
    taste: str | None
    city: str | None
    alike: int


@dataclass(frozen=True)
class PeerPage:
    """One page of those around a fan and how many there are."""

    rows: tuple[PeerRow, ...]
    total: int


@dataclass(frozen=True)
class CommunityRow:
    """A community's fans, and how many of them have been in it since before a day."""

    community: int
    fans: int
    stayed: int


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
    _offer_near(engine, fan)
    rows = (row for name in questions for row in engine.ask(sql(_ROOM, name), fan=fan).to_pylist())
    return tuple(AroundRow(**row) for row in rows)


def peers(actor: Actor, engine: Engine, fan: int, alike: str, sort: str, offset: int, limit: int) -> PeerPage:
    """Those who share a tie with a fan, all or only those alike in ``band``, ``taste`` or ``city``."""
    require(actor, Permission.SEE_INFLUENCE)
    question, values = sql(_ROOM, "peers"), {"fan": fan, "alike": alike}
    _offer_near(engine, fan)
    rows = ordered_page(engine, question, values, sort, PEER_SORTS, offset, limit, "fan")
    return PeerPage(tuple(PeerRow(**row) for row in rows), row_count(engine, question, values))


def customers_near(actor: Actor, engine: Engine, fan: int) -> tuple[int, int]:
    """How many share a tie with a fan, and how many of those are linked to a customer."""
    require(actor, Permission.SEE_LINKS)
    require(actor, Permission.SEE_CUSTOMERS)
    _offer_near(engine, fan)
    row = engine.ask(sql(_ROOM, "near_customers")).to_pylist()[0]
    return row["people"], row["customers"]


def _offer_near(engine: Engine, fan: int) -> None:
    """Those who share a tie with a fan are what questions know as near."""
    engine.offer("near", engine.ask(sql(_ROOM, "near_of"), fan=fan))


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


def communities(actor: Actor, engine: Engine, most: int, from_day: date) -> tuple[CommunityRow, ...]:
    """The largest communities, and how many of their people have been in them since before that day."""
    require(actor, Permission.SEE_INFLUENCE)
    rows = engine.ask(sql(_ROOM, "communities"), rows=most, from_day=from_day).to_pylist()
    return tuple(CommunityRow(**row) for row in rows)


def community_customers(actor: Actor, engine: Engine) -> dict[int, int]:
    """By community, how many of its fans are linked to a customer."""
    require(actor, Permission.SEE_LINKS)
    require(actor, Permission.SEE_CUSTOMERS)
    rows = engine.ask(sql(_ROOM, "community_customers")).to_pylist()
    return {row["community"]: row["customers"] for row in rows}


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
