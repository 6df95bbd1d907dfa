"""A fan or a customer in a few lines: the name (or number) and the facts to go by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice

from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.console import words, written
from guanxi.console.act.faces import customer_number, fan_number, visible_name
from guanxi.correlation.queries import LinkRow
from guanxi.customers.queries import asking as customer_names
from guanxi.customers.queries.cards import Worth, customer_card
from guanxi.lake.engine import Engine
from guanxi.records.actor import Actor
from guanxi.social.queries import asking as fan_names
from guanxi.social.queries.cards import fan_card
from guanxi.vocabulary.facts import FactRow

FACTS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class FaceFact:
    """One fact to go by."""

    name: str
    value: str
    source: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Face:
    """One of two cards that are held against each other."""

    name: str
    kind: str
    href: str
    facts: tuple[FaceFact, ...]
    numbers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class NamedLink:
    """A link with the names of both its ends."""

    id: int
    fan: int
    customer: int
    fan_name: str
    customer_name: str
    probability: float
    kinds: tuple[str, ...]
    state: str
    made_at: datetime
    decided_at: datetime | None
    decided_by: str


def fan_title(fan: int, name: str) -> str:
    """The fan's name, or their number where it is unknown or not to be seen."""
    return visible_name(name, fan_number(fan))


def customer_title(customer: int, name: str) -> str:
    """The customer's name, or their number where it is unknown or not to be seen."""
    return visible_name(name, customer_number(customer))


def fan_face(actor: Actor, engine: Engine, fan: int) -> Face:
    """A fan's card in short."""
    card = fan_card(actor, engine, fan)
    return Face(
        fan_title(fan, card.name),
        words.word(words.PLATFORMS, card.platform),
        reverse("fan", args=[fan]),
        best_facts(card.facts),
        ((_("known since"), written.day(card.recorded_at.date())),),
    )


def customer_face(actor: Actor, engine: Engine, customer: int) -> Face:
    """A customer's card in short."""
    card = customer_card(actor, engine, customer)
    return Face(
        customer_title(customer, card.name),
        card.account_name,
        reverse("customer", args=[customer]),
        best_facts(card.facts),
        _worth_in_short(card.worth),
    )


def best_facts(facts: Iterable[FactRow]) -> tuple[FaceFact, ...]:
    """The facts that are gone by."""
    found = (FaceFact(f.name, f.value, f.source, f.confidence) for f in facts if f.best)
    return tuple(islice(found, FACTS_SHOWN))


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Everything that sources say of one attribute, the word to go by first; ``disputed`` where they differ."""

    name: str
    disputed: bool
    sayings: tuple[FactRow, ...]


def fact_groups(facts: Iterable[FactRow]) -> list[FactGroup]:
    """The facts by attribute, so that sources that differ stand side by side."""
    grouped = groupby(facts, key=lambda fact: fact.name)
    found = ((name, tuple(sayings)) for name, sayings in grouped)
    return [FactGroup(name, any(fact.disputed for fact in sayings), sayings) for name, sayings in found]


def named_links(actor: Actor, rows: Sequence[LinkRow]) -> list[NamedLink]:
    """The links with the names that the actor may see."""
    fans = fan_names.names_of(actor, [row.fan for row in rows])
    customers = customer_names.names_of(actor, [row.customer for row in rows])
    return [
        NamedLink(
            row.id,
            row.fan,
            row.customer,
            fan_title(row.fan, fans.get(row.fan, "")),
            customer_title(row.customer, customers.get(row.customer, "")),
            row.probability,
            row.kinds,
            "made" if row.state == "proposed" and row.live_for_reward else row.state,
            row.made_at,
            row.decided_at,
            row.decided_by,
        )
        for row in rows
    ]


def _worth_in_short(worth: Worth | None) -> tuple[tuple[str, str], ...]:
    if worth is None:
        return ((_("orders"), "0"),)
    return (
        (_("orders"), written.number(worth.orders)),
        (_("last order"), written.day(worth.last_day)),
        (_("RFM"), f"{worth.r}{worth.f}{worth.m}"),
    )
