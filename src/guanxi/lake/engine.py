"""The analytic engine: DuckDB over the files that the three catalogs list, and nothing else.

Tables are named by side (``social.engagement``); values are bound, never written into the text.
A reader who may not see a side is refused every table that is of it or reveals it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from importlib.metadata import version
from types import TracebackType
from typing import Any

import duckdb
import pyarrow as pa
import sqlglot
from sqlglot import exp

from guanxi.lake import catalog
from guanxi.lake.catalog import Described, Provenance, StagedFile
from guanxi.lake.store import Lake, staged
from guanxi.lake.table import LakeTable, duckdb_type
from guanxi.records.databases import alias_of, raw, transaction
from guanxi.records.installation import Installation
from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.reasons import Refused

EVERYTHING = frozenset(Side)


class Engine:
    """One DuckDB connection that sees the lake; a context manager.

    Args:
        threads: how many it may use.
        memory: the most it may hold before it spills, in DuckDB's words.
        allowed: the sides that the reader may see.
    """

    def __init__(self, threads: int = 2, memory: str = "3GB", allowed: Iterable[Side] = EVERYTHING) -> None:
        self._allowed = frozenset(allowed)
        self._seen: dict[Side, int] = {}
        self._views: set[tuple[Side, str]] = set()
        spill = Installation.current().folder / "spill"
        self._connection = duckdb.connect(
            config={
                "threads": threads,
                "memory_limit": memory,
                "temp_directory": str(spill),
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
            }
        )
        self._connection.execute("SET TimeZone = 'UTC'")
        self._connection.execute("SET enable_progress_bar = false")
        for side in Side:
            self._connection.execute(f"CREATE SCHEMA {side.value}")

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """The engine holds no memory and no file."""
        self._connection.close()

    def offer(self, name: str, rows: pa.Table) -> None:
        """The Arrow table can be asked for under a bare name."""
        self._connection.register(name, rows)

    def ask(self, sql: str, **values: Any) -> pa.Table:
        """The answer as an Arrow table; values are bound to ``$name`` marks."""
        return self._run(sql, values).to_arrow_table()

    def ask_batches(self, sql: str, rows: int = 100_000, **values: Any) -> pa.RecordBatchReader:
        """The answer as a stream of record batches, for what does not fit in memory."""
        return self._run(sql, values).to_arrow_reader(rows)

    def _run(self, sql: str, values: Mapping[str, Any]) -> duckdb.DuckDBPyConnection:
        self._prepare(sql)
        return self._connection.execute(sql, dict(values)) if values else self._connection.execute(sql)

    def derive(self, table: LakeTable, sql: str, as_of: datetime | None = None, **values: Any) -> int:
        """The derived table holds exactly the answer, swapped in one transaction; says how many rows.

        Args:
            table: a derived table, whole or parted by its ``part`` column.
            sql: gives the table's columns by name.
            as_of: the moment the table speaks of, kept as provenance.
            values: bound to ``$name`` marks in the text.
        """
        self._prepare(sql)
        provenance = self.provenance(as_of)
        lake = Lake(table.side)
        if table.part is not None:
            files = self._write_parts(lake, table, sql, values)
        else:
            files = [f for f in [self._write(lake, table, sql, values)] if f.rows]
        with transaction(alias_of(table.side)) as connection:
            catalog.swap(connection, table.name, files, provenance)
        return sum(file.rows for file in files)

    def extend(self, table: LakeTable, rows: pa.Table, as_of: datetime | None = None) -> None:
        """The derived table has these rows too, which change none that it has."""
        with transaction(alias_of(table.side)) as connection:
            Lake(table.side).append(connection, table, rows, self.provenance(as_of))

    def provenance(self, as_of: datetime | None) -> Provenance:
        """What is made now is made from these snapshots by this code."""
        inputs = {side.value: seen for side, seen in self._seen.items()}
        return Provenance(version("guanxi"), as_of, inputs)

    def _write(self, lake: Lake, table: LakeTable, sql: str, values: Mapping[str, Any]) -> StagedFile:
        path = lake.new_path(table.name)
        columns = ", ".join(f'CAST("{n}" AS {duckdb_type(k)}) AS "{n}"' for n, k, _ in table.columns())
        numbered = ", ".join(f'"{n}": {i}' for i, (n, _, _) in enumerate(table.columns(), start=1))
        self._connection.execute(
            f"COPY (SELECT {columns} FROM ({sql.rstrip().rstrip(';')})) TO '{path}' "  # noqa: S608
            f"(FORMAT parquet, PARQUET_VERSION V2, COMPRESSION zstd, ROW_GROUP_SIZE {table.group_rows},"
            f" FIELD_IDS {{{numbered}}})",
            dict(values),
        )
        return staged(path)

    def _write_parts(
        self, lake: Lake, table: LakeTable, sql: str, values: Mapping[str, Any]
    ) -> list[StagedFile]:
        """One file a part; the answer must come ordered by the part column."""
        files: list[StagedFile] = []
        reader = self._run(sql, values).to_arrow_reader(table.group_rows)
        pending: dict[int, list[pa.Table]] = {}
        for batch in reader:
            rows = pa.Table.from_batches([batch])
            for value in rows[table.part].unique().to_pylist():
                pending.setdefault(value, []).append(rows.filter(pa.compute.equal(rows[table.part], value)))
        for value, pieces in sorted(pending.items()):
            files.append(lake.stage(table, pa.concat_tables(pieces), value))
        return files

    def _prepare(self, sql: str) -> None:
        for side, name in tables_in(sql):
            self._follow(side)
            if (side, name) not in self._views:
                self._view(side, name)

    def _follow(self, side: Side) -> None:
        """Views of a side are dropped when its catalog has moved on."""
        if side not in self._allowed:
            raise Refused("not_permitted", side.value)
        snapshot = catalog.current_snapshot(raw(alias_of(side)))
        if self._seen.get(side) != snapshot:
            self._views -= {view for view in self._views if view[0] is side}
            self._seen[side] = snapshot

    def _view(self, side: Side, name: str) -> None:
        connection = raw(alias_of(side))
        known = catalog.describe(connection, name)
        if known is None:
            raise Refused("no_such_lake_table", f"{side.value}.{name}")
        hidden = set(known.reveals) - {s.value for s in self._allowed}
        if hidden:
            raise Refused("not_permitted", ", ".join(sorted(hidden)))
        files = [str(path) for path in Lake(side).files(connection, name)]
        source = _reading(files) if files else _nothing(known)
        self._connection.execute(f'CREATE OR REPLACE VIEW {side.value}."{name}" AS {source}')
        self._views.add((side, name))


def _reading(files: list[str]) -> str:
    listed = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
    return f"SELECT * FROM read_parquet([{listed}])"  # noqa: S608


def _nothing(known: Described) -> str:
    columns = ", ".join(f'CAST(NULL AS {duckdb_type(kind)}) AS "{name}"' for name, kind in known.columns)
    return f"SELECT {columns} WHERE false"


@lru_cache(maxsize=512)
def tables_in(sql: str) -> tuple[tuple[Side, str], ...]:
    """The lake's tables that a question names, by side."""
    found = {
        (Side(table.db), table.name)
        for statement in sqlglot.parse(sql, read="duckdb")
        if statement is not None
        for table in statement.find_all(exp.Table)
        if table.db
    }
    return tuple(sorted(found))
