"""Purchases in a line each."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

import pyarrow as pa

from guanxi.vocabulary.activity import ACTIVITY_SCHEMA

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
Bought = dict[str, Any]
_numbers = count(1)


def bought(
    kind: str, actor: str, amount: int | None = None, happened_at: datetime = NOON, **more: Any
) -> Bought:
    """One activity in the brand's shop, unless it says otherwise."""
    row: Bought = {name: None for name in ACTIVITY_SCHEMA.names}
    row.update(
        key=next(_numbers).to_bytes(16, "big"), kind=kind, platform="shop", account="till", actor=actor
    )
    row.update(happened_at=happened_at, amount=amount, currency="CNY" if amount is not None else None, **more)
    return row


def table(*rows: Bought) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=ACTIVITY_SCHEMA)
