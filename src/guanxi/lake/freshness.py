"""Up to which moment a derived table knows: what its last swap was made from; nothing of what it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from guanxi.records.databases import alias_of, raw
from guanxi.vocabulary.ids import Side

_LATEST = """
SELECT DISTINCT ON (t.table_name) t.table_name, p.as_of, p.made_at
FROM lake.provenance p JOIN lake.ducklake_table t ON t.table_id = p.table_id
WHERE t.end_snapshot IS NULL ORDER BY t.table_name, p.snapshot_id DESC
"""


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
        Freshness(side, *row) for side in Side for row in raw(alias_of(side)).execute(_LATEST).fetchall()
    )


def known_until(side: Side, table: str) -> datetime | None:
    """The moment up to which one derived table knows; None where it was never made."""
    return next((f.as_of for f in freshness() if (f.side, f.table) == (side, table)), None)
