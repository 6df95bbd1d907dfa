"""The mirrors of links and persons in the lake: the only bridge by which rooms above join the two sides."""

from __future__ import annotations

import pyarrow as pa

from guanxi.lake.table import LakeTable
from guanxi.vocabulary.ids import Side

_BOTH = frozenset({Side.SOCIAL, Side.CUSTOMERS})

LINK = LakeTable(
    Side.RELATIONSHIP,
    "link",
    pa.schema(
        [
            pa.field("fan", pa.int64(), nullable=False),
            pa.field("customer", pa.int64(), nullable=False),
            pa.field("purpose", pa.string(), nullable=False),
            pa.field("probability", pa.float64(), nullable=False),
            pa.field("state", pa.string(), nullable=False),
        ]
    ),
    derived=True,
    reveals=_BOTH,
)

PERSON = LakeTable(
    Side.RELATIONSHIP,
    "person",
    pa.schema(
        [
            pa.field("purpose", pa.string(), nullable=False),
            pa.field("person", pa.int64(), nullable=False),
            pa.field("identity", pa.int64(), nullable=False),
        ]
    ),
    derived=True,
    reveals=_BOTH,
)

TABLES = (LINK, PERSON)
