"""What a digest passes on to other databases, written in the transaction of its effects."""

from __future__ import annotations

from typing import Any

import psycopg
import pyarrow as pa

from guanxi.listen.parcel import pack


def publish(connection: psycopg.Connection[Any], topic: str, rows: pa.Table) -> None:
    """The rows wait for the consumers of the topic once the caller's transaction commits."""
    if rows.num_rows:
        connection.execute(
            "INSERT INTO published (topic, source, activities, body) VALUES (%s, '', %s, %b)",
            (topic, rows.num_rows, pack(rows)),
        )
