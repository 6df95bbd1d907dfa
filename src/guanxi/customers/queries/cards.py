"""One customer: what is known with sources, worth, and orders; and what share of customers is known at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from guanxi.customers.models import ContactKey, Customer
from guanxi.lake.engine import Engine
from guanxi.lake.lists import ordered_page, row_count
from guanxi.lake.named import sql
from guanxi.records.actor import Actor, Permission, require
from guanxi.records.databases import CUSTOMERS, raw
from guanxi.vocabulary.facts import FactRow, decode, fact_rows
from guanxi.vocabulary.reasons import Refused

_ROOM = "guanxi.customers"


@dataclass(frozen=True, slots=True)
class Worth:
    """Recency, frequency and money, with quintiles from 1 to 5."""

    customer: int
    recency_days: int
    frequency: int
    monetary: int
    r: int
    f: int
    m: int
    orders: int
    first_day: date
    last_day: date
    second_order_days: int | None


@dataclass(frozen=True, slots=True)
class CustomerCard:
    """What is known of a customer; ``name`` and ``number`` are empty for who may not see them.

    Attributes:
        contacts: kinds of contact that are known.
        worth: None for who never ordered.
    """

    customer: int
    account: int
    account_name: str
    platform: str
    name: str
    number: str
    recorded_at: datetime
    facts: tuple[FactRow, ...]
    contacts: tuple[str, ...]
    worth: Worth | None


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order or, with a negative amount, a refund."""

    id: int
    kind: str
    reference: str | None
    amount: int
    currency: str
    quantity: int | None
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class OrderPage:
    """One page of a customer's orders, latest first, and how many there are."""

    rows: tuple[OrderRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class CurrencyRow:
    """Orders and refunds in one currency: how many, of how many the customer is known, and their sum."""

    currency: str
    orders: int
    named: int
    amount: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of all there are can be seen; ``what`` is the name of a profile fact."""

    what: str
    seen: int
    whole: int

    @property
    def share(self) -> float | None:
        """Between 0 and 1; None where there are none."""
        return self.seen / self.whole if self.whole else None


def customer_card(actor: Actor, engine: Engine, customer: int) -> CustomerCard:
    """Everything on a customer's card; refused where there is no such customer."""
    require(actor, Permission.SEE_CUSTOMERS)
    one = Customer.objects.select_related("account").filter(pk=customer).first()
    if one is None:
        raise Refused("no_such_customer", str(customer))
    personal = actor.may(Permission.SEE_PERSONAL)
    kinds = ContactKey.objects.filter(ref=customer).values_list("kind", flat=True)
    worth = engine.ask(sql(_ROOM, "worth"), customer=customer).to_pylist()
    return CustomerCard(
        customer=customer,
        account=one.account_id,
        account_name=one.account.name,
        platform=one.account.platform,
        name=one.name if personal else "",
        number=one.number if personal else "",
        recorded_at=one.recorded_at,
        facts=facts_of(customer),
        contacts=tuple(sorted(set(kinds))),
        worth=Worth(**worth[0]) if worth else None,
    )


def facts_of(customer: int) -> tuple[FactRow, ...]:
    """Every source's word, the one to go by first."""
    row = raw(CUSTOMERS).execute("SELECT facts::text FROM customer WHERE id = %s", (customer,)).fetchone()
    return fact_rows(decode(row[0])) if row else ()


def orders_of(actor: Actor, engine: Engine, customer: int, offset: int = 0, limit: int = 50) -> OrderPage:
    """The customer's orders and refunds, latest first."""
    require(actor, Permission.SEE_CUSTOMERS)
    question, values = sql(_ROOM, "orders_of"), {"customer": customer}
    rows = ordered_page(engine, question, values, "-happened_at", {"happened_at"}, offset, limit, "id DESC")
    return OrderPage(tuple(OrderRow(**row) for row in rows), row_count(engine, question, values))


def currencies(actor: Actor, engine: Engine) -> tuple[CurrencyRow, ...]:
    """Orders by currency, the most frequent first."""
    require(actor, Permission.SEE_CUSTOMERS)
    rows = engine.ask(sql(_ROOM, "currencies")).to_pylist()
    return tuple(CurrencyRow(**row) for row in rows)


def coverage(actor: Actor, engine: Engine) -> tuple[Coverage, ...]:
    """Of how many customers each profile fact is known, the best known first."""
    require(actor, Permission.SEE_CUSTOMERS)
    whole = engine.ask("SELECT COUNT(*) AS n FROM customers.customer")["n"][0].as_py()
    rows = engine.ask(sql(_ROOM, "customer_coverage")).to_pylist()
    return tuple(Coverage(row["what"], row["seen"], whole) for row in rows)
