"""Checks what Guanxi promises, invariant by invariant, and remembers when each was last seen to hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pyarrow.parquet as pq

from guanxi.composition.rebuild import differing_tables
from guanxi.correlation import invariants as correlation
from guanxi.lake.engine import Engine
from guanxi.lake.store import Lake
from guanxi.loyalty import invariants as loyalty
from guanxi.outreach import invariants as outreach
from guanxi.records.databases import CUSTOMERS, RELATIONSHIP, SOCIAL, alias_of, raw, transaction
from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.progress import SILENT, Progress


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
    for alias, name in ((SOCIAL, "social"), (CUSTOMERS, "customers")):
        heard = _one(alias, "SELECT coalesce(sum(activities), 0)::bigint FROM heard")
        applied = _one(
            alias, "SELECT coalesce(sum(activities), 0)::bigint FROM consumer_cursor WHERE name = %s", name
        )
        waiting = _one(
            alias,
            "SELECT coalesce(sum(activities), 0)::bigint FROM inbox i LEFT JOIN consumer_cursor c ON c.name = %s "
            "WHERE c.name IS NULL OR (i.xid, i.seq) > (c.xid, c.seq)",
            name,
        )
        detail = f"{heard:,} accepted = {applied:,} applied + {waiting:,} waiting"
        yield Check(f"{name}_counted_once", heard == applied + waiting, detail)


def _files() -> Iterator[Check]:
    """Every file that a catalog lists is there, whole."""
    for side in Side:
        rows = raw(alias_of(side)).execute(
            "SELECT t.table_name, f.path, f.record_count FROM lake.ducklake_data_file f "
            "JOIN lake.ducklake_table t ON t.table_id = f.table_id WHERE f.end_snapshot IS NULL"
        )
        folder, listed, broken = Lake(side).folder, 0, []
        for name, path, count in rows.fetchall():
            listed += 1
            file = folder / name / path
            if not file.exists() or pq.read_metadata(file).num_rows != count:
                broken.append(f"{name}/{path}")
        yield Check(f"{side.value}_files_whole", not broken, ", ".join(broken) or f"{listed} files")


def _facts() -> Iterator[Check]:
    """No fact is in the lake twice."""
    with Engine() as engine:
        for table in ("social.engagement", "customers.orders"):
            row = engine.ask(f"SELECT count(*) AS n, count(DISTINCT id) AS ids FROM {table}").to_pylist()[0]  # noqa: S608
            yield Check(f"{table.replace('.', '_')}_once", row["n"] == row["ids"], f"{row['n']:,} facts")


def _rooms() -> Iterator[Check]:
    """What each room promises of its own tables."""
    for room in (correlation, loyalty, outreach):
        broken = room.broken()
        name = room.__name__.split(".")[1]
        detail = "; ".join(str(b) for b in broken) or ", ".join(room.PROMISES)
        yield Check(f"{name}_promises", not broken, detail)


def _derived() -> Iterator[Check]:
    """Every derived table equals its own rebuild."""
    differing, compared = differing_tables()
    yield Check("derived_equal_rebuild", not differing, ", ".join(differing) or f"{compared} tables")


def _one(alias: str, question: str, *values: object) -> int:
    row = raw(alias).execute(question, values).fetchone()
    assert row is not None
    return int(row[0])


def _remember(checks: list[Check]) -> None:
    with transaction(RELATIONSHIP) as connection, connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO verification (name, holds, detail, checked_at) VALUES (%s, %s, %s, now()) "
            "ON CONFLICT (name) DO UPDATE SET holds = excluded.holds, detail = excluded.detail, "
            "checked_at = excluded.checked_at",
            [(c.name, c.holds, c.detail) for c in checks],
        )
