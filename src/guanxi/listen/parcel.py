"""Parcels: record batches on their way, as Arrow IPC with zstd."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

PARCEL_ROWS = 50_000
_OPTIONS = pa.ipc.IpcWriteOptions(compression="zstd")


def pack(rows: pa.Table) -> bytes:
    """The rows as bytes."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema, options=_OPTIONS) as writer:
        writer.write_table(rows)
    return bytes(sink.getvalue())


def unpack(bodies: Iterable[bytes]) -> pa.Table:
    """All rows of some parcels, in order, in one table."""
    return pa.concat_tables([pa.ipc.open_stream(body).read_all() for body in bodies])
