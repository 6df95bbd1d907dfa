"""Turns a file of any layout into frames: columns of text (or Parquet's own types), each row with its line.

A line that is no row (wrong number of columns, bad JSON, bytes that are no text) is set aside with its reason
and never ends the file; only a file that cannot be opened or unpacked is refused.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from guanxi.listen.imports.cells import Cells, Plain, header_of, line_count, of_width, plain, records
from guanxi.listen.imports.lines import chunks, readable
from guanxi.listen.imports.mapping import Mapping
from guanxi.vocabulary.reasons import Refused

RAW_MAX = 4096


@dataclass(frozen=True)
class Rejected:
    """A row that could not be read: where it stands (lines count from 1), why, and what it said."""

    line: int
    reason: str
    raw: str


@dataclass(frozen=True)
class Frame:
    """Some rows of a file, in order; ``raw`` says what the n-th of them looks like in the file."""

    table: pa.Table
    lines: Sequence[int]
    raw: Callable[[int], str]
    rejected: list[Rejected]


def shown(raw: str) -> str:
    """The text of a line as it can be stored and shown: valid, bounded, without its line end."""
    text = raw.rstrip("\r\n")[:RAW_MAX].encode("utf-8", "surrogateescape")
    return text.decode("utf-8", "replace").replace("\x00", "�")


def frames(path: Path, mapping: Mapping, rows_per_block: int) -> Iterator[Frame]:
    """The rows of ``path``, block by block; refused where the file or a mapped column is missing."""
    if mapping.layout.format == "parquet":
        yield from _parquet_frames(path, mapping, rows_per_block)
        return
    first, columns = 1, mapping.layout.columns
    for number, chunk in enumerate(chunks(path, mapping.layout)):
        if number == 0:
            columns, skipped = _column_names(chunk, mapping)
            first += line_count(chunk[:skipped])
            chunk = chunk[skipped:]
        if chunk:
            yield from _sliced(_frame(chunk, first, columns, mapping), rows_per_block)
        first += line_count(chunk)


def _column_names(chunk: bytes, mapping: Mapping) -> tuple[tuple[str, ...], int]:
    """The columns' names, and how many bytes of the first chunk are header."""
    if mapping.layout.format == "jsonl":
        return tuple(sorted(mapping.columns())), 0
    if not mapping.layout.header:
        return mapping.layout.columns, 0
    names, skipped = header_of(chunk, mapping.layout)
    for name in sorted(mapping.columns()):
        if names.count(name) != 1:
            raise Refused("column_repeated" if name in names else "column_missing", name)
    numbered = (name if names.count(name) == 1 else f"{name}#{n}" for n, name in enumerate(names))
    return tuple(numbered), skipped


def _frame(chunk: bytes, first: int, columns: tuple[str, ...], mapping: Mapping) -> Frame:
    if cut := plain(chunk, first, mapping.layout, len(columns)):
        return _plain_frame(cut, columns)
    stream = io.StringIO(chunk.decode("utf-8", "surrogateescape"), newline="")
    rejected: list[Rejected] = []
    rows: list[Cells] = []
    lines: list[int] = []
    raws: list[str] = []
    for number, cells, raw in of_width(
        len(columns), records(stream, first, mapping.layout, columns), mapping.layout
    ):
        if isinstance(cells, str) or not (raw.isascii() or _is_text(raw)):
            reason = cells if isinstance(cells, str) and _is_text(raw) else "text_unreadable"
            rejected.append(Rejected(number, reason, shown(raw)))
            continue
        rows.append(cells)
        lines.append(number)
        raws.append(raw)
    arrays = [pa.array(values, pa.string()) for values in zip(*rows, strict=True)]
    table = _table(columns, arrays or [pa.array([], pa.string())] * len(columns))
    return Frame(table, lines, lambda row: shown(raws[row]), rejected)


def _table(columns: tuple[str, ...], arrays: list[pa.Array]) -> pa.Table:
    return pa.table([pa.chunked_array([array]) for array in arrays], names=list(columns))


def _plain_frame(cut: Plain, columns: tuple[str, ...]) -> Frame:
    arrays, whole, lines, numbers = cut
    rejected = [
        Rejected(int(numbers[row]), "columns_mismatch", shown(lines[row].as_py()))
        for row in np.flatnonzero(~whole).tolist()
    ]
    rows: list[int] = np.flatnonzero(whole).tolist()
    return Frame(
        _table(columns, arrays),
        numbers[whole].tolist(),
        lambda row: shown(lines[rows[row]].as_py()),
        rejected,
    )


def _sliced(frame: Frame, rows: int) -> Iterator[Frame]:
    if len(frame.table) <= rows:
        yield frame
        return
    for start in range(0, len(frame.table), rows):
        yield Frame(
            frame.table.slice(start, rows),
            frame.lines[start : start + rows],
            _later(frame.raw, start),
            frame.rejected if start == 0 else [],
        )


def _later(raw: Callable[[int], str], start: int) -> Callable[[int], str]:
    return lambda row: raw(start + row)


def _is_text(raw: str) -> bool:
    try:
        raw.encode()
    except UnicodeEncodeError:
        return False
    return True


def _parquet_frames(path: Path, mapping: Mapping, rows_per_block: int) -> Iterator[Frame]:
    with readable(path), pq.ParquetFile(path) as source:
        for name in sorted(mapping.columns()):
            if name not in source.schema_arrow.names:
                raise Refused("column_missing", name)
        # A key made of the whole row needs every column, one made of ids only the mapped ones.
        columns = sorted(mapping.columns()) if mapping.id else source.schema_arrow.names
        first = 1
        for batch in source.iter_batches(batch_size=rows_per_block, columns=columns):
            table = pa.Table.from_batches([batch])
            yield Frame(table, range(first, first + len(table)), _row_of(table), [])
            first += len(table)


def _row_of(table: pa.Table) -> Callable[[int], str]:
    return lambda row: shown(json.dumps(table.slice(row, 1).to_pylist()[0], default=str, ensure_ascii=False))
