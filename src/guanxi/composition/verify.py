"""Checks what Guanxi promises, invariant by invariant, and remembers when each was last seen to hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from guanxi.composition.rebuild import compare_with_rebuild
from guanxi.correlation import invariants as correlation
from guanxi.lake.engine import Engine
from guanxi.lake.store import Lake
from guanxi.loyalty import invariants as loyalty
from guanxi.outreach import invariants as outreach
from guanxi.records.databases import CUSTOMERS, RELATIONSHIP, SOCIAL, alias_of, raw, transaction
from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.progress import SILENT, Progress

# One statement sees one moment, so that the sum is right while activities keep arriving.
_COUNTED = """
SELECT (SELECT coalesce(sum(activities), 0) FROM heard)::bigint,
    (SELECT coalesce(sum(activities), 0) FROM consumer_cursor WHERE name = %(name)s)::bigint,
    (SELECT coalesce(sum(i.activities), 0) FROM inbox i WHERE NOT EXISTS (
        SELECT FROM consumer_cursor c WHERE c.name = %(name)s AND (i.xid, i.seq) <= (c.xid, c.seq)))::bigint
"""
_LISTED = """
SELECT t.table_name, t.path || f.path, f.record_count, f.file_size_bytes
FROM lake.ducklake_data_file f JOIN lake.ducklake_table t ON t.table_id = f.table_id
WHERE f.end_snapshot IS NULL ORDER BY 1, 2
"""
_MISCOUNTED = """
SELECT t.table_name FROM lake.ducklake_table t JOIN lake.ducklake_table_stats s ON s.table_id = t.table_id
LEFT JOIN lake.ducklake_data_file f ON f.table_id = t.table_id AND f.end_snapshot IS NULL
WHERE t.end_snapshot IS NULL GROUP BY t.table_name, s.record_count
HAVING s.record_count <> coalesce(sum(f.record_count), 0) ORDER BY 1
"""
_FACTS = (("social.engagement", "id"), ("customers.orders", "id"))


@dataclass(frozen=True, slots=True)
class Check:
    """One invariant: whether it holds, and what was looked at or what breaks it."""

    name: str
    holds: bool
    detail: str


def verify(rebuild: bool = False, tell: Progress = SILENT) -> list[Check]:
    """Every invariant was checked, and Health shows the outcome."""
    checks: list[Check] = []
    looks: list[Callable[[], Iterator[Check]]] = [_inboxes, _files, _facts, _rooms]
    if rebuild:
        looks.append(_derived)
    tell.begin("verify", len(looks))
    for look in looks:
        checks.extend(look())
        tell.advance()
    tell.end()
    _remember(checks)
    return checks


def _inboxes() -> Iterator[Check]:
    """What was accepted is what consumers have applied and what still waits."""
    for alias in (SOCIAL, CUSTOMERS):
        row = raw(alias).execute(_COUNTED, {"name": alias}).fetchone()
        assert row is not None
        heard, applied, waiting = row
        detail = f"{heard:,} accepted = {applied:,} applied + {waiting:,} waiting"
        yield Check(f"{alias}_counted_once", heard == applied + waiting, detail)


def _files() -> Iterator[Check]:
    """Every file that a catalog lists is there, whole, and none is missing from the list."""
    for side in Side:
        folder = Lake(side).folder
        with transaction(alias_of(side)) as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            listed = connection.execute(_LISTED).fetchall()
            miscounted = [name for (name,) in connection.execute(_MISCOUNTED)]
        broken = [path for _, path, rows, size in listed if not _whole(folder / path, rows, size)]
        detail = ", ".join([*broken, *(f"{name} lists other rows than it counts" for name in miscounted)])
        yield Check(f"{side.value}_files_whole", not detail, detail or f"{len(listed)} files")


def _whole(file: Path, rows: int, size: int) -> bool:
    try:
        return file.stat().st_size == size and pq.read_metadata(file).num_rows == rows
    except (OSError, pa.ArrowException):
        return False


def _facts() -> Iterator[Check]:
    """No fact is in the lake twice."""
    for table, key in _FACTS:
        name = f"{table.replace('.', '_')}_once"
        try:
            with Engine() as engine:
                question = f"SELECT count(*) AS n, count(DISTINCT {key}) AS keys FROM {table}"  # noqa: S608
                row = engine.ask(question).to_pylist()[0]
        except duckdb.Error:
            yield Check(name, False, f"{table} cannot be read")
            continue
        doubled = row["n"] - row["keys"]
        yield Check(name, not doubled, f"{doubled:,} twice" if doubled else f"{row['n']:,} facts")


def _rooms() -> Iterator[Check]:
    """What each room promises of its own tables."""
    for room in (correlation, loyalty, outreach):
        broken = room.broken()
        name = room.__name__.split(".")[1]
        detail = "; ".join(str(b) for b in broken) or ", ".join(room.PROMISES)
        yield Check(f"{name}_promises", not broken, detail)


def _derived() -> Iterator[Check]:
    """Every derived table equals its own rebuild."""
    try:
        found = compare_with_rebuild()
    except duckdb.Error as error:
        yield Check("derived_equal_rebuild", False, str(error).splitlines()[0])
        return
    detail = ", ".join(found.differing) or f"{found.compared} tables"
    yield Check("derived_equal_rebuild", not found.differing, detail)


def _remember(checks: list[Check]) -> None:
    with transaction(RELATIONSHIP) as connection, connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO verification (name, holds, detail, checked_at) VALUES (%s, %s, %s, now()) "
            "ON CONFLICT (name) DO UPDATE SET holds = excluded.holds, detail = excluded.detail, "
            "checked_at = excluded.checked_at",
            [(c.name, c.holds, c.detail) for c in checks],
        )
