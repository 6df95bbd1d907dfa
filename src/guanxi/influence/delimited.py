"""Rows of any file as a table: CSV, TSV, semicolons, white space, Parquet; gzip or not; with a header or without.

Refuses what it cannot read, with a reason. Ids stay as they are written: what a number cannot hold is text.
"""

from __future__ import annotations

import csv as lines_of
import io
import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv
import pyarrow.parquet as pq

from guanxi.influence.ties import EXACT_MAX
from guanxi.vocabulary.reasons import Refused

_COMMENT = re.compile(rb"\A(?:[ \t]*(?:[#%][^\n]*)?\r?\n)*")
_SPACES = re.compile(rb"[ \t]+")
_BYTE_ORDER = b"\xef\xbb\xbf"
_GZIP, _PARQUET = b"\x1f\x8b", b"PAR1"
_HEAD_BYTES = 65_536
_BLOCK_BYTES = 1 << 22
_ZERO, _NINE, _COMMA, _SEMICOLON = (ord(one) for one in "09,;")
INFLUENCER = ("influencer", "source", "src", "from")
INFLUENCED = ("influenced", "target", "dst", "to")
TIME = ("time", "happened_at", "timestamp")
_USUAL = {*INFLUENCER, *INFLUENCED, *TIME, "probability", "weight", "kind"}


def read_rows(path: str | Path, named: Sequence[str | None] = ()) -> pa.Table:
    """The file as a table; columns without names are called 1, 2, 3...

    The first row names the columns if one of ``named`` (numbers apart) or a usual name stands in it, or if it has
    none where the second row has a number or a time. Spaces around text are no part of it. Whole numbers with
    leading zeros, or too long to be kept exactly, are text.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            mark = file.read(4)
        if mark == _PARQUET or path.suffix == ".parquet":
            return _each_once(pq.read_table(path))
        packed = "gzip" if mark.startswith(_GZIP) else "detect"
        with pa.input_stream(str(path), compression=packed) as stream:
            return _each_once(
                _delimited(stream.read(), {name for name in named if name and not name.isdigit()})
            )
    except (OSError, ValueError) as wrong:
        raise Refused("file_unreadable", f"{path.name}: {wrong}") from None


def _each_once(table: pa.Table) -> pa.Table:
    twice = [name for name, times in Counter(table.column_names).items() if times > 1]
    if twice:
        raise Refused("column_twice", twice[0])
    return table


def _delimited(text: bytes, named: set[str]) -> pa.Table:
    text = text.removeprefix(_BYTE_ORDER)
    comment = _COMMENT.match(text)
    text = text[comment.end() :] if comment else text
    if not text.strip():
        raise Refused("graph_empty")
    if b"\0" in text[:_HEAD_BYTES]:
        raise ValueError("this is no UTF-8 text")
    mark = next((m for m in "\t,;" if m.encode() in text[: text.find(b"\n")]), " ")
    if mark == " " and (b"  " in text or b"\t" in text):
        text = b"\n".join(_SPACES.sub(b" ", line.strip()) for line in text.splitlines())
    rows = text[:_HEAD_BYTES].decode("utf-8", "replace").splitlines()[:3]
    cells = [[cell.strip() for cell in row] for row in lines_of.reader(rows, delimiter=mark)]
    width = max(len(row) for row in cells)
    is_named = _is_header(cells, named)
    is_short = not is_named and len(cells[0]) < width
    names = cells[0] if is_named else [str(i + 1) for i in range(width)]
    return _exact(text, mark, names, int(is_named or is_short))


def _exact(text: bytes, mark: str, names: list[str], skipped: int) -> pa.Table:
    """The rows, read again with columns as text that numbers cannot hold as they are written."""
    table = _read(text, mark, names, skipped, {})
    unfit = {name: pa.string() for name in names if _overflows(table[name])} if _all_differ(names) else {}
    if _may_lead_with_zero(text) and _all_differ(names):
        numbered = {n: pa.string() for n in names if pa.types.is_integer(table[n].type)}
        written = _read(text, mark, names, skipped, numbered)
        unfit |= {n: pa.string() for n in numbered if _has_leading_zero(written[n])}
    table = _read(text, mark, names, skipped, unfit) if unfit else table
    return table.from_arrays([_trimmed(column) for column in table.columns], names=names)


def _read(text: bytes, mark: str, names: list[str], skipped: int, types: dict[str, pa.DataType]) -> pa.Table:
    return csv.read_csv(
        io.BytesIO(text),
        read_options=csv.ReadOptions(column_names=names, skip_rows=skipped),
        parse_options=csv.ParseOptions(delimiter=mark),
        convert_options=csv.ConvertOptions(column_types=types),
    )


def _all_differ(names: list[str]) -> bool:
    return len(set(names)) == len(names)


def _overflows(column: pa.ChunkedArray) -> bool:
    """Whether these were whole numbers too long for a number."""
    if not pa.types.is_floating(column.type):
        return False
    values = column.to_numpy()
    return bool((np.isfinite(values) & (np.abs(values) >= EXACT_MAX)).any())


def _may_lead_with_zero(text: bytes) -> bool:
    """Whether a 0 and another digit follow anything that can end a cell: space, quote, comma, semicolon, line."""
    signs = np.frombuffer(b"\n" + text, np.uint8)
    for start in range(0, len(signs) - 2, _BLOCK_BYTES):
        before, zero, after = (signs[start + i : start + i + _BLOCK_BYTES] for i in range(3))
        n = len(after)
        ends = (before[:n] <= _COMMA) | (before[:n] == _SEMICOLON)
        if (ends & (zero[:n] == _ZERO) & (after >= _ZERO) & (after <= _NINE)).any():
            return True
    return False


def _has_leading_zero(column: pa.ChunkedArray) -> bool:
    return bool(pc.any(pc.match_substring_regex(column, r"^0[0-9]")).as_py())


def _trimmed(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.utf8_trim_whitespace(column) if pa.types.is_string(column.type) else column


def _is_header(cells: list[list[str]], named: set[str]) -> bool:
    if named & set(cells[0]) or _USUAL & {cell.lower() for cell in cells[0]}:
        return True
    below = cells[1] if len(cells) > 1 else []
    return any(_is_measured(b) and not _is_measured(a) for a, b in zip(cells[0], below, strict=False))


def _is_measured(cell: str) -> bool:
    """Whether it is a number or a time."""
    for reads in (float, datetime.fromisoformat):
        try:
            reads(cell)
        except ValueError:
            continue
        return True
    return False
