"""Which customers a list is about, and their names for those who may see them."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pyarrow as pa

from guanxi.customers.models import Customer
from guanxi.lake.engine import Engine
from guanxi.records.actor import Actor, Permission

SEARCHED_MAX = 1_000


def offer_customers(engine: Engine, customers: Iterable[int]) -> None:
    """The customers can be joined as ``wanted_customer``."""
    refs = pa.array(sorted(set(customers)), pa.int64())
    engine.offer("wanted_customer", pa.table({"customer": refs}))


def names_of(actor: Actor, customers: Collection[int]) -> dict[int, str]:
    """The customers' names; empty for somebody who may not see names."""
    if not (actor.may(Permission.SEE_CUSTOMERS) and actor.may(Permission.SEE_PERSONAL)):
        return {}
    return dict(Customer.objects.filter(pk__in=customers).values_list("id", "name"))


def found(actor: Actor, text: str) -> list[int]:
    """Customers by id; by their account's number or part of a name too for those who may see names."""
    wanted = text.replace("\x00", "")
    by_id = [int(wanted)] if wanted.isdecimal() and len(wanted) < 19 else []
    if not actor.may(Permission.SEE_PERSONAL):
        return by_id
    numbered = Customer.objects.filter(number=wanted).values_list("id", flat=True)
    named = Customer.objects.filter(name__icontains=wanted).values_list("id", flat=True)
    return [*by_id, *numbered[:SEARCHED_MAX], *named[:SEARCHED_MAX]]
