"""What influence derives into the social side's lake: ties with their evidence, weights, communities."""

from __future__ import annotations

import pyarrow as pa

from guanxi.lake.table import LakeTable
from guanxi.vocabulary.ids import Side


def _derived(name: str, columns: list[tuple[str, pa.DataType]]) -> LakeTable:
    schema = pa.schema([pa.field(n, t, nullable=False) for n, t in columns])
    return LakeTable(Side.SOCIAL, name, schema, derived=True)


TIE = _derived(
    "tie",
    [
        ("influencer", pa.int64()),
        ("influenced", pa.int64()),
        ("platform", pa.string()),
        ("successes", pa.int64()),
        ("opportunities", pa.int64()),
        ("first_day", pa.date32()),
        ("last_day", pa.date32()),
        ("probability", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
    ],
)

WEIGHT = _derived(
    "weight",
    [
        ("fan", pa.int64()),
        ("platform", pa.string()),
        ("weight", pa.float64()),
        ("direct", pa.int64()),
        ("second", pa.int64()),
        ("band", pa.string()),
    ],
)

COMMUNITY = _derived("community", [("fan", pa.int64()), ("community", pa.int32()), ("size", pa.int32())])

TABLES = (TIE, WEIGHT, COMMUNITY)
