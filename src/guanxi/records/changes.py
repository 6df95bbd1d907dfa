"""Change tables: which rows are newer than their mirror; read, mirrored, and only then forgotten.

A row that changes in between keeps its later change, for changes are forgotten one by one, never up to a number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.compute as pc
from psycopg import sql

from guanxi.records.columns import copy_columns

Connection = psycopg.Connection[Any]

_SCHEMA = pa.schema([("seq", pa.int64()), ("ref", pa.int64())])
_AT_ONCE = 200_000


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes that were read; ``refs`` names each changed row once."""

    seqs: pa.Array
    refs: pa.Array


def read_changes(connection: Connection, table: str, column: str) -> Changes:
    """The changes that wait."""
    question = sql.SQL("SELECT seq, {} FROM {}").format(sql.Identifier(column), sql.Identifier(table))
    rows = copy_columns(connection, question.as_string(connection), _SCHEMA)
    return Changes(pa.concat_arrays(rows["seq"].chunks or [pa.array([], pa.int64())]), pc.unique(rows["ref"]))


def forget_changes(connection: Connection, table: str, changes: Changes) -> None:
    """Exactly these changes wait no more."""
    statement = sql.SQL("DELETE FROM {} WHERE seq = ANY(%s)").format(sql.Identifier(table))
    for start in range(0, len(changes.seqs), _AT_ONCE):
        connection.execute(statement, (changes.seqs.slice(start, _AT_ONCE).to_pylist(),))
