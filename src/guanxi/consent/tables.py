"""Consent's mirrors in the lake, for questions about many people at once."""

from __future__ import annotations

import pyarrow as pa

from guanxi.consent.words import CONSENTS, FOLLOWS
from guanxi.lake.table import LakeTable
from guanxi.vocabulary.ids import Side

CONSENT = LakeTable(
    Side.RELATIONSHIP, "consent", pa.schema([f for f in CONSENTS if f.name != "source"]), derived=True
)
FOLLOWING = LakeTable(Side.RELATIONSHIP, "following", FOLLOWS, derived=True)
SUPPRESSED = LakeTable(
    Side.RELATIONSHIP,
    "suppressed",
    pa.schema([pa.field("identity", pa.int64(), nullable=False)]),
    derived=True,
)
NO_PROFILING = LakeTable(
    Side.RELATIONSHIP,
    "no_profiling",
    pa.schema([pa.field("identity", pa.int64(), nullable=False)]),
    derived=True,
)
