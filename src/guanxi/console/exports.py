"""A list as a file: CSV whose cells no spreadsheet takes for formulas, or Arrow; both say what they can see.

CSV begins with comment lines (``# …``) that name the moment and each coverage; Arrow holds the same in its schema's
metadata under ``as_of`` and ``coverage``.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
from django.http import HttpResponse

from guanxi.console.columns import Column
from guanxi.console.figures import Figure
from guanxi.console.tables import Table
from guanxi.vocabulary.money import from_minor

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%")
_PLAIN = (bool, int, float, Decimal, date, datetime)


@dataclass(frozen=True, slots=True)
class Stated:
    """What a file says of itself: the moment it knows up to, and what share of the world it can see."""

    as_of: datetime | None = None
    coverages: tuple[str, ...] = ()


def stated(as_of: datetime | None, figures: Iterable[Figure]) -> Stated:
    """What the page that a list stands on states, for its file."""
    found = (figure for figure in figures if figure.coverage is not None)
    told = (
        f"{figure.label}: {figure.coverage.text} ({figure.coverage.exact})"
        for figure in found
        if figure.coverage
    )
    return Stated(as_of, tuple(told))


def as_file(table: Table, name: str, says: Stated = Stated()) -> HttpResponse:
    """The list in the wished format, named after its page."""
    if table.wish.export == "arrow":
        response = HttpResponse(_arrow(table, says), content_type="application/vnd.apache.arrow.file")
    else:
        response = HttpResponse(_csv(table, says), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.{table.wish.export}"'
    return response


def neutral(text: str) -> str:
    """The text as a cell that no spreadsheet reads as a formula, judged after trimming white space.

    >>> neutral("  =1+1"), neutral("Li Na")
    ("'  =1+1", 'Li Na')
    """
    return f"'{text}" if text.strip().startswith(_FORMULA) or text.startswith(_FORMULA) else text


def _csv(table: Table, says: Stated) -> str:
    out = io.StringIO()
    out.write("\ufeff")
    for line in _comments(says):
        out.write(f"# {line}\r\n")
    writer = csv.writer(out)
    writer.writerow(column.key for column in table.columns)
    for row in table.rows:
        writer.writerow(_csv_value(_value(table, column, row)) for column in table.columns)
    return out.getvalue()


def _comments(says: Stated) -> Iterator[str]:
    if says.as_of is not None:
        yield f"as_of: {says.as_of.isoformat()}"
    for coverage in says.coverages:
        yield "coverage: " + " ".join(coverage.split())


def _csv_value(value: Any) -> Any:
    if value is None or isinstance(value, _PLAIN):
        return "" if value is None else value
    return neutral(str(value))


def _arrow(table: Table, says: Stated) -> bytes:
    columns = {c.key: _array([_value(table, c, row) for row in table.rows]) for c in table.columns}
    metadata = {"coverage": json.dumps(says.coverages, ensure_ascii=False)}
    if says.as_of is not None:
        metadata["as_of"] = says.as_of.isoformat()
    rows = pa.table(columns).replace_schema_metadata(metadata)
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
    if column.kind in ("tenths", "tenths_left") and value is not None:
        return Decimal(value).scaleb(-1)
    if isinstance(value, (list, tuple, set, frozenset)):
        return ("; " if column.kind == "said" else " ").join(str(part) for part in value)
    return value
