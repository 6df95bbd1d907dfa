"""The files of one side's lake: made durable first, then listed in the caller's transaction.

A file that a crash left unlisted is swept; a file that was replaced stays readable for a while.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from guanxi.lake import catalog
from guanxi.lake.catalog import Provenance, StagedFile
from guanxi.lake.table import LakeTable, with_field_ids
from guanxi.records.installation import Installation
from guanxi.vocabulary.ids import Side

_STEP_BITS = 32  # narrower numbers are few, and shorter in a dictionary
ORPHAN_SECONDS = 3600
REPLACED_SECONDS = 900

Connection = psycopg.Connection[Any]


class Lake:
    """One side's lake in the current installation."""

    def __init__(self, side: Side) -> None:
        self.side = side
        self.folder = Installation.current().lake_folder(side) / "main"

    def new_path(self, name: str) -> Path:
        """A path for a new file of a table; nothing is there yet."""
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{uuid.uuid4()}.parquet"

    def stage(self, table: LakeTable, rows: pa.Table, part: int | None = None) -> StagedFile:
        """The rows are in a durable file that no catalog lists yet."""
        path = self.new_path(table.name)
        schema = with_field_ids(table.schema)
        ordered = rows.select(table.schema.names).cast(table.schema).cast(schema)
        pq.write_table(ordered, path, row_group_size=table.group_rows, **_packed(schema))
        return staged(path, part)

    def append(
        self,
        connection: Connection,
        table: LakeTable,
        rows: pa.Table,
        provenance: Provenance | None = None,
    ) -> None:
        """The rows belong to the table once the caller's transaction commits.

        A derived table is only appended to where its new rows change none that it has; it then says, also where
        there are none, from what it was made.
        """
        if rows.num_rows or provenance is not None:
            staged = [self.stage(table, rows)] if rows.num_rows else []
            catalog.append(connection, table.name, staged, provenance)

    def swap(
        self,
        connection: Connection,
        table: LakeTable,
        rows: pa.Table,
        provenance: Provenance | None = None,
        parts: Sequence[int] | None = None,
    ) -> None:
        """The table, or the named parts of it, hold exactly the rows once the caller's transaction commits.

        Args:
            connection: an open transaction on the side's database.
            table: with ``part`` set where ``parts`` are given.
            rows: the whole new content of the table or of those parts.
            provenance: from what the rows were made.
            parts: the part values that are replaced; one without rows ends empty.
        """
        files = [self.stage(table, piece, part) for part, piece in _pieces(table, rows)]
        catalog.swap(connection, table.name, files, provenance, parts)

    def files(self, connection: Connection, name: str) -> list[Path]:
        """The files that make up a table now, in the order they were listed."""
        return [path for _, path in self._listed(connection, name)]

    def every_file(self, connection: Connection) -> list[Path]:
        """The files that the catalog lists now or listed before and has not yet forgotten."""
        return [self.folder / path for (path,) in self._all_paths(connection)]

    def compact(self, connection: Connection, table: LakeTable, small_bytes: int = 64 << 20) -> int:
        """Small files are one file with the same rows in the same order; says how many were joined."""
        listed = [(i, p) for i, p in self._listed(connection, table.name) if p.stat().st_size < small_bytes]
        if len(listed) < 2 or table.part is not None:
            return 0
        path = self.new_path(table.name)
        schema = with_field_ids(table.schema)
        with pq.ParquetWriter(path, schema, **_packed(schema)) as writer:
            for _, old in listed:
                for batch in pq.ParquetFile(old).iter_batches(table.group_rows):
                    writer.write_table(pa.Table.from_batches([batch]).cast(schema))
        catalog.swap(connection, table.name, [staged(path)], None, only=[i for i, _ in listed])
        return len(listed)

    def forget_replaced(self, connection: Connection, seconds: float = REPLACED_SECONDS) -> list[Path]:
        """Files replaced longer ago are no longer listed; the caller removes them after its commit."""
        rows = connection.execute(
            "DELETE FROM lake.ducklake_data_file f USING lake.ducklake_snapshot s, lake.ducklake_table t "
            "WHERE s.snapshot_id = f.end_snapshot AND t.table_id = f.table_id "
            "AND s.snapshot_time < now() - make_interval(secs => %s) "
            "RETURNING f.data_file_id, t.path || f.path",
            (seconds,),
        ).fetchall()
        connection.execute(
            "DELETE FROM lake.ducklake_file_partition_value WHERE data_file_id = ANY(%s)",
            ([i for i, _ in rows],),
        )
        return [self.folder / path for _, path in rows]

    def sweep(self, connection: Connection, seconds: float = ORPHAN_SECONDS) -> list[Path]:
        """Files that no catalog lists and that are older than that are gone; says which they were."""
        listed = set(self.every_file(connection))
        oldest = time.time() - seconds
        orphans = [
            p for p in self.folder.glob("*/*.parquet") if p not in listed and p.stat().st_mtime < oldest
        ]
        for path in orphans:
            path.unlink()
        return orphans

    def _listed(self, connection: Connection, name: str) -> list[tuple[int, Path]]:
        rows = connection.execute(
            "SELECT f.data_file_id, f.path FROM lake.ducklake_data_file f "
            "JOIN lake.ducklake_table t ON t.table_id = f.table_id AND t.end_snapshot IS NULL "
            "WHERE t.table_name = %s AND f.end_snapshot IS NULL ORDER BY f.row_id_start, f.data_file_id",
            (name,),
        ).fetchall()
        return [(i, self.folder / name / path) for i, path in rows]

    @staticmethod
    def _all_paths(connection: Connection) -> Iterable[tuple[str]]:
        return connection.execute(
            "SELECT t.path || f.path FROM lake.ducklake_data_file f "
            "JOIN lake.ducklake_table t ON t.table_id = f.table_id"
        )


def staged(path: Path, part: int | None = None) -> StagedFile:
    """The file is on the disk for good, and here is what the catalog must know of it."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        file.seek(-8, os.SEEK_END)
        footer = int.from_bytes(file.read(4), "little")
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return StagedFile(path.name, pq.read_metadata(path).num_rows, path.stat().st_size, footer, part)


def _packed(schema: pa.Schema) -> dict[str, Any]:
    """Ids, days and moments lie as steps from one to the next: half the bytes, and half the work of reading them."""
    stepped = [f.name for f in schema if pa.types.is_integer(f.type) or pa.types.is_temporal(f.type)]
    wide = [name for name in stepped if schema.field(name).type.bit_width >= _STEP_BITS]
    return {
        "compression": "zstd",
        "use_dictionary": [name for name in schema.names if name not in wide],
        "column_encoding": dict.fromkeys(wide, "DELTA_BINARY_PACKED"),
    }


def _pieces(table: LakeTable, rows: pa.Table) -> Iterator[tuple[int | None, pa.Table]]:
    if table.part is None:
        if rows.num_rows:
            yield None, rows
        return
    for value in pc.unique(rows[table.part]).to_pylist():
        yield value, rows.filter(pc.equal(rows[table.part], value))
