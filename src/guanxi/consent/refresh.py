"""Carries the present state of consent into its mirrors in the lake, all at one moment."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any

import psycopg
import pyarrow as pa
from pyarrow import csv

from guanxi.consent.tables import CONSENT, FOLLOWING, NO_PROFILING, SUPPRESSED
from guanxi.lake.catalog import Provenance
from guanxi.lake.store import Lake
from guanxi.lake.table import LakeTable
from guanxi.records.databases import RELATIONSHIP, transaction
from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.progress import SILENT, Progress

_SOURCES = (
    (CONSENT, "SELECT identity, purpose, channel, granted, happened_at FROM consent_state ORDER BY 1, 2, 3"),
    (FOLLOWING, "SELECT identity, follows, happened_at FROM following ORDER BY 1"),
    (SUPPRESSED, "SELECT DISTINCT identity FROM suppression WHERE identity IS NOT NULL ORDER BY 1"),
    (NO_PROFILING, "SELECT identity FROM no_profiling ORDER BY 1"),
)


@dataclass(frozen=True, slots=True)
class ConsentReport:
    """How many rows each mirror holds now."""

    consents: int
    follows: int
    suppressed: int
    unprofiled: int


def refresh_consent(as_of: datetime, tell: Progress = SILENT) -> ConsentReport:
    """The mirrors in the lake say what the records said when this began."""
    tell.begin("consent", len(_SOURCES))
    counts = []
    lake = Lake(Side.RELATIONSHIP)
    with transaction(RELATIONSHIP) as connection:
        for table, question in _SOURCES:
            rows = _copied(connection, table, question)
            lake.swap(connection, table, rows, Provenance(version("guanxi"), as_of))
            counts.append(rows.num_rows)
            tell.advance(1)
    tell.end()
    return ConsentReport(*counts)


def _copied(connection: psycopg.Connection[Any], table: LakeTable, question: str) -> pa.Table:
    sink = io.BytesIO()
    statement = f"COPY ({question}) TO STDOUT (FORMAT csv)"
    with psycopg.Cursor(connection) as cursor, cursor.copy(statement.encode()) as copy:
        for block in copy:
            sink.write(block)
    if not sink.tell():
        return table.schema.empty_table()
    sink.seek(0)
    reading = csv.ReadOptions(column_names=table.schema.names)
    converting = csv.ConvertOptions(
        column_types=table.schema,
        true_values=["t"],
        false_values=["f"],
        timestamp_parsers=["%Y-%m-%d %H:%M:%S.%f%z", csv.ISO8601],
    )
    return csv.read_csv(sink, reading, convert_options=converting)
