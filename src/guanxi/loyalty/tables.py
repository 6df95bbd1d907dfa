"""What rooms above and segments ask of loyalty: points and tier of everyone who is a member, in the lake."""

from __future__ import annotations

import pyarrow as pa

from guanxi.lake.table import LakeTable
from guanxi.vocabulary.ids import Side

LOYALTY = LakeTable(
    Side.RELATIONSHIP,
    "loyalty",
    pa.schema(
        [
            pa.field("person", pa.int64(), nullable=False),
            pa.field("identity", pa.int64(), nullable=False),
            pa.field("love", pa.int64(), nullable=False),
            pa.field("spend", pa.int64(), nullable=False),
            pa.field("tier", pa.string()),
        ]
    ),
    derived=True,
    reveals=frozenset({Side.SOCIAL, Side.CUSTOMERS}),
)

TABLES = (LOYALTY,)
