"""Turns heard activities into customers, contact keys and orders, in the transaction that is open.

Whatever the order, lateness or batching of activities, records come out the same. Social activities of a
mixed source are published for the social side and leave nothing here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.compute as pc

from guanxi.customers.customers import write_customers
from guanxi.customers.orders import numbered, order_rows
from guanxi.customers.tables import ORDERS
from guanxi.lake.store import Lake
from guanxi.listen.ports import Queue
from guanxi.listen.publish import publish
from guanxi.records.batches import column, digest_alone, plain_rows
from guanxi.records.contacts import ContactRow
from guanxi.records.databases import CUSTOMERS
from guanxi.records.keys import Contact, fan_key
from guanxi.records.portraits import gather
from guanxi.records.register import Register, find_accounts, reserve
from guanxi.vocabulary.activity import BUYING, EITHER, Kind
from guanxi.vocabulary.facts import read_traits
from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.platform import Platform

Connection = psycopg.Connection[Any]

_INBOX = Queue(CUSTOMERS)
_BUYING = pa.array(sorted(BUYING), pa.string())
_CONSENT = pa.array(sorted(EITHER), pa.string())


class CustomersDigest:
    """The consumer that makes the customers' records and facts.

    Args:
        pepper: the installation's secret under which people's keys are hashed.
        name: the cursor's name.
        queue: what it reads.
    """

    target = CUSTOMERS

    def __init__(self, pepper: bytes, name: str = "customers", queue: Queue = _INBOX) -> None:
        self.name = name
        self.queue = queue
        self._pepper = pepper
        self._customers = Register("customer", pepper)

    def apply(self, connection: Connection, rows: pa.Table) -> None:
        """Everything the activities tell of is in the records and the lake once the transaction commits."""
        ours = _ours(rows)
        publish(connection, "activities", rows.filter(pc.invert(ours)))
        activities = rows.filter(ours).combine_chunks()
        if not activities.num_rows:
            return
        recorded_at = digest_alone(connection)
        accounts, places = find_accounts(connection, activities)
        found = self._customers.find(connection, places, accounts, column(activities, "actor"))
        known = activities.append_column("customer", pa.array(found.ids)).filter(pa.array(found.ids != 0))
        write_customers(
            connection,
            self._pepper,
            found.newcomers,
            gather(_rows(known, Kind.RECORDED, ("customer", "platform", "happened_at", "traits"))),
            _fan_accounts(self._pepper, known),
        )
        orders = order_rows(activities, pa.array(accounts), found.ids, recorded_at)
        if orders.num_rows:
            orders = numbered(orders, reserve(connection, "orders_seq", orders.num_rows))
            Lake(Side.CUSTOMERS).append(connection, ORDERS, orders)
        consents = known.filter(pc.is_in(known["kind"], _CONSENT)).rename_columns({"customer": "ref"})
        publish(connection, "consent", consents.select(_CONSENT_COLUMNS))


def _ours(rows: pa.Table) -> pa.ChunkedArray:
    """Whatever tells of buying, and what a shop's customers allow; what fans allow is the social side's."""
    of_shop = pc.and_(pc.is_in(rows["kind"], _CONSENT), pc.equal(rows["platform"], Platform.SHOP.value))
    return pc.or_(pc.is_in(rows["kind"], _BUYING), of_shop)


_CONSENT_COLUMNS = ["ref", "key", "kind", "happened_at", "reference", "traits"]


def _rows(activities: pa.Table, kind: Kind, names: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    return plain_rows(activities.filter(pc.equal(activities["kind"], kind.value)), names)


def _fan_accounts(pepper: bytes, activities: pa.Table) -> Iterator[ContactRow]:
    """The fan accounts through which customers ordered, as contact keys."""
    told = activities.filter(pc.fill_null(pc.match_substring(activities["traits"], "through_fan"), False))
    for customer, written in _rows(told, Kind.ORDERED, ("customer", "traits")):
        traits = read_traits(written)
        place = [traits.get(name) for name in ("through_platform", "through_account", "through_fan")]
        if all(isinstance(part, str) and part for part in place):
            yield customer, Contact.FAN_ACCOUNT.value, fan_key(pepper, *map(str, place))
