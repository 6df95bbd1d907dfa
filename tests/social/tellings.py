"""Activities in a line each."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

import pyarrow as pa

from guanxi.vocabulary.activity import ACTIVITY_SCHEMA

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
Told = dict[str, Any]
_numbers = count(1)


def told(kind: str, actor: str, happened_at: datetime = NOON, **more: Any) -> Told:
    """One activity on the brand's WeChat account, unless it says otherwise."""
    row: Told = {name: None for name in ACTIVITY_SCHEMA.names}
    row.update(
        key=next(_numbers).to_bytes(16, "big"), kind=kind, platform="wechat", account="brand", actor=actor
    )
    row.update(happened_at=happened_at, **more)
    return row


def table(*rows: Told) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=ACTIVITY_SCHEMA)
