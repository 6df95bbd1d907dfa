"""Rows of any file as a table: CSV, TSV, semicolons, white space, Parquet; packed or not; with a header or without.

Refuses what it cannot read, with a reason. Ids stay as they are written: what a number cannot hold is text.
"""

from __future__ import annotations

import csv as lines_of
import io
import re
from collections import Counter
from collections.abc import Callable, Sequence
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
_UNEVEN = (b"  ", b"\t", b"\n ", b" \n", b" \r")
_WHOLE_NUMBER = r"^(0|-?[1-9][0-9]*)(\.0*)?$"
_DECIMAL = r"^-?[0-9]+\.[0-9]*[1-9][0-9]*$"
_BYTE_ORDER = b"\xef\xbb\xbf"
_PACKED = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd", b"BZh": "bz2"}
_PARQUET = b"PAR1"
_HEAD_BYTES = 65_536
_BLOCK_BYTES = 1 << 22
_ZERO, _NINE, _DASH, _SEMICOLON = (ord(one) for one in "09-;")
_X, _SMALL = ord("x"), 0x20
Ids = Callable[[list[str]], Sequence[str]]
INFLUENCER = ("influencer", "source", "src", "from")
INFLUENCED = ("influenced", "target", "dst", "to")
TIME = ("time", "happened_at", "timestamp")
_USUAL = {*INFLUENCER, *INFLUENCED, *TIME, "probability", "weight", "kind"}


def read_rows(path: str | Path, named: Sequence[str | None], ids: Ids) -> pa.Table:
    """The file as a table; columns without names are called 1, 2, 3...

    The first row names the columns if one of ``named`` (numbers apart) or a usual name stands in it, or if it has no
    number and no time and the second row has one. Spaces around text are no part of it. Columns that ``ids`` picks
    from the names are text where numbers would not say how they are written: 001, 0x1F, +5, true, too many digits.
    """
    path = Path(path)
    try:
        piped = None if path.is_file() else path.read_bytes()
        mark = _first_bytes(path) if piped is None else piped[:4]
        source = str(path) if piped is None else pa.BufferReader(piped)
        if mark == _PARQUET or path.suffix == ".parquet":
            return _each_once(pq.read_table(source))
        packed = next((name for begins, name in _PACKED.items() if mark.startswith(begins)), "detect")
        with pa.input_stream(source, compression=packed) as stream:
            text = stream.read()
        return _each_once(_delimited(text, {name for name in named if name and not name.isdigit()}, ids))
    except (OSError, ValueError) as wrong:
        reason = (
            wrong.strerror if isinstance(wrong, OSError) and wrong.strerror else " ".join(str(wrong).split())
        )
        raise Refused("file_unreadable", f"{path.name}: {reason}") from None


def _first_bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4)


def _each_once(table: pa.Table) -> pa.Table:
    twice = [name for name, times in Counter(table.column_names).items() if times > 1]
    if twice:
        raise Refused("column_twice", twice[0])
    return table


def _delimited(text: bytes, named: set[str], ids: Ids) -> pa.Table:
    text = text.removeprefix(_BYTE_ORDER)
    comment = _COMMENT.match(text)
    text = text[comment.end() :] if comment else text
    if not text.strip():
        raise Refused("graph_empty")
    if b"\0" in text[:_HEAD_BYTES]:
        raise ValueError("this is no UTF-8 text")
    mark = next((m for m in "\t,;" if m.encode() in text[: text.find(b"\n")]), " ")
    if mark == " " and (text[:1] == b" " or any(one in text for one in _UNEVEN)):
        text = b"\n".join(_SPACES.sub(b" ", line.strip()) for line in text.splitlines())
    rows = text[:_HEAD_BYTES].decode("utf-8", "replace").splitlines()[:3]
    cells = [[cell.strip() for cell in row] for row in lines_of.reader(rows, delimiter=mark)]
    width = max(len(row) for row in cells)
    is_named = _is_header(cells, named)
    is_short = not is_named and len(cells[0]) < width
    names = cells[0] if is_named else [str(i + 1) for i in range(width)]
    table = _exact(text, mark, names, int(is_named or is_short), ids)
    if is_short and cells[0][1:] != [str(table.num_rows)]:
        raise ValueError("its first row has fewer columns than the others")
    return table


def _exact(text: bytes, mark: str, names: list[str], skipped: int, ids: Ids) -> pa.Table:
    """The rows, with columns of ids as text that numbers cannot hold as they are written."""
    table = _read(text, mark, names, skipped, {})
    if any(pa.types.is_binary(column.type) for column in table.columns):
        raise ValueError("this is no UTF-8 text")
    doubtful = _doubtful(table, [name for name in dict.fromkeys(ids(names)) if names.count(name) == 1], text)
    if doubtful:
        written = _read(text, mark, names, skipped, dict.fromkeys(doubtful, pa.string()))
        for name in doubtful:
            if not _says_all(table[name], written[name]):
                table = table.set_column(names.index(name), name, written[name])
    return table.from_arrays([_trimmed(column) for column in table.columns], names=names)


def _read(text: bytes, mark: str, names: list[str], skipped: int, types: dict[str, pa.DataType]) -> pa.Table:
    return csv.read_csv(
        io.BytesIO(text),
        read_options=csv.ReadOptions(column_names=names, skip_rows=skipped),
        parse_options=csv.ParseOptions(delimiter=mark),
        convert_options=csv.ConvertOptions(column_types=types),
    )


def _doubtful(table: pa.Table, ids: list[str], text: bytes) -> list[str]:
    """Of these columns, which may not say how they were written."""
    kinds = {name: table[name].type for name in ids}
    whole = [name for name, kind in kinds.items() if pa.types.is_integer(kind)]
    plain = [name for name, kind in kinds.items() if pa.types.is_string(kind) or pa.types.is_null(kind)]
    sure = plain if whole and _may_lead_with_zero(text) else plain + whole
    return [name for name in ids if name not in sure]


def _says_all(read: pa.ChunkedArray, written: pa.ChunkedArray) -> bool:
    """Whether these numbers stand for nothing but what is written: a missing one is missed as a number too."""
    if not (pa.types.is_integer(read.type) or pa.types.is_floating(read.type)) or _overflows(read):
        return False
    text = pc.utf8_trim_whitespace(written)
    plain = pc.match_substring_regex(text, _WHOLE_NUMBER)
    if pa.types.is_floating(read.type):  # 1.5 is refused as an id, not taken for a word
        plain = pc.or_(plain, pc.match_substring_regex(text, _DECIMAL))
    return bool(pc.all(pc.or_(plain, pc.is_null(read))).as_py())


def _overflows(column: pa.ChunkedArray) -> bool:
    """Whether these were whole numbers too long for a number."""
    if not pa.types.is_floating(column.type):
        return False
    values = column.to_numpy()
    return bool((np.isfinite(values) & (np.abs(values) >= EXACT_MAX)).any())


def _may_lead_with_zero(text: bytes) -> bool:
    """Whether 0 and another digit or an x follow what can stand before a number: space, quote, comma, dash, line."""
    signs = np.frombuffer(b"\n" + text, np.uint8)
    for start in range(0, len(signs) - 2, _BLOCK_BYTES):
        before, zero, after = (signs[start + i : start + i + _BLOCK_BYTES] for i in range(3))
        n = len(after)
        ends = (before[:n] <= _DASH) | (before[:n] == _SEMICOLON)
        further = (after >= _ZERO) & (after <= _NINE) | (after | _SMALL == _X)
        if (ends & (zero[:n] == _ZERO) & further).any():
            return True
    return False


def _trimmed(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.utf8_trim_whitespace(column) if pa.types.is_string(column.type) else column


def _is_header(cells: list[list[str]], named: set[str]) -> bool:
    if named & set(cells[0]) or _USUAL & {cell.lower() for cell in cells[0]}:
        return True
    below = cells[1] if len(cells) > 1 else []
    return not any(map(_is_measured, cells[0])) and any(map(_is_measured, below))


def _is_measured(cell: str) -> bool:
    """Whether it is a number or a time."""
    for reads in (float, datetime.fromisoformat):
        try:
            reads(cell)
        except ValueError:
            continue
        return True
    return False
