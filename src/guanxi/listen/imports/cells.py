"""Cuts chunks of text into rows of cells, with the number of the line on which each row begins.

Whole columns at a time where a chunk is plain; row by row where quotes or strange bytes ask for care. A line
that is no row becomes a reason.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from typing import cast

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from guanxi.listen.imports.mapping import WHITESPACE, Layout

Cells = list[str | None]
Record = tuple[int, Cells | str, str]
"""A line's number, its cells or the reason why it has none, and the line itself."""
Parse = Callable[[str], Cells | str]
Plain = tuple[list[pa.Array], np.ndarray, pa.Array, np.ndarray]
"""The columns, for each line whether it is a row, the lines, and their numbers."""


def line_count(chunk: bytes) -> int:
    """How many lines end in ``chunk``, whichever way they end."""
    return chunk.count(b"\n") + chunk.count(b"\r") - chunk.count(b"\r\n")


def header_of(chunk: bytes, layout: Layout) -> tuple[list[str], int]:
    """The names in the first row, and the number of bytes before the second."""
    stream = io.StringIO(chunk.decode("utf-8", "surrogateescape"), newline="")
    for _, cells, _ in records(stream, 1, layout, ()):
        names = [] if isinstance(cells, str) else [(name or "").strip() for name in cells]
        rest = stream.read()
        return names, len(chunk) - len(rest.encode("utf-8", "surrogateescape"))
    return [], len(chunk)


def plain(chunk: bytes, first: int, layout: Layout, width: int) -> Plain | None:
    """The chunk cut column by column, or None where it needs to be read row by row."""
    quoted = bool(layout.quote) and layout.quote.encode() in chunk
    if layout.format == "jsonl" or quoted or chunk.count(b"\r") != chunk.count(b"\r\n"):
        return None
    try:
        chunk.decode()
    except UnicodeDecodeError:
        return None
    lines = _line_array(chunk)
    numbers = np.arange(first, first + len(lines))
    filled = np.asarray(pc.not_equal(pc.utf8_trim_whitespace(lines), ""))
    if not filled.all():
        lines, numbers = lines.filter(pa.array(filled)), numbers[filled]
    if layout.format == "fixed":
        columns, whole = _slices(lines, layout)
    else:
        columns, whole = _split(lines, layout.separator, width)
    return columns, whole, lines, numbers


def _line_array(chunk: bytes) -> pa.Array:
    ends = np.flatnonzero(np.frombuffer(chunk, np.uint8) == ord("\n")) + 1
    if not len(ends) or ends[-1] != len(chunk):
        ends = np.append(ends, len(chunk))
    offsets = np.concatenate([[0], ends]).astype(np.int32)
    lines = pa.StringArray.from_buffers(len(ends), pa.py_buffer(offsets), pa.py_buffer(chunk))
    return pc.utf8_rtrim(lines, "\r\n")


def _slices(lines: pa.Array, layout: Layout) -> tuple[list[pa.Array], np.ndarray]:
    whole = np.asarray(pc.greater_equal(pc.utf8_length(lines), max(first for first, _ in layout.widths)))
    rows = lines.filter(pa.array(whole))
    return [pc.utf8_slice_codeunits(rows, first - 1, last) for first, last in layout.widths], whole


def _split(lines: pa.Array, separator: str, width: int) -> tuple[list[pa.Array], np.ndarray]:
    if separator == WHITESPACE:
        lists = pc.utf8_split_whitespace(pc.utf8_trim_whitespace(lines))
    else:
        lists = pc.split_pattern(lines, separator)
    whole = np.asarray(pc.equal(pc.list_value_length(lists), width))
    cells = lists.filter(pa.array(whole)).flatten()
    return [cells.take(pa.array(np.arange(column, len(cells), width))) for column in range(width)], whole


def records(stream: io.StringIO, first: int, layout: Layout, columns: Sequence[str]) -> Iterator[Record]:
    """The rows of a chunk one by one; ``columns`` are the names asked of JSON objects."""
    if layout.format == "jsonl":
        return _lines(stream, first, _json_parser(columns))
    if layout.format == "fixed":
        return _lines(stream, first, _fixed_parser(layout))
    if layout.separator == WHITESPACE:
        return _lines(stream, first, lambda line: cast("Cells", line.split()))
    return _delimited(stream, first, layout)


def of_width(width: int, found: Iterator[Record], layout: Layout) -> Iterator[Record]:
    """The same rows, where every row has ``width`` cells or a reason."""
    for record in found:
        number, cells, raw = record
        if isinstance(cells, str) or len(cells) == width:
            yield record
            continue
        lines = io.StringIO(raw, newline="").readlines()
        if len(lines) == 1:
            yield number, "columns_mismatch", raw
            continue
        # A stray quote swallowed whole lines: each of them gets its own chance.
        for line_number, alone, line in _each_line(number, lines, layout):
            fits = isinstance(alone, str) or len(alone) == width
            yield line_number, alone if fits else "columns_mismatch", line


def _lines(stream: io.StringIO, first: int, parse: Parse) -> Iterator[Record]:
    for number, line in enumerate(stream, first):
        if line.strip():
            yield number, parse(line), line


def _delimited(stream: io.StringIO, first: int, layout: Layout) -> Iterator[Record]:
    held: list[str] = []

    def lines() -> Iterator[str]:
        while line := stream.readline():
            held.append(line)
            yield line

    reader = csv.reader(
        lines(),
        delimiter=layout.separator,
        quotechar=layout.quote or None,
        quoting=csv.QUOTE_MINIMAL if layout.quote else csv.QUOTE_NONE,
        strict=True,
    )
    number = first
    while True:
        try:
            cells: list[str] | None = next(reader)
        except StopIteration:
            return
        except csv.Error:
            cells = None
        raw = held[0] if len(held) == 1 else "".join(held)
        if cells is None:
            yield from _each_line(number, held, layout)
        elif raw.strip():
            yield number, cast("Cells", cells), raw
        number += len(held)
        held.clear()


def _each_line(number: int, lines: list[str], layout: Layout) -> Iterator[Record]:
    """The lines of a record that could not be read as one, each read alone and forgivingly."""
    for offset, line in enumerate(lines):
        try:
            cells = next(csv.reader([line], delimiter=layout.separator, quotechar=layout.quote or None), [])
        except csv.Error:
            yield number + offset, "row_unreadable", line
            continue
        if line.strip():
            yield number + offset, cast("Cells", cells), line


def _fixed_parser(layout: Layout) -> Parse:
    spans = [slice(first - 1, last) for first, last in layout.widths]
    needed = max(first for first, _ in layout.widths)

    def parse(line: str) -> Cells | str:
        text = line.rstrip("\r\n")
        return [text[span] for span in spans] if len(text) >= needed else "columns_mismatch"

    return parse


def _json_parser(columns: Sequence[str]) -> Parse:
    decoder = msgspec.json.Decoder(float_hook=str)
    paths = [(name, name.split(".")) for name in columns]

    def parse(line: str) -> Cells | str:
        try:
            row = decoder.decode(line)
        except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
            return "json_unreadable"
        if not isinstance(row, dict):
            return "json_unreadable"
        return [_json_text(row[name] if name in row else _along(row, path)) for name, path in paths]

    return parse


def _along(row: object, path: list[str]) -> object:
    for step in path:
        row = row.get(step) if isinstance(row, dict) else None
    return row


def _json_text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode()
