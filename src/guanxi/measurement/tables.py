"""Measurement's marts in the lake: the crosswalk, the Pareto curves, the arms of campaigns and of invitations."""

from __future__ import annotations

import pyarrow as pa

from guanxi.lake.table import LakeTable
from guanxi.vocabulary.ids import Side

_BOTH = frozenset({Side.SOCIAL, Side.CUSTOMERS})

CROSSWALK = LakeTable(
    Side.RELATIONSHIP,
    "crosswalk",
    pa.schema(
        [
            ("band", pa.string()),
            ("rfm_class", pa.string()),
            ("currency", pa.string()),
            ("people", pa.int64()),
            ("fans", pa.int64()),
            ("customers", pa.int64()),
            ("money", pa.int64()),
        ]
    ),
    derived=True,
    reveals=_BOTH,
)
PARETO = LakeTable(
    Side.RELATIONSHIP,
    "pareto",
    pa.schema(
        [
            ("curve", pa.string()),
            ("currency", pa.string()),
            ("percent", pa.int32()),
            ("units", pa.int64()),
            ("amount", pa.int64()),
        ]
    ),
    derived=True,
    reveals=_BOTH,
)
CAMPAIGN_ARM = LakeTable(
    Side.RELATIONSHIP,
    "campaign_arm",
    pa.schema(
        [
            ("campaign", pa.int64()),
            ("held", pa.int32()),
            ("window_days", pa.int32()),
            ("currency", pa.string()),
            ("people", pa.int64()),
            ("responders", pa.int64()),
            ("buyers", pa.int64()),
            ("visible", pa.int64()),
            ("money", pa.int64()),
            ("money_squares", pa.decimal128(38, 0)),
            ("planned_last", pa.timestamp("us", tz="UTC")),
            ("until", pa.timestamp("us", tz="UTC")),
        ]
    ),
    derived=True,
    reveals=_BOTH,
)

SHARE_TRIAL = LakeTable(
    Side.RELATIONSHIP,
    "share_trial",
    pa.schema(
        [
            ("trial", pa.int64()),
            ("percent", pa.int32()),
            ("content", pa.int64()),
            ("platform", pa.string()),
            ("invited", pa.int32()),
            ("closed", pa.int32()),
            ("brought", pa.int64()),
            ("viewers", pa.int64()),
            ("passed_on", pa.int64()),
            ("engaged", pa.int64()),
            ("first_drawn", pa.timestamp("us", tz="UTC")),
            ("until", pa.timestamp("us", tz="UTC")),
        ]
    ),
    derived=True,
    reveals=frozenset({Side.SOCIAL}),
)

TABLES = (CROSSWALK, PARETO, CAMPAIGN_ARM, SHARE_TRIAL)
