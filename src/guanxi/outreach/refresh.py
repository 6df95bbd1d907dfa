"""Carries deliveries into their mirror in the lake, so that plans and results can count them."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

import psycopg
import pyarrow as pa
from pyarrow import csv

from guanxi.lake.catalog import Provenance
from guanxi.lake.store import Lake
from guanxi.outreach.tables import DELIVERY
from guanxi.records.databases import RELATIONSHIP, transaction
from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.progress import SILENT, Progress

_DELIVERIES = """
COPY (
    SELECT campaign, person, identity, platform, channel, state, reserved_at,
           CASE WHEN state = 'sent' THEN settled_at END AS sent_at
    FROM delivery
    ORDER BY campaign, person
) TO STDOUT (FORMAT csv)
"""


@dataclass(frozen=True, slots=True)
class DeliveriesReport:
    """How many deliveries the mirror holds."""

    deliveries: int


def refresh_deliveries(as_of: datetime, tell: Progress = SILENT) -> DeliveriesReport:
    """The mirror in the lake says what the outbox said when this began."""
    tell.begin("deliveries", 1)
    sink = io.BytesIO()
    with transaction(RELATIONSHIP) as connection:
        with psycopg.Cursor(connection) as cursor, cursor.copy(_DELIVERIES) as copy:
            for block in copy:
                sink.write(block)
        rows = _read(sink)
        Lake(Side.RELATIONSHIP).swap(connection, DELIVERY, rows, Provenance(version("guanxi"), as_of))
    tell.advance(1)
    tell.end()
    return DeliveriesReport(rows.num_rows)


def _read(sink: io.BytesIO) -> pa.Table:
    if not sink.tell():
        return DELIVERY.schema.empty_table()
    sink.seek(0)
    converting = csv.ConvertOptions(
        column_types=DELIVERY.schema,
        timestamp_parsers=["%Y-%m-%d %H:%M:%S.%f%z", csv.ISO8601],
        strings_can_be_null=False,
    )
    return csv.read_csv(sink, csv.ReadOptions(column_names=DELIVERY.schema.names), convert_options=converting)
