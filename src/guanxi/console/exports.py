"""A list as a file: CSV whose cells no spreadsheet takes for formulas, or Arrow."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
from django.http import HttpResponse

from guanxi.console.columns import Column
from guanxi.console.tables import Table
from guanxi.vocabulary.money import from_minor

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%")
_PLAIN = (bool, int, float, Decimal, date, datetime)


def as_file(table: Table, name: str) -> HttpResponse:
    """The list in the wished format, named after its page."""
    if table.wish.export == "arrow":
        response = HttpResponse(_arrow(table), content_type="application/vnd.apache.arrow.file")
    else:
        response = HttpResponse(_csv(table), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.{table.wish.export}"'
    return response


def neutral(text: str) -> str:
    """The text as a cell that no spreadsheet reads as a formula, judged after trimming white space.

    >>> neutral("  =1+1"), neutral("Li Na")
    ("'  =1+1", 'Li Na')
    """
    return f"'{text}" if text.strip().startswith(_FORMULA) or text.startswith(_FORMULA) else text


def _csv(table: Table) -> str:
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(column.key for column in table.columns)
    for row in table.rows:
        writer.writerow(_csv_value(_value(table, column, row)) for column in table.columns)
    return out.getvalue()


def _csv_value(value: Any) -> Any:
    if value is None or isinstance(value, _PLAIN):
        return "" if value is None else value
    return neutral(str(value))


def _arrow(table: Table) -> bytes:
    columns = {c.key: _array([_value(table, c, row) for row in table.rows]) for c in table.columns}
    rows = pa.table(columns)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, rows.schema) as writer:
        writer.write_table(rows)
    return bytes(sink.getvalue().to_pybytes())


def _array(values: list[Any]) -> Any:
    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.array([None if value is None else str(value) for value in values])


def _value(table: Table, column: Column, row: Any) -> Any:
    value = column.value(row)
    if column.kind == "money" and value is not None:
        return from_minor(value, getattr(row, "currency", table.currency))
    if column.kind == "tenths" and value is not None:
        return Decimal(value).scaleb(-1)
    if isinstance(value, (list, tuple, set, frozenset)):
        return " ".join(str(part) for part in value)
    return value
