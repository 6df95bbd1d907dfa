"""Columns in and out of PostgreSQL in bulk: Arrow on our side, COPY on the wire. Knows no table."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any, cast

import psycopg
import pyarrow as pa
from psycopg import sql
from pyarrow import csv

Connection = psycopg.Connection[Any]


def copy_in(connection: Connection, table: str, rows: pa.Table) -> None:
    """The rows are in the table, under their own column names."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, rows.column_names))
    )
    sink = io.BytesIO()
    csv.write_csv(rows, sink, csv.WriteOptions(include_header=False))
    with psycopg.Cursor(connection) as cursor, cursor.copy(statement) as copy:
        copy.write(sink.getbuffer())


def copy_columns(
    connection: Connection, question: str, schema: pa.Schema, parameters: Sequence[Any] = ()
) -> pa.Table:
    """The answer to a question as Arrow columns of the given names and types."""
    bound = psycopg.ClientCursor(connection).mogrify(question, parameters or None)
    source = io.BytesIO()
    statement = sql.SQL(cast("Any", f"COPY ({bound}) TO STDOUT (FORMAT csv)"))
    with psycopg.Cursor(connection) as cursor, cursor.copy(statement) as copy:
        for block in cast("Iterable[bytes]", copy):
            source.write(block)
    if source.tell() == 0:
        return schema.empty_table()
    source.seek(0)
    return csv.read_csv(
        source,
        csv.ReadOptions(column_names=schema.names),
        csv.ParseOptions(newlines_in_values=True),
        csv.ConvertOptions(
            column_types=schema,
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            null_values=[""],
            true_values=["t"],
            false_values=["f"],
        ),
    )
