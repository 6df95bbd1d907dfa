"""What outreach keeps in the lake: the leash's verdict for each person of a campaign, and deliveries."""

from __future__ import annotations

import pyarrow as pa

from guanxi.lake.table import LakeTable
from guanxi.vocabulary.ids import Side

_MOMENT = pa.timestamp("us", tz="UTC")

CAMPAIGN_PERSON = LakeTable(
    Side.RELATIONSHIP,
    "campaign_person",
    pa.schema(
        [
            pa.field("campaign", pa.int64(), nullable=False),
            pa.field("person", pa.int64(), nullable=False),
            pa.field("identity", pa.int64(), nullable=False),
            pa.field("verdict", pa.string(), nullable=False),
            pa.field("reasons", pa.string(), nullable=False),
            pa.field("until", _MOMENT),
            pa.field("holdout", pa.bool_(), nullable=False),
            pa.field("zone", pa.string(), nullable=False),
            pa.field("planned_at", _MOMENT, nullable=False),
        ]
    ),
    derived=True,
    part="campaign",
    reveals=frozenset({Side.SOCIAL, Side.CUSTOMERS}),
)
DELIVERY = LakeTable(
    Side.RELATIONSHIP,
    "delivery",
    pa.schema(
        [
            pa.field("campaign", pa.int64(), nullable=False),
            pa.field("person", pa.int64(), nullable=False),
            pa.field("identity", pa.int64(), nullable=False),
            pa.field("platform", pa.string(), nullable=False),
            pa.field("channel", pa.string(), nullable=False),
            pa.field("state", pa.string(), nullable=False),
            pa.field("reserved_at", _MOMENT, nullable=False),
            pa.field("sent_at", _MOMENT),
        ]
    ),
    derived=True,
)
