"""What the customers side keeps in the lake: orders, mirrors of its records, and its marts."""

from __future__ import annotations

import pyarrow as pa

from guanxi.lake.table import LakeTable
from guanxi.vocabulary.ids import Side

_MOMENT = pa.timestamp("us", tz="UTC")


def _table(name: str, columns: list[tuple[str, pa.DataType]], derived: bool = True) -> LakeTable:
    return LakeTable(Side.CUSTOMERS, name, pa.schema([pa.field(n, t) for n, t in columns]), derived)


ORDERS = _table(
    "orders",
    [
        ("id", pa.int64()),
        ("customer", pa.int64()),
        ("account", pa.int32()),
        ("kind", pa.string()),
        ("reference", pa.string()),
        ("amount", pa.int64()),
        ("currency", pa.string()),
        ("quantity", pa.int32()),
        ("happened_at", _MOMENT),
        ("day", pa.date32()),
        ("recorded_at", _MOMENT),
    ],
    derived=False,
)
CUSTOMER = _table(
    "customer",
    [("customer", pa.int64()), ("account", pa.int32()), ("first_day", pa.date32())],
)
CUSTOMER_FACT = _table(
    "customer_fact",
    [
        ("customer", pa.int64()),
        ("name", pa.string()),
        ("value", pa.string()),
        ("source", pa.string()),
        ("confidence", pa.float64()),
        ("best", pa.bool_()),
    ],
)
RFM = _table(
    "rfm",
    [
        ("customer", pa.int64()),
        ("recency_days", pa.int32()),
        ("frequency", pa.int32()),
        ("monetary", pa.int64()),
        ("r", pa.int16()),
        ("f", pa.int16()),
        ("m", pa.int16()),
        ("orders", pa.int32()),
        ("first_day", pa.date32()),
        ("last_day", pa.date32()),
        ("second_order_days", pa.int32()),
    ],
)

TABLES = (ORDERS, CUSTOMER, CUSTOMER_FACT, RFM)
