from __future__ import annotations

import pyarrow as pa

from guanxi.correlation.queries import coverage
from guanxi.correlation.refresh import refresh_links
from guanxi.customers import tables as customers_tables
from guanxi.lake import catalog
from guanxi.lake.store import Lake
from guanxi.records.actor import SYSTEM
from guanxi.records.databases import CUSTOMERS, SOCIAL, transaction
from guanxi.social import tables as social_tables
from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.progress import SILENT


def rows_for(table, *rows):
    return pa.Table.from_pylist(
        [{f.name: row.get(f.name) for f in table.schema} for row in rows], table.schema
    )


def test_coverage_counts_fans_customers_and_net_revenue(engine, fan_keys, customer_keys, now):
    fan_keys((1, "phone", "136"), (2, "phone", "x"))
    customer_keys((5, "phone", "136"), (6, "phone", "y"))
    refresh_links(engine, now, SILENT)
    day = now.date()
    order = {
        "account": 1,
        "kind": "ordered",
        "currency": "CNY",
        "happened_at": now,
        "day": day,
        "recorded_at": now,
    }
    with transaction(SOCIAL) as connection:
        catalog.declare(connection, social_tables.TABLES)
        fan = {"account": 1, "platform": "echo", "first_day": day, "last_day": day}
        mirrored = rows_for(social_tables.FAN, *({"fan": f, **fan} for f in (1, 2, 3, 4)))
        Lake(Side.SOCIAL).swap(connection, social_tables.FAN, mirrored)
    with transaction(CUSTOMERS) as connection:
        catalog.declare(connection, customers_tables.TABLES)
        mirrored = rows_for(
            customers_tables.CUSTOMER, *({"customer": c, "account": 1, "first_day": day} for c in (5, 6))
        )
        Lake(Side.CUSTOMERS).swap(connection, customers_tables.CUSTOMER, mirrored)
        orders = [
            {"id": 1, "customer": 5, "amount": 1000, **order},
            {"id": 2, "customer": 5, "amount": -250, **{**order, "kind": "refunded"}},
            {"id": 3, "customer": 6, "amount": 250, **order},
        ]
        Lake(Side.CUSTOMERS).append(
            connection, customers_tables.ORDERS, rows_for(customers_tables.ORDERS, *orders)
        )
    seen = {row.what: (row.total, row.linked, row.share) for row in coverage(SYSTEM, engine)}
    assert seen == {"customers": (2, 1, 0.5), "fans": (4, 1, 0.25), "revenue": (1000, 750, 0.75)}
