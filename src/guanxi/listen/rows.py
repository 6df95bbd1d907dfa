"""Activities on their way from a desk to an inbox: rows by the names of `ACTIVITY_SCHEMA`, and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

import pyarrow as pa

from guanxi.vocabulary.activity import ACTIVITY_SCHEMA

Row = dict[str, Any]


def as_table(rows: Sequence[Row]) -> pa.Table:
    """The rows as a table of activities; what a row does not name is null."""
    columns = _columns(rows)
    arrays = [
        pa.array(columns[field.name], field.type)
        if field.name in columns
        else pa.nulls(len(rows), field.type)
        for field in ACTIVITY_SCHEMA
    ]
    return pa.Table.from_arrays(arrays, schema=ACTIVITY_SCHEMA)


def _columns(rows: Sequence[Row]) -> dict[str, Sequence[Any]]:
    """The values by name; rows of one shape, which are the many, are turned without a loop of ours."""
    named = tuple(rows[0]) if rows else ()
    if len(named) > 1 and all(row.keys() == rows[0].keys() for row in rows):
        return dict(zip(named, zip(*map(itemgetter(*named), rows), strict=True), strict=True))
    return {name: [row.get(name) for row in rows] for name in set().union(*rows)}
