"""Ties and action logs read from any file: CSV, TSV, white space, Parquet, gzip; any ids, comments, headers.

Refuses what it cannot read with a line and a reason; never guesses a probability.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from guanxi.influence.delimited import INFLUENCED, INFLUENCER, TIME, read_rows
from guanxi.influence.kernels.graph import Floats, Ints
from guanxi.influence.ties import Brought, Coded, Ties, arrow, coded, columns_of, numbers
from guanxi.vocabulary.reasons import Refused

_MICROS = 1e6


def read_edges(
    path: str | Path,
    influencer: str | None = None,
    influenced: str | None = None,
    probability: str = "wc",
    undirected: bool = False,
) -> Ties:
    """The ties in a file.

    Columns are named, or numbered from 1; unless given they are those called influencer and influenced (source and
    target, src and dst, from and to), else the first two. A first row ``n m`` that counts the rows below it,
    and is no tie as m is no id, is passed over.
    ``probability`` is a column, or ``wc`` for 1/in-degree. ``undirected`` reads every row both ways.
    """
    ends = _picking((influencer, INFLUENCER, 0), (influenced, INFLUENCED, 1))
    table = read_rows(path, [influencer, influenced, probability], ends)
    columns = [table[c] for c in ends(table.column_names)]
    if probability != "wc":
        columns.append(table[picked(table.column_names, probability, (), 2)])
    if _counts_rows(table):
        columns = [c.slice(1) for c in columns]
    if undirected:
        columns[:2] = [_joined(columns[0], columns[1]), _joined(columns[1], columns[0])]
        columns[2:] = [_joined(c, c) for c in columns[2:]]
    return Ties(coded(*columns[:2]), numbers(columns[2]) if probability != "wc" else None)


@dataclass(frozen=True)
class Log:
    """An action log: at ``time``, the influenced did something through the influencer; in order of time.

    Attributes:
        message: by row, which message they passed on, as 0, 1, 2...; None where the log does not say.
    """

    ids: Coded
    time: Floats
    message: Ints | None = None

    @property
    def influencer(self) -> Ints:
        """Through whom."""
        return self.ids.columns[0]

    @property
    def influenced(self) -> Ints:
        """Who did it."""
        return self.ids.columns[1]

    def part(self, rows: slice) -> Log:
        """Some of the rows."""
        message = None if self.message is None else self.message[rows]
        return Log(Coded(tuple(c[rows] for c in self.ids.columns), self.ids.names), self.time[rows], message)


def read_log(
    path: str | Path,
    influencer: str | None = None,
    influenced: str | None = None,
    time: str | None = None,
    kind: str | None = None,
    only: Sequence[str] = (),
    message: str | None = None,
) -> Log:
    """The action log in a file, self-ties dropped, in order of time; ``only`` keeps these kinds.

    ``message`` is the column of what was passed on, if there is one. Times are numbers in any unit, or dates and
    times as ISO 8601 writes them, which become seconds since 1970; where they name no zone, UTC is meant.

    Columns are named, or numbered from 1; unless given they are the usual names, else the first three or
    four in this order.
    """
    ends = [(influencer, INFLUENCER, 0), (influenced, INFLUENCED, 1)]
    about = [(message, (), 4)] if message is not None else []
    which = [(kind, ("kind",), 3)] if only else []
    table = read_rows(path, [influencer, influenced, time, kind, message], _picking(*ends, *about, *which))
    names = table.column_names
    if only:
        kinds = pc.cast(table[picked(names, *which[0])], pa.string())
        table = table.filter(pc.is_in(kinds, value_set=pa.array(list(only))))
    columns = _picking(*ends, (time, TIME, 2), *about)(names)
    return as_log(tuple(table[one] for one in columns))


def as_log(log: Log | Brought) -> Log:
    """A log from influencer, influenced, time and perhaps message, as ``columns_of`` takes them; self-ties dropped, in
    order of time.
    """
    if isinstance(log, Log):
        return log
    influencer, influenced, time, *message = columns_of(log, ("influencer", "influenced", "time"), "message")
    ends, when = coded(influencer, influenced), _seconds(arrow(time))
    moved = ends.columns[0] != ends.columns[1]
    if len(when) != len(moved):
        raise Refused("ties_unequal_columns", f"{len(moved)} {len(when)}")
    if not moved.any():
        raise Refused("log_empty")
    order = np.flatnonzero(moved)[np.argsort(when[moved], kind="stable")]
    about = _numbered(arrow(message[0]))[order] if message else None
    return Log(Coded(tuple(c[order] for c in ends.columns), ends.names), when[order], about)


def _seconds(column: pa.ChunkedArray) -> Floats:
    """The times as numbers; what is none is refused with its row."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_date(column.type):
        column = column.cast(pa.timestamp("s"))
    if pa.types.is_timestamp(column.type):
        micros = pc.cast(column, pa.timestamp("us", column.type.tz), safe=False).cast(pa.int64())
        when = numbers(micros) / _MICROS
    elif pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        when = _spoken(column)
    else:
        when = numbers(column)
    if not np.isfinite(when).all():
        raise Refused("time_unreadable", f"row {int(np.argmin(np.isfinite(when)))} (from 0)")
    return when


def _spoken(column: pa.ChunkedArray) -> Floats:
    """Times written as text, of whatever mixture: numbers, or dates and times with a zone or without."""
    try:
        return numbers(column)
    except Refused:
        return np.array([_moment(row, text) for row, text in enumerate(column.to_pylist())])


def _moment(row: int, text: str | None) -> float:
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        raise Refused("time_unreadable", f"{text!r} in row {row} (from 0)") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _numbered(column: pa.ChunkedArray) -> Ints:
    """Each distinct value's number; no value is a value of its own."""
    codes = column.combine_chunks().dictionary_encode(null_encoding="encode").indices
    return np.asarray(codes.to_numpy(zero_copy_only=False), np.int64)


# What was asked for, the usual names, and the place of a column.
Sought = tuple[str | None, Sequence[str], int]


def _picking(*sought: Sought) -> Callable[[list[str]], list[str]]:
    """Picks columns by names; refused where one would stand for two."""

    def picks(names: list[str]) -> list[str]:
        found = [picked(names, *one) for one in sought]
        twice = next((one for one in found if found.count(one) > 1), None)
        if twice is not None:
            raise Refused("column_for_two", f"{twice} ({_told(names)})")
        return found

    return picks


def picked(names: list[str], wanted: str | None, usual: Sequence[str], place: int) -> str:
    """The column asked for by name or number, else the one with a usual name, else the one at ``place``."""
    if wanted is not None:
        if wanted in names:
            return wanted
        if wanted.isdecimal() and 1 <= int(wanted) <= len(names):
            return names[int(wanted) - 1]
        raise Refused("column_missing", f"{wanted} ({_told(names)})")
    lowered = {n.lower(): n for n in names}
    for name in usual:
        if name in lowered:
            return lowered[name]
    if place >= len(names):
        raise Refused("column_missing", f"{usual[0] if usual else place + 1} ({_told(names)})")
    return names[place]


def _told(names: list[str]) -> str:
    if names == [str(i + 1) for i in range(len(names))]:
        return f"its columns have no names, only numbers from 1 to {len(names)}"
    return "it has " + ", ".join(names)


def _joined(first: pa.ChunkedArray, second: pa.ChunkedArray) -> pa.ChunkedArray:
    return pa.chunked_array([*first.chunks, *second.chunks], first.type)


def _counts_rows(table: pa.Table) -> bool:
    """Whether the first row is ``n m``: m rows follow, no id exceeds n, and m is none of them."""
    if table.column_names[:2] != ["1", "2"] or table.num_rows < 2:
        return False
    first, second = table["1"], table["2"]
    if not (pa.types.is_integer(first.type) and pa.types.is_integer(second.type)):
        return False
    n, m = first[0].as_py(), second[0].as_py()
    most = max(pc.max(c.slice(1)).as_py() or 0 for c in (first, second))
    return bool(m == table.num_rows - 1 and n >= most and m > most)
