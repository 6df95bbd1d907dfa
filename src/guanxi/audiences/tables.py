"""What audiences keep in the lake: who is in which segment."""

from __future__ import annotations

import pyarrow as pa

from guanxi.lake.table import LakeTable
from guanxi.vocabulary.ids import Side

SEGMENT_MEMBER = LakeTable(
    Side.RELATIONSHIP,
    "segment_member",
    pa.schema([("segment", pa.int64()), ("identity", pa.int64())]),
    derived=True,
    part="segment",
    reveals=frozenset({Side.SOCIAL, Side.CUSTOMERS}),
)
