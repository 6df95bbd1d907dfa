"""What the digests of both sides do with a batch of activities: columns, days, plain rows, and the lock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import psycopg
import pyarrow as pa
from numpy.typing import NDArray

_LOCK = 0x64696765
_DAY_MICROSECONDS = 86_400_000_000


def digest_alone(connection: psycopg.Connection[Any]) -> datetime:
    """No other digest of this database runs until the transaction ends; says what time it is there."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
    row = connection.execute("SELECT clock_timestamp()").fetchone()
    assert row is not None
    moment: datetime = row[0]
    return moment


def column(activities: pa.Table, name: str) -> pa.Array:
    """A column in one piece."""
    joined: pa.Array = pa.concat_arrays(activities[name].chunks)
    return joined


def plain_rows(activities: pa.Table, names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """The rows as tuples of plain values."""
    return zip(*(activities[name].to_pylist() for name in names), strict=True)


def days(moments: pa.ChunkedArray) -> pa.Array:
    """The UTC day of each moment, before 1970 too."""
    micros = moments.cast(pa.int64()).to_numpy()
    return pa.array(np.floor_divide(micros, _DAY_MICROSECONDS).astype(np.int32), pa.date32())


def known_ids(ids: NDArray[np.int64]) -> pa.Array:
    """The ids, null where they are 0."""
    return pa.array(ids, mask=ids == 0)
