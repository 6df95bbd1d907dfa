"""Ties as columns, with any ids: the form in which data scientists bring them and rooms pass them on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from guanxi.influence.kernels.graph import Floats, Graph, Ints, Model, build_graph
from guanxi.vocabulary.reasons import Refused

# An Arrow array, a NumPy array or a sequence; Arrow has no types that could be named here.
Column = Any
# A table of any library that speaks Arrow, a tuple of columns, or rows as a list or an array of two dimensions.
Brought = Any
EXACT_MAX = 2.0**53
NOBODY = -(2**63)  # what no column of whole numbers holds
_WHOLE_MAX = 2**63 - 1


@dataclass(frozen=True)
class Coded:
    """Columns of ids as integers.

    Attributes:
        columns: each column's codes: the ids themselves where they are integers, else places in ``names``.
        names: the ids by code, ascending; None where ids are integers.
    """

    columns: tuple[Ints, ...]
    names: pa.Array | None

    def decoded(self, codes: npt.NDArray[np.generic]) -> list[object]:
        """The ids that these codes stand for."""
        ids: list[object] = (
            codes.tolist() if self.names is None else self.names.take(pa.array(codes)).to_pylist()
        )
        return ids

    def codes(self, ids: Sequence[object]) -> Ints:
        """The codes of these ids; one that no column holds becomes ``NOBODY`` or -1, which is nobody's place."""
        if self.names is None:
            return np.asarray([_whole_number(str(i)) for i in ids], np.int64)
        places = pc.index_in(pa.array([str(i) for i in ids], pa.string()), value_set=self.names)
        return np.asarray(pc.fill_null(places, -1).to_numpy(), np.int64)


def _whole_number(text: str) -> int:
    """The id that is written so; ``NOBODY`` for what no column of whole numbers holds, such as 001."""
    number = int(text) if text.removeprefix("-").isdecimal() and len(text) <= len(str(NOBODY)) else NOBODY
    return number if str(number) == text and NOBODY < number <= _WHOLE_MAX else NOBODY


@dataclass(frozen=True)
class Ties:
    """Who influences whom, with what probability (None: the weighted cascade's 1/in-degree)."""

    ids: Coded
    probability: Floats | None

    def __len__(self) -> int:
        return len(self.ids.columns[0])

    def graph(self, model: Model) -> Graph:
        """The graph that kernels read; ``build_graph`` states the rules for repeats, self-ties and zeros."""
        return build_graph(self.ids.columns[0], self.ids.columns[1], self.probability, model)


def as_ties(ties: Ties | Brought) -> Ties:
    """Ties from influencer, influenced and perhaps probability, as ``columns_of`` takes them."""
    if isinstance(ties, Ties):
        return ties
    ends = columns_of(ties, ("influencer", "influenced"), "probability")
    return Ties(coded(*ends[:2]), numbers(ends[2]) if len(ends) > 2 else None)


def columns_of(brought: Brought, needed: tuple[str, ...], further: str) -> tuple[Column, ...]:
    """The needed columns and perhaps one further, from whatever holds them.

    A table (Arrow's, or of any library that speaks Arrow) has them by name. A tuple is columns in this order; a list
    or an array of two dimensions is rows.
    """
    if isinstance(brought, tuple | list | np.ndarray):
        columns = _in_order(brought)
        if not len(needed) <= len(columns) <= len(needed) + 1:
            raise Refused("columns_unfit", f"{' '.join((*needed, further))}: {len(columns)}")
        return columns
    try:
        table = pa.table(brought)
    except (TypeError, ValueError) as wrong:
        raise Refused("columns_unfit", _line(wrong)) from None
    missing = set(needed) - set(table.column_names)
    if missing:
        raise Refused("column_missing", " ".join(sorted(missing)))
    return tuple(table[name] for name in (*needed, further) if name in table.column_names)


def _in_order(brought: tuple[Column, ...] | Sequence[Any] | npt.NDArray[np.generic]) -> tuple[Column, ...]:
    if isinstance(brought, tuple):
        return brought
    if len(brought) == 0:
        raise Refused("graph_empty")
    try:
        return tuple(brought.T) if isinstance(brought, np.ndarray) else tuple(zip(*brought, strict=True))
    except (TypeError, ValueError):
        raise Refused("columns_unfit", "the rows are not all of one length") from None


def numbers(column: Column) -> Floats:
    """The column as floats; a missing value becomes NaN, which the kernels refuse."""
    try:
        if isinstance(column, pa.Array | pa.ChunkedArray):
            is_whole = pa.types.is_integer(column.type)
            column = pc.cast(column, pa.float64(), safe=not is_whole).to_numpy(zero_copy_only=False)
        return np.asarray(column, np.float64)
    except (TypeError, ValueError, pa.ArrowNotImplementedError) as wrong:
        raise Refused("number_unreadable", _line(wrong)) from None


def _line(wrong: Exception) -> str:
    return " ".join(str(wrong).split())


def coded(*columns: Column) -> Coded:
    """The id columns as integers; refused where an id is missing or the columns' lengths differ."""
    arrays = [_arrow(c) for c in columns]
    if len({len(a) for a in arrays}) > 1:
        raise Refused("ties_unequal_columns", " ".join(str(len(a)) for a in arrays))
    for array in arrays:
        if array.null_count:
            raise Refused("id_missing", f"row {pc.index(pc.is_null(array), True).as_py()} (from 0)")
    if all(_fits(a) for a in arrays):
        return Coded(tuple(np.asarray(a.to_numpy(), np.int64) for a in arrays), None)
    return _named([_text(a) for a in arrays])


def _fits(array: pa.ChunkedArray) -> bool:
    """Whether these are whole numbers of 64 bits, ``NOBODY`` apart; longer ones are text."""
    if not pa.types.is_integer(array.type):
        return False
    ends = pc.min_max(array).as_py()
    return len(array) == 0 or bool(ends["min"] > NOBODY and ends["max"] <= _WHOLE_MAX)


def _arrow(column: Column) -> pa.ChunkedArray:
    array = arrow(column)
    if pa.types.is_dictionary(array.type):
        array = array.cast(array.type.value_type)
    return _whole(array) if pa.types.is_floating(array.type) else array


def arrow(column: Column) -> pa.ChunkedArray:
    """The column as Arrow holds it; whole numbers and text among each other are text."""
    if isinstance(column, pa.ChunkedArray):
        return column
    try:
        return pa.chunked_array([column if isinstance(column, pa.Array) else pa.array(column)])
    except (TypeError, ValueError, OverflowError, pa.ArrowNotImplementedError):
        return pa.chunked_array([pa.array(map(_written, column), pa.string())])


def _written(one: object) -> str | None:
    if one is None or isinstance(one, str):
        return one
    if isinstance(one, int | np.integer) and not isinstance(one, bool):
        return str(one)
    raise Refused("id_unfit", repr(one)[:80])


def _whole(array: pa.ChunkedArray) -> pa.ChunkedArray:
    """Numbers with a point as the whole numbers they are; NaN is no id."""
    numbers = array.to_numpy()
    wrong = ~np.isfinite(numbers) | (numbers != np.floor(numbers)) | (np.abs(numbers) >= EXACT_MAX)
    if wrong.any():
        row = int(np.argmax(wrong))
        code = "id_missing" if np.isnan(numbers[row]) else "id_unfit"
        raise Refused(code, f"{numbers[row]} in row {row} (from 0)")
    return pa.chunked_array([numbers.astype(np.int64)])


def _text(array: pa.ChunkedArray) -> pa.ChunkedArray:
    """The ids as text; nothing is no id."""
    try:
        text = array.cast(pa.string())
    except (ValueError, pa.ArrowNotImplementedError):
        raise Refused("id_unfit", str(array.type)) from None
    empty = pc.index(text, "").as_py()
    if empty >= 0:
        raise Refused("id_missing", f"row {empty} (from 0)")
    return text


def _named(arrays: list[pa.ChunkedArray]) -> Coded:
    every = pa.chunked_array([chunk for a in arrays for chunk in a.chunks], pa.string())
    words = every.combine_chunks().dictionary_encode()
    if isinstance(words, pa.ChunkedArray):
        words = words.combine_chunks()
    order = pc.sort_indices(words.dictionary).to_numpy()
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    codes = rank[words.indices.to_numpy(zero_copy_only=False)] if len(order) else np.empty(0, np.int64)
    cuts = np.cumsum([len(a) for a in arrays])[:-1]
    return Coded(tuple(np.split(codes, cuts)), words.dictionary.take(pa.array(order)))
