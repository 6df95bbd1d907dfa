"""Up to which moment a derived table knows: what its last swap was made from; nothing of what it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from guanxi.records.databases import alias_of, raw
from guanxi.vocabulary.ids import Side

# One step into the index for each table: what swaps leave behind grows with every refresh, and every page asks.
_LATEST = """
SELECT t.table_name, p.as_of, p.made_at
FROM lake.ducklake_table t CROSS JOIN LATERAL (
    SELECT l.as_of, l.made_at FROM lake.provenance l
    WHERE l.table_id = t.table_id ORDER BY l.snapshot_id DESC LIMIT 1
) p
WHERE t.end_snapshot IS NULL
"""
_OF_EACH = _LATEST + " ORDER BY t.table_name"
_OF_ONE = _LATEST + " AND t.table_name = %s"


@dataclass(frozen=True, slots=True)
class Freshness:
    """When a derived table was last swapped, and the moment up to which it knows."""

    side: Side
    table: str
    as_of: datetime | None
    made_at: datetime


def freshness() -> tuple[Freshness, ...]:
    """Every derived table that was ever made, by side and name."""
    return tuple(
        Freshness(side, *row) for side in Side for row in raw(alias_of(side)).execute(_OF_EACH).fetchall()
    )


def known_until(side: Side, table: str) -> datetime | None:
    """The moment up to which one derived table knows; None where it was never made."""
    row = raw(alias_of(side)).execute(_OF_ONE, (table,)).fetchone()
    return row[1] if row else None
