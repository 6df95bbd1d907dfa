"""What a room declares of a table in the lake: its side, name, columns, and whom it reveals."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa

from guanxi.vocabulary.ids import Side

GROUP_ROWS = 122_880

_LAKE_TYPES = {
    "int64": "int64",
    "int32": "int32",
    "int16": "int16",
    "int8": "int8",
    "double": "float64",
    "float": "float32",
    "bool": "boolean",
    "string": "varchar",
    "large_string": "varchar",
    "binary": "blob",
    "date32[day]": "date",
    "timestamp[us, tz=UTC]": "timestamptz",
}
_DUCKDB_TYPES = {
    "int64": "BIGINT",
    "int32": "INTEGER",
    "int16": "SMALLINT",
    "int8": "TINYINT",
    "float64": "DOUBLE",
    "float32": "FLOAT",
    "boolean": "BOOLEAN",
    "varchar": "VARCHAR",
    "blob": "BLOB",
    "date": "DATE",
    "timestamptz": "TIMESTAMPTZ",
}


@dataclass(frozen=True, slots=True)
class LakeTable:
    """A table of Parquet files.

    Attributes:
        side: the database whose catalog lists the files.
        name: unique within its side.
        schema: plain columns only; times are ``timestamp[us, UTC]``.
        derived: whether it is a function of records and facts, and so is swapped, never appended to.
        part: the integer column by which it is swapped in parts, or None.
        reveals: further sides that somebody must be allowed to see in order to read it.
        group_rows: how many rows stand together in a file; fewer where a page looks for some keys among very many.
    """

    side: Side
    name: str
    schema: pa.Schema
    derived: bool = False
    part: str | None = None
    reveals: frozenset[Side] = field(default_factory=frozenset)
    group_rows: int = GROUP_ROWS

    def __post_init__(self) -> None:
        for column in self.schema:
            lake_type(column.type)

    def columns(self) -> list[tuple[str, str, bool]]:
        """Name, DuckLake type and nullability of each column, in order."""
        return [(f.name, lake_type(f.type), f.nullable) for f in self.schema]


def lake_type(arrow: pa.DataType) -> str:
    """The DuckLake 1.0 name of an Arrow type; an unknown one is an error of the declaring room."""
    if pa.types.is_decimal128(arrow):
        return f"decimal({arrow.precision},{arrow.scale})"
    return _LAKE_TYPES[str(arrow)]


def duckdb_type(lake: str) -> str:
    """DuckDB's name of a DuckLake type."""
    return lake.upper() if lake.startswith("decimal") else _DUCKDB_TYPES[lake]


def with_field_ids(schema: pa.Schema) -> pa.Schema:
    """The schema whose Parquet columns carry DuckLake's column ids, counted from one."""
    fields = [f.with_metadata({"PARQUET:field_id": str(i)}) for i, f in enumerate(schema, start=1)]
    return pa.schema(fields)
