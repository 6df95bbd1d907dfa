"""What it costs to remember which activities were heard: disk and time a key, as the memory grows.

A scale is how many keys are remembered, half of them in the older table; then 100,000 new and 100,000 repeated
activities are accepted. Disk grows with the number of keys; of PostgreSQL's memory no more than its shared
buffers is ever used, and the door keeps nothing: beyond the buffers, a key costs a read of its page.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import pyarrow as pa

from guanxi.cli.opening import opened
from guanxi.vocabulary.activity import ACTIVITY_SCHEMA
from guanxi.vocabulary.progress import Progress

SCALES = (1_000_000, 10_000_000)
AT_ONCE = 10_000
ASKED = 100_000
_FILL = (
    "INSERT INTO {table} SELECT md5(n::text)::uuid FROM generate_series(%s::bigint, %s::bigint) AS n "
    "ON CONFLICT DO NOTHING"
)


def run(scale: int, folder: Path, tell: Progress) -> dict[str, int]:
    """So many keys are remembered, and some more were offered; says bytes a key and activities a second."""
    with opened(folder / "installation", create=True, tell=tell):
        from guanxi.records.databases import SOCIAL, conninfo

        with psycopg.connect(conninfo(SOCIAL), autocommit=True) as connection:
            tell.begin("remember")
            for table, first, last in (("seen_odd", 1, scale // 2), ("seen_even", scale // 2 + 1, scale)):
                connection.execute(_FILL.format(table=table).encode(), (first, last))
            connection.execute("CHECKPOINT") if _may_checkpoint(connection) else None
            tell.end()
            disk = _bytes(connection)
            rng = np.random.default_rng(1)
            new = [rng.bytes(16) for _ in range(ASKED)]
            counts = {"bytes a key on disk": round(disk / scale), "MB on disk": disk // 2**20}
            counts["of 10^8 keys, extrapolated, MB"] = round(disk / scale * 10**8) // 2**20
            counts["new activities/s"] = _offered(connection, new, tell, "new", ASKED)
            counts["repeated activities/s"] = _offered(connection, new, tell, "repeated", 0)
        return counts


def _may_checkpoint(connection: psycopg.Connection[Any]) -> bool:
    row = connection.execute("SELECT pg_has_role('pg_checkpoint', 'member')").fetchone()
    return bool(row and row[0])


def _bytes(connection: psycopg.Connection[Any]) -> int:
    row = connection.execute(
        "SELECT pg_total_relation_size('seen_even') + pg_total_relation_size('seen_odd')"
    ).fetchone()
    assert row is not None
    return int(row[0])


def _offered(
    connection: psycopg.Connection[Any], keys: list[bytes], tell: Progress, step: str, expected: int
) -> int:
    from guanxi.listen.accept import accept

    tell.begin(step)
    began, accepted = time.monotonic(), 0
    for start in range(0, len(keys), AT_ONCE):
        with connection.transaction():
            accepted += accept(connection, "bench", _activities(keys[start : start + AT_ONCE])).accepted
    seconds = time.monotonic() - began
    tell.end()
    if accepted != expected:
        raise SystemExit(f"{step}: {accepted:,} accepted, not {expected:,}")
    return round(len(keys) / seconds)


def _activities(keys: list[bytes]) -> pa.Table:
    said = {"key": keys, "kind": ["liked"] * len(keys), "platform": ["web"] * len(keys)}
    said |= {"account": ["main"] * len(keys), "actor": ["ann"] * len(keys)}
    said |= {"happened_at": [1_790_000_000_000_000] * len(keys)}
    columns = [pa.array(said.get(field.name, [None] * len(keys)), field.type) for field in ACTIVITY_SCHEMA]
    return pa.Table.from_arrays(columns, schema=ACTIVITY_SCHEMA)
