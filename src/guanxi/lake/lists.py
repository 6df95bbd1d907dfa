"""Lists out of the lake: one page of a named question, ordered by a column from an allow-list."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pyarrow as pa

from guanxi.lake.engine import Engine
from guanxi.vocabulary.reasons import Refused

LIMIT_MAX = 100_000


def ordered_page(
    engine: Engine,
    question: str,
    values: dict[str, Any],
    sort: str,
    allowed: Collection[str],
    offset: int,
    limit: int,
    last: str,
) -> list[dict[str, Any]]:
    """One page of an answer, by an allowed column and then by ``last``; a leading minus is descending."""
    column = sort.removeprefix("-")
    if column not in allowed:
        raise Refused("filter_unknown", sort)
    direction = "DESC" if sort.startswith("-") else "ASC"
    text = (
        f'SELECT * FROM ({question}) AS answer ORDER BY "{column}" {direction} NULLS LAST, {last}'  # noqa: S608
        f" LIMIT {min(max(limit, 0), LIMIT_MAX)} OFFSET {max(offset, 0)}"
    )
    rows: list[dict[str, Any]] = engine.ask(text, **values).to_pylist()
    return rows


def row_count(engine: Engine, question: str, values: dict[str, Any]) -> int:
    """How many rows the whole answer has."""
    count: int = engine.ask(f"SELECT COUNT(*) AS n FROM ({question}) AS answer", **values)["n"][0].as_py()  # noqa: S608
    return count


def one_column(engine: Engine, question: str, values: dict[str, Any], column: str) -> pa.Table:
    """This column of the whole answer, and nothing read for the others."""
    return engine.ask(f'SELECT "{column}" FROM ({question}) AS answer', **values)  # noqa: S608
