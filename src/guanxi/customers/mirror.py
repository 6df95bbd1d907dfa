"""Mirrors customers and their facts into the lake: by key, or whole at first and after much news.

Names, numbers and contacts stay behind. A mirror made by key equals one made from nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from guanxi.customers.tables import CUSTOMER, CUSTOMER_FACT
from guanxi.lake.engine import Engine
from guanxi.lake.named import sql
from guanxi.records.changes import forget_changes, read_changes
from guanxi.records.columns import copy_columns
from guanxi.records.databases import CUSTOMERS, raw
from guanxi.vocabulary.progress import Progress

WHOLE_FROM = 200_000

_ROOM = "guanxi.customers"
_CUSTOMER = pa.schema([CUSTOMER.schema.field(i) for i in range(2)])
_FACT = pa.schema(
    [
        ("customer", pa.int64()),
        ("name", pa.string()),
        ("value", pa.string()),
        ("source", pa.string()),
        ("confidence", pa.float64()),
        ("stated_at", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class MirrorReport:
    """How many rows the mirrors hold, and for how many customers the records were read."""

    customers: int
    facts: int
    customers_read: int


def refresh_mirror(engine: Engine, as_of: datetime, tell: Progress, whole: bool = False) -> MirrorReport:
    """The mirrors say what the records say; a first day is that of an order up to ``as_of``.

    Made by key after little news, unless ``whole`` asks for all of it.
    """
    tell.begin("mirror_customers", 2)
    connection = raw(CUSTOMERS)
    changes = read_changes(connection, "customer_change", "customer")
    held = engine.ask("SELECT COUNT(*) AS n FROM customers.customer")["n"][0].as_py()
    whole = whole or held == 0 or len(changes.refs) >= WHOLE_FROM
    clause, wanted = ("", ()) if whole else (" WHERE c.id = ANY(%s)", (changes.refs.to_pylist(),))
    read = copy_columns(connection, _READ_CUSTOMERS + clause, _CUSTOMER, wanted)
    engine.offer("read_customer", read)
    engine.offer("changed_customer", pa.table({"customer": changes.refs}))
    engine.offer("read_fact", copy_columns(connection, _READ_FACTS + clause, _FACT, wanted))
    customers = engine.derive(CUSTOMER, sql(_ROOM, "customer"), as_of, whole=whole, until=as_of)
    tell.advance()
    facts = engine.derive(CUSTOMER_FACT, sql(_ROOM, "customer_fact"), as_of, whole=whole)
    forget_changes(connection, "customer_change", changes)
    tell.advance()
    tell.end()
    return MirrorReport(customers, facts, read.num_rows)


_READ_CUSTOMERS = "SELECT c.id, c.account_id FROM customer c"
_READ_FACTS = (
    "SELECT c.id, x.name, x.value, x.source, x.confidence, x.at FROM customer c CROSS JOIN LATERAL"
    " jsonb_to_recordset(c.facts) AS x(name text, value text, source text, confidence float8, at text)"
)
