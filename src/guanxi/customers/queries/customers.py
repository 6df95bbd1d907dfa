"""Lists of customers, the RFM grid and the rows behind its cells, and how many came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from guanxi.customers.queries.asking import found, names_of, offer_customers
from guanxi.lake.engine import Engine
from guanxi.lake.lists import ordered_page, row_count
from guanxi.lake.named import sql
from guanxi.records.actor import Actor, Permission, require

SORTS = frozenset(
    {
        "customer",
        "recency_days",
        "frequency",
        "monetary",
        "orders",
        "first_day",
        "last_day",
        "second_order_days",
    }
)
_ROOM = "guanxi.customers"


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer as lists show it; RFM is None for who never ordered, ``name`` empty for who may not see it."""

    customer: int
    account: int
    recency_days: int | None
    frequency: int | None
    monetary: int | None
    r: int | None
    f: int | None
    m: int | None
    orders: int | None
    first_day: date | None
    last_day: date | None
    second_order_days: int | None
    name: str = ""


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """One page of a list, and how many rows the list has."""

    rows: tuple[CustomerRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class CustomerFilter:
    """Which customers; empty values leave all in.

    Attributes:
        r: recency quintile, 0 for any; ``f`` and ``m`` likewise.
        slipping: only those who came often and have stayed away (r at most 2, f at least 4).
        account: the id of the account, 0 for any.
        text: a number, part of a name, or an id.
    """

    r: int = 0
    f: int = 0
    m: int = 0
    slipping: bool = False
    account: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class RfmCell:
    """One cell of the grid: how many customers, and what they brought in the smallest unit."""

    r: int
    f: int
    customers: int
    monetary: int


@dataclass(frozen=True, slots=True)
class Repeat:
    """How many of all who ordered came back on a later day.

    Attributes:
        customers: who ever ordered.
        returned: who ordered again on a later day.
        median_days: days to the second order of those who returned, None where nobody did.
        by_days: (days, customers) of those who returned.
    """

    customers: int
    returned: int
    median_days: int | None
    by_days: tuple[tuple[int, int], ...]

    @property
    def rate(self) -> float | None:
        """Between 0 and 1; None where nobody ever ordered."""
        return self.returned / self.customers if self.customers else None


def customers(
    actor: Actor,
    engine: Engine,
    chosen: CustomerFilter = CustomerFilter(),
    sort: str = "-monetary",
    offset: int = 0,
    limit: int = 50,
) -> CustomerPage:
    """The customers of a filter; ``sort`` is one of `SORTS`, with a leading minus for descending."""
    require(actor, Permission.SEE_CUSTOMERS)
    offer_customers(engine, found(actor, chosen.text) if chosen.text else ())
    values: dict[str, Any] = {
        "r": chosen.r,
        "f": chosen.f,
        "m": chosen.m,
        "slipping": chosen.slipping,
        "account": chosen.account,
        "named": bool(chosen.text),
    }
    question = sql(_ROOM, "customer_list")
    rows = ordered_page(engine, question, values, sort, SORTS, offset, limit, "customer")
    names = names_of(actor, [row["customer"] for row in rows])
    shown = tuple(CustomerRow(**row, name=names.get(row["customer"], "")) for row in rows)
    return CustomerPage(shown, row_count(engine, question, values))


def rfm_grid(actor: Actor, engine: Engine) -> tuple[RfmCell, ...]:
    """All 25 cells of recency by frequency, empty ones too; the rows behind one are `customers` with its r and f."""
    require(actor, Permission.SEE_CUSTOMERS)
    filled = {(row["r"], row["f"]): RfmCell(**row) for row in engine.ask(sql(_ROOM, "rfm_grid")).to_pylist()}
    return tuple(filled.get((r, f), RfmCell(r, f, 0, 0)) for r in range(1, 6) for f in range(1, 6))


def repeat(actor: Actor, engine: Engine) -> Repeat:
    """How many came back, and after how many days."""
    require(actor, Permission.SEE_CUSTOMERS)
    rows = [(row["days"], row["customers"]) for row in engine.ask(sql(_ROOM, "repeat")).to_pylist()]
    by_days = tuple((days, n) for days, n in rows if days is not None)
    returned = sum(n for _, n in by_days)
    return Repeat(sum(n for _, n in rows), returned, _median(by_days, returned), by_days)


def _median(by_days: tuple[tuple[int, int], ...], total: int) -> int | None:
    """The lower median of a counted list."""
    passed = 0
    for days, n in by_days:
        passed += n
        if passed * 2 >= total:
            return days
    return None
