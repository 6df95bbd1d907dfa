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
EXACT_MAX = 2.0**53


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
        """The codes of these ids; a name that no column holds becomes -1."""
        if self.names is None:
            return np.asarray([_whole_number(str(i)) for i in ids], np.int64)
        places = pc.index_in(pa.array([str(i) for i in ids], pa.string()), value_set=self.names)
        return np.asarray(pc.fill_null(places, -1).to_numpy(), np.int64)


def _whole_number(text: str) -> int:
    """The id that is written so; -1 for what no column of whole numbers holds, such as 001."""
    number = int(text) if text.removeprefix("-").isdecimal() else -1
    return number if str(number) == text else -1


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


def as_ties(ties: Ties | pa.Table | tuple[Column, ...]) -> Ties:
    """Ties from a table with columns influencer, influenced and perhaps probability, or from two or three
    columns.
    """
    if isinstance(ties, Ties):
        return ties
    if isinstance(ties, pa.Table):
        missing = {"influencer", "influenced"} - set(ties.column_names)
        if missing:
            raise Refused("column_missing", " ".join(sorted(missing)))
        names = [c for c in ("influencer", "influenced", "probability") if c in ties.column_names]
        ties = tuple(ties[c] for c in names)
    probability = numbers(ties[2]) if len(ties) > 2 else None
    return Ties(coded(ties[0], ties[1]), probability)


def numbers(column: Column) -> Floats:
    """The column as floats; a missing value becomes NaN, which the kernels refuse."""
    if isinstance(column, pa.Array | pa.ChunkedArray):
        try:
            is_whole = pa.types.is_integer(column.type)
            column = pc.cast(column, pa.float64(), safe=not is_whole).to_numpy(zero_copy_only=False)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as wrong:
            raise Refused("number_unreadable", str(wrong)) from None
    return np.asarray(column, np.float64)


def coded(*columns: Column) -> Coded:
    """The id columns as integers; refused where an id is missing or the columns' lengths differ."""
    arrays = [_arrow(c) for c in columns]
    if len({len(a) for a in arrays}) > 1:
        raise Refused("ties_unequal_columns", " ".join(str(len(a)) for a in arrays))
    for array in arrays:
        if array.null_count:
            raise Refused("id_missing", f"row {pc.index(pc.is_null(array), True).as_py()} (from 0)")
    if all(pa.types.is_integer(a.type) for a in arrays):
        return Coded(tuple(np.asarray(a.to_numpy(), np.int64) for a in arrays), None)
    return _named([_text(a) for a in arrays])


def _arrow(column: Column) -> pa.ChunkedArray:
    array = column if isinstance(column, pa.ChunkedArray) else pa.chunked_array([_one_array(column)])
    if pa.types.is_dictionary(array.type):
        return array.cast(array.type.value_type)
    return _whole(array) if pa.types.is_floating(array.type) else array


def _one_array(column: Column) -> pa.Array:
    return column if isinstance(column, pa.Array) else pa.array(column)


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
    except pa.ArrowNotImplementedError:
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
