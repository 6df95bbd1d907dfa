"""Turns a batch of activities into the lake's orders; refunds are negative whatever a source writes."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from guanxi.customers.tables import ORDERS
from guanxi.records.batches import days, known_ids
from guanxi.records.register import Ids
from guanxi.vocabulary.activity import Kind

_MONEY = pa.array([Kind.ORDERED, Kind.REFUNDED], pa.string())


def order_rows(activities: pa.Table, accounts: pa.Array, customers: Ids, recorded_at: datetime) -> pa.Table:
    """The orders and refunds among the activities, still without ids.

    Args:
        activities: in `ACTIVITY_SCHEMA`.
        accounts: the account of each.
        customers: whose it is, 0 for somebody who cannot be named.
        recorded_at: when we learnt of them.
    """
    moments = activities["happened_at"]
    table = pa.table(
        {
            "customer": known_ids(customers),
            "account": accounts,
            "kind": activities["kind"],
            "reference": activities["reference"],
            "amount": _signed(activities),
            "currency": pc.fill_null(activities["currency"], ""),
            "quantity": activities["quantity"],
            "happened_at": moments,
            "day": days(moments),
            "recorded_at": pa.repeat(pa.scalar(recorded_at, pa.timestamp("us", tz="UTC")), len(moments)),
        }
    )
    return table.filter(pc.is_in(table["kind"], _MONEY))


def numbered(rows: pa.Table, first: int) -> pa.Table:
    """The rows under ids counted up from ``first``, in the columns of the lake's table."""
    ids = pa.array(np.arange(first, first + rows.num_rows, dtype=np.int64))
    return rows.add_column(0, "id", ids).select(ORDERS.schema.names)


def _signed(activities: pa.Table) -> pa.ChunkedArray:
    amounts = pc.fill_null(activities["amount"], 0)
    refunded = pc.equal(activities["kind"], Kind.REFUNDED.value)
    return pc.if_else(refunded, pc.negate(pc.abs(amounts)), amounts)
