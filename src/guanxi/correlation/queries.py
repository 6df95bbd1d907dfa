"""What doors show of links: lists, one link with its evidence, who is one person, and their coverage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet

from guanxi.correlation.evidence import Step, from_rows, waterfall
from guanxi.correlation.models import Link, PersonMember
from guanxi.correlation.purposes import THRESHOLDS, LinkState, Purpose, lives
from guanxi.lake.engine import Engine
from guanxi.lake.named import sql
from guanxi.records.actor import Actor, Permission, require
from guanxi.vocabulary.ids import Side, identity
from guanxi.vocabulary.reasons import Refused

_SORTS = {"id", "probability", "made_at", "decided_at"}
_SURE = THRESHOLDS[Purpose.REWARD]
STANDINGS: dict[str, Q] = {
    "all": Q(),
    "open": Q(state=LinkState.PROPOSED, probability__gt=0, probability__lt=_SURE),
    "automatic": Q(state=LinkState.PROPOSED, probability__gte=_SURE),
    "confirmed": Q(state=LinkState.CONFIRMED),
    "undone": Q(state=LinkState.UNDONE),
}


@dataclass(frozen=True)
class LinkRow:
    """A link as lists show it; `new_evidence`: kinds that were not there when it was undone."""

    id: int
    fan: int
    customer: int
    state: str
    probability: float
    kinds: tuple[str, ...]
    live_for_contact: bool
    live_for_reward: bool
    made_at: datetime
    decided_by: str
    decided_at: datetime | None
    reason: str
    new_evidence: bool


@dataclass(frozen=True)
class LinkDetail:
    """A link and the waterfall of its evidence."""

    row: LinkRow
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class LinkPage:
    """One page of a list, and how many rows the list has."""

    rows: tuple[LinkRow, ...]
    total: int


@dataclass(frozen=True)
class Coverage:
    """How many of all there are the links reach; ``share`` is None where there are none."""

    what: str
    currency: str | None
    total: int
    linked: int

    @property
    def share(self) -> float | None:
        """Between 0 and 1."""
        return self.linked / self.total if self.total > 0 else None


def links(
    actor: Actor,
    standing: str = "all",
    kind: str = "",
    fan: int | None = None,
    customer: int | None = None,
    sort: str = "-probability",
    offset: int = 0,
    limit: int = 50,
) -> LinkPage:
    """The links of a standing (a key of `STANDINGS`), optionally only those with a kind of evidence.

    ``sort`` is id, probability, made_at or decided_at, with a leading minus for descending.
    """
    require(actor, Permission.SEE_LINKS)
    if standing not in STANDINGS or sort.removeprefix("-") not in _SORTS:
        raise Refused("filter_unknown", f"{standing}, {sort}")
    rows = Link.objects.filter(STANDINGS[standing])
    if kind:
        rows = rows.filter(evidence__contains=[{"kind": kind}])
    if fan is not None:
        rows = rows.filter(fan=fan)
    if customer is not None:
        rows = rows.filter(customer=customer)
    shown = _ordered(rows, sort)[offset : offset + min(limit, 500)]
    return LinkPage(tuple(_row(link) for link in shown), rows.count())


def link(actor: Actor, link_id: int) -> LinkDetail:
    """One link with the steps of its evidence."""
    require(actor, Permission.SEE_LINKS)
    found = Link.objects.filter(pk=link_id).first()
    if found is None:
        raise Refused("no_such_link", str(link_id))
    return LinkDetail(_row(found), waterfall(from_rows(found.evidence)))


def links_of(actor: Actor, side: Side, ref: int) -> tuple[LinkRow, ...]:
    """Every link of a fan or a customer, likeliest first."""
    chosen = {"fan": ref} if side is Side.SOCIAL else {"customer": ref}
    return links(actor, **chosen, limit=500).rows  # type: ignore[arg-type]


def person_of(actor: Actor, side: Side, ref: int, purpose: Purpose) -> tuple[int, ...]:
    """The identity codes of whoever this fan or customer is, ascending; at least its own."""
    require(actor, Permission.SEE_LINKS)
    code = identity(side, ref)
    own = PersonMember.objects.filter(purpose=purpose, identity=code).values_list("person", flat=True)
    codes = PersonMember.objects.filter(purpose=purpose, person__in=own).values_list("identity", flat=True)
    return tuple(sorted(codes)) or (code,)


def standings(actor: Actor) -> dict[str, int]:
    """How many links there are of each standing."""
    require(actor, Permission.SEE_LINKS)
    return {name: Link.objects.filter(chosen).count() for name, chosen in STANDINGS.items()}


def coverage(actor: Actor, engine: Engine, purpose: Purpose = Purpose.CONTACT) -> tuple[Coverage, ...]:
    """What share of fans, customers and revenue (by currency, net of refunds) is linked."""
    require(actor, Permission.SEE_LINKS)
    answer = engine.ask(sql("guanxi.correlation", "coverage"), purpose=purpose.value)
    return tuple(Coverage(**row) for row in answer.to_pylist())


def _ordered(rows: QuerySet[Link], sort: str) -> QuerySet[Link]:
    column = F(sort.removeprefix("-"))
    first = column.desc(nulls_last=True) if sort.startswith("-") else column.asc(nulls_last=True)
    return rows.order_by(first, "id")


def _row(one: Link) -> LinkRow:
    kinds = tuple(str(each["kind"]) for each in one.evidence)
    return LinkRow(
        id=one.pk,
        fan=one.fan,
        customer=one.customer,
        state=one.state,
        probability=one.probability,
        kinds=kinds,
        live_for_contact=lives(one.state, one.probability, Purpose.CONTACT),
        live_for_reward=lives(one.state, one.probability, Purpose.REWARD),
        made_at=one.made_at,
        decided_by=one.decided_by,
        decided_at=one.decided_at,
        reason=one.reason,
        new_evidence=one.state == LinkState.UNDONE and bool(set(kinds) - set(one.refused_kinds)),
    )
