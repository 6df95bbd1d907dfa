"""Turns a batch of activities into rows of the lake's engagements; pure columns, no names."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from guanxi.records.batches import days, known_ids
from guanxi.records.register import Ids
from guanxi.social.tables import ENGAGEMENT
from guanxi.vocabulary.activity import EITHER, Kind

_RECORDS = (Kind.IDENTIFIED, Kind.PUBLISHED, Kind.TAGGED, Kind.UNTAGGED, Kind.REVOKED, Kind.NOTED)
_NO_ENGAGEMENT = pa.array([*_RECORDS, *sorted(EITHER)], pa.string())


def engagement_rows(
    activities: pa.Table,
    accounts: pa.Array,
    fans: Ids,
    throughs: Ids,
    contents: Ids,
    recorded_at: datetime,
) -> pa.Table:
    """The engagements among the activities, still without ids and with the traits they came with.

    Args:
        activities: in `ACTIVITY_SCHEMA`, social kinds only.
        accounts: the account of each.
        fans: who did it, 0 for somebody who cannot be named.
        throughs: whose share moved them, 0 for nobody's.
        contents: what it was about, 0 for nothing known.
        recorded_at: when we learnt of them.
    """
    moments = activities["happened_at"]
    table = pa.table(
        {
            "fan": known_ids(fans),
            "account": accounts,
            "platform": activities["platform"],
            "kind": activities["kind"],
            "content": known_ids(contents),
            "through": known_ids(throughs),
            "campaign": activities["campaign"],
            "reference": activities["reference"],
            "happened_at": moments,
            "day": days(moments),
            "recorded_at": pa.repeat(pa.scalar(recorded_at, pa.timestamp("us", tz="UTC")), len(moments)),
            "traits": activities["traits"],
        }
    )
    return table.filter(pc.invert(pc.is_in(table["kind"], _NO_ENGAGEMENT)))


def numbered(rows: pa.Table, first: int) -> pa.Table:
    """The rows under ids counted up from ``first``, in the columns of the lake's table and with their traits."""
    ids = pa.array(np.arange(first, first + rows.num_rows, dtype=np.int64))
    return rows.add_column(0, "id", ids).select([*ENGAGEMENT.schema.names, "traits"])
