"""Reads and writes the DuckLake 1.0 catalog, always inside the caller's transaction.

Every change is one new snapshot; changes of one catalog queue on an advisory lock that the transaction holds.
Column statistics are left out: Parquet's own footers prune as well, and a wrong one would hide rows.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from guanxi.lake.snapshot import Connection, Snapshot
from guanxi.lake.table import LakeTable
from guanxi.vocabulary.reasons import Refused


@dataclass(frozen=True, slots=True)
class StagedFile:
    """A durable Parquet file that no catalog lists yet."""

    path: str
    rows: int
    size: int
    footer: int
    part: int | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """From what a derived table was made."""

    code_version: str
    as_of: datetime | None = None
    inputs: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Described:
    """A table as the catalog knows it."""

    table_id: int
    columns: tuple[tuple[str, str], ...]
    reveals: tuple[str, ...]
    partition_id: int | None


def current_snapshot(connection: Connection) -> int:
    """The newest snapshot that this transaction sees."""
    row = connection.execute("SELECT max(snapshot_id) FROM lake.ducklake_snapshot").fetchone()
    assert row is not None
    return int(row[0])


def declare(connection: Connection, tables: Iterable[LakeTable]) -> None:
    """The catalog lists every table with its columns.

    A derived table whose columns changed starts anew, empty; a table of facts that changed is refused.
    """
    for table in tables:
        known = describe(connection, table.name)
        if known is not None and _same(known, table):
            continue
        if known is not None and not table.derived:
            raise Refused("lake_table_changed", f"{table.side}.{table.name}")
        _create(connection, table, known)


def _same(known: Described, table: LakeTable) -> bool:
    columns = tuple((name, kind) for name, kind, _ in table.columns())
    return known.columns == columns and set(known.reveals) == {side.value for side in table.reveals}


def describe(connection: Connection, name: str) -> Described | None:
    """The table's columns and tags, or None where the catalog has no such table."""
    row = connection.execute(
        "SELECT t.table_id, p.partition_id FROM lake.ducklake_table t "
        "LEFT JOIN lake.ducklake_partition_info p ON p.table_id = t.table_id AND p.end_snapshot IS NULL "
        "WHERE t.table_name = %s AND t.end_snapshot IS NULL",
        (name,),
    ).fetchone()
    if row is None:
        return None
    columns = connection.execute(
        "SELECT column_name, column_type FROM lake.ducklake_column "
        "WHERE table_id = %s AND end_snapshot IS NULL ORDER BY column_order",
        (row[0],),
    ).fetchall()
    tags = connection.execute(
        "SELECT value FROM lake.ducklake_tag "
        "WHERE object_id = %s AND key = 'reveals' AND end_snapshot IS NULL",
        (row[0],),
    ).fetchall()
    return Described(row[0], tuple((n, k) for n, k in columns), tuple(v for (v,) in tags), row[1])


def _create(connection: Connection, table: LakeTable, replaced: Described | None) -> None:
    snapshot = Snapshot.open(connection)
    if replaced is not None:
        _drop(connection, snapshot, replaced)
    table_id = snapshot.take_catalog_ids(2)
    partition_id = table_id + 1
    connection.execute(
        "INSERT INTO lake.ducklake_table VALUES (%s, %s, %s, NULL, 0, %s, %s, true)",
        (table_id, uuid.uuid4(), snapshot.number, table.name, f"{table.name}/"),
    )
    for order, (name, kind, nullable) in enumerate(table.columns(), start=1):
        connection.execute(
            "INSERT INTO lake.ducklake_column VALUES "
            "(%s, %s, NULL, %s, %s, %s, %s, NULL, 'NULL', %s, NULL, 'literal', 'duckdb')",
            (order, snapshot.number, table_id, order, name, kind, nullable),
        )
        if name == table.part:
            connection.execute(
                "INSERT INTO lake.ducklake_partition_info VALUES (%s, %s, %s, NULL)",
                (partition_id, table_id, snapshot.number),
            )
            connection.execute(
                "INSERT INTO lake.ducklake_partition_column VALUES (%s, %s, 0, %s, 'identity')",
                (partition_id, table_id, order),
            )
    for side in sorted(table.reveals):
        connection.execute(
            "INSERT INTO lake.ducklake_tag VALUES (%s, %s, NULL, 'reveals', %s)",
            (table_id, snapshot.number, side.value),
        )
    connection.execute("INSERT INTO lake.ducklake_table_stats VALUES (%s, 0, 0, 0)", (table_id,))
    snapshot.commit([f'created_table:"main"."{table.name}"'], new_schema_of=table_id)


def _drop(connection: Connection, snapshot: Snapshot, replaced: Described) -> None:
    for name, key in (
        *(("table", "table_id"), ("column", "table_id"), ("data_file", "table_id")),
        *(("partition_info", "table_id"), ("tag", "object_id")),
    ):
        connection.execute(
            f"UPDATE lake.ducklake_{name} SET end_snapshot = %s WHERE {key} = %s AND end_snapshot IS NULL",  # noqa: S608
            (snapshot.number, replaced.table_id),
        )


def append(
    connection: Connection, name: str, staged: Sequence[StagedFile], provenance: Provenance | None = None
) -> int:
    """The files belong to the table from the returned snapshot on; a derived one says from what they were made."""
    snapshot = Snapshot.open(connection)
    known = _known(connection, name)
    _list_files(connection, snapshot, known, staged)
    _note(connection, snapshot, known, provenance)
    snapshot.commit([f"inserted_into_table:{known.table_id}"])
    return snapshot.number


def swap(
    connection: Connection,
    name: str,
    staged: Sequence[StagedFile],
    provenance: Provenance | None,
    parts: Sequence[int] | None = None,
    only: Sequence[int] | None = None,
) -> int:
    """The table consists of the new files alone, from the returned snapshot on.

    Args:
        connection: an open transaction on the table's database.
        name: the table's.
        staged: what replaces; may be empty.
        provenance: from what a derived table was made.
        parts: replace only these values of the table's part column.
        only: replace only these data file ids (compaction).
    """
    snapshot = Snapshot.open(connection)
    known = _known(connection, name)
    ended = _end_files(connection, snapshot, known, parts, only)
    connection.execute(
        "UPDATE lake.ducklake_table_stats SET record_count = record_count - %s, "
        "file_size_bytes = file_size_bytes - %s WHERE table_id = %s",
        (*ended, known.table_id),
    )
    _list_files(connection, snapshot, known, staged)
    _note(connection, snapshot, known, provenance)
    snapshot.commit([f"deleted_from_table:{known.table_id}", f"inserted_into_table:{known.table_id}"])
    return snapshot.number


def _note(
    connection: Connection, snapshot: Snapshot, known: Described, provenance: Provenance | None
) -> None:
    if provenance is not None:
        connection.execute(
            "INSERT INTO lake.provenance (table_id, snapshot_id, as_of, code_version, inputs) "
            "VALUES (%s, %s, %s, %s, %s)",
            (
                *(known.table_id, snapshot.number, provenance.as_of),
                *(provenance.code_version, json.dumps(provenance.inputs)),
            ),
        )


def _end_files(
    connection: Connection,
    snapshot: Snapshot,
    known: Described,
    parts: Sequence[int] | None,
    only: Sequence[int] | None,
) -> tuple[int, int]:
    condition, bound = "", [snapshot.number, known.table_id]
    if parts is not None:
        condition = (
            " AND EXISTS (SELECT 1 FROM lake.ducklake_file_partition_value v "
            "WHERE v.data_file_id = f.data_file_id AND v.partition_value = ANY(%s))"
        )
        bound.append([str(part) for part in parts])  # type: ignore[arg-type]
    if only is not None:
        condition += " AND f.data_file_id = ANY(%s)"
        bound.append(list(only))  # type: ignore[arg-type]
    row = connection.execute(
        "WITH ended AS (UPDATE lake.ducklake_data_file f SET end_snapshot = %s "  # noqa: S608
        f"WHERE f.table_id = %s AND f.end_snapshot IS NULL{condition} "
        "RETURNING record_count, file_size_bytes) SELECT coalesce(sum(record_count), 0)::bigint, "
        "coalesce(sum(file_size_bytes), 0)::bigint, count(*) FROM ended",
        bound,
    ).fetchone()
    assert row is not None
    if only is not None and row[2] != len(only):
        raise Refused("lake_files_changed", str(known.table_id))
    return row[0], row[1]


def _known(connection: Connection, name: str) -> Described:
    known = describe(connection, name)
    if known is None:
        raise Refused("no_such_lake_table", name)
    return known


def _list_files(
    connection: Connection, snapshot: Snapshot, known: Described, staged: Sequence[StagedFile]
) -> None:
    row = connection.execute(
        "SELECT next_row_id FROM lake.ducklake_table_stats WHERE table_id = %s", (known.table_id,)
    ).fetchone()
    assert row is not None
    next_row = row[0]
    for file in staged:
        file_id = snapshot.take_file_id()
        connection.execute(
            "INSERT INTO lake.ducklake_data_file VALUES "
            "(%s, %s, %s, NULL, NULL, %s, true, 'parquet', %s, %s, %s, %s, %s, NULL, NULL, NULL)",
            (
                *(
                    file_id,
                    known.table_id,
                    snapshot.number,
                    file.path,
                    file.rows,
                    file.size,
                    file.footer,
                    next_row,
                ),
                known.partition_id if file.part is not None else None,
            ),
        )
        if file.part is not None:
            connection.execute(
                "INSERT INTO lake.ducklake_file_partition_value VALUES (%s, %s, 0, %s)",
                (file_id, known.table_id, str(file.part)),
            )
        next_row += file.rows
    connection.execute(
        "UPDATE lake.ducklake_table_stats SET record_count = record_count + %s, next_row_id = %s, "
        "file_size_bytes = file_size_bytes + %s WHERE table_id = %s",
        (sum(f.rows for f in staged), next_row, sum(f.size for f in staged), known.table_id),
    )
