"""Activities on their way from a desk to an inbox: rows by the names of `ACTIVITY_SCHEMA`, and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from guanxi.vocabulary.activity import ACTIVITY_SCHEMA

Row = dict[str, Any]


def as_table(rows: Sequence[Row]) -> pa.Table:
    """The rows as a table of activities; what a row does not name is null."""
    named = set().union(*rows)
    columns = [
        pa.array([row.get(field.name) for row in rows], field.type)
        if field.name in named
        else pa.nulls(len(rows), field.type)
        for field in ACTIVITY_SCHEMA
    ]
    return pa.Table.from_arrays(columns, schema=ACTIVITY_SCHEMA)
