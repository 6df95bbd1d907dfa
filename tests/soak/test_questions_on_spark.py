"""Every analytic question gives the same rows in DuckDB and, carried over, on a local Spark."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import planted
import pytest
from sqlglot import exp

sys.path.insert(0, str(Path(__file__).parents[1] / "architecture"))
import questions
import tree

pytestmark = pytest.mark.soak


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate()
    )
    yield session
    session.stop()


def _tables(question: exp.Expression) -> set[str]:
    """What a question reads from outside, by full name; its own WITH clauses are not from outside."""
    own = {cte.alias for cte in question.find_all(exp.CTE)}
    named = [table for table in question.find_all(exp.Table) if table.db or table.name not in own]
    return {f"{table.db}.{table.name}" if table.db else table.name for table in named}


def _flat(question: exp.Expression) -> exp.Expression:
    """Tables by one name each, since a temporary view has no schema."""

    def rename(node: exp.Expression) -> exp.Expression:
        if isinstance(node, exp.Table) and node.db:
            flat = exp.to_table(f"{node.db}__{node.name}")
            return exp.alias_(flat, node.alias or node.name, table=True)
        return node

    return question.transform(rename)


def _plain(value: Any) -> Any:
    """A value as both engines would say it."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float):
        return 0.0 if value == 0 else float(f"{value:.9g}")
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return value


def _sorted(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    plain = [tuple(_plain(value) for value in row) for row in rows]
    return sorted(plain, key=lambda row: [(value is None, str(value)) for value in row])


def _in_duckdb(
    question: exp.Expression, tables: dict[str, Any], marks: dict[str, Any]
) -> list[tuple[Any, ...]]:
    with duckdb.connect() as engine:
        engine.execute("SET TimeZone = 'UTC'")
        for name, rows in tables.items():
            # A table of its own, as files are: no filter is carried into rows that Python holds.
            engine.register("rows_brought", rows)
            engine.execute(f'CREATE TABLE "{name}" AS SELECT * FROM rows_brought')
        answer = engine.execute(_flat(question).sql(dialect="duckdb"), marks or None).to_arrow_table()
        return list(zip(*(column.to_pylist() for column in answer.columns), strict=True))


def _on_spark(
    spark: Any, question: exp.Expression, tables: dict[str, Any], marks: dict[str, Any]
) -> list[tuple[Any, ...]]:
    for name, rows in tables.items():
        spark.createDataFrame(rows).createOrReplaceTempView(name)
    answer = spark.sql(questions.spark_text(_flat(question)), args=marks or None)
    return [tuple(row) for row in answer.collect()]


@pytest.mark.parametrize("path", questions.FILES, ids=tree.short)
def test_a_question_is_answered_alike_on_spark(
    spark: Any, path: Path, record_property: Callable[[str, object], None]
) -> None:
    [question] = questions.statements(path)
    words = planted.words_of(question)
    room = path.relative_to(tree.PACKAGE).parts[0]
    tables = {
        name.replace(".", "__"): planted.rows_of(name, planted.schema_of(room, name), words)
        for name in _tables(question)
    }
    marks = {mark.name: planted.value_of(room, mark.name) for mark in question.find_all(exp.Placeholder)}
    ours = _sorted(_in_duckdb(question, tables, marks))
    theirs = _sorted(_on_spark(spark, question, tables, marks))
    record_property("rows", len(ours))
    assert len(ours) == len(theirs)
    differing = [(mine, other) for mine, other in zip(ours, theirs, strict=True) if not _alike(mine, other)]
    assert differing[:3] == []


def _alike(mine: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    return all(_same(a, b) for a, b in zip(mine, other, strict=True))


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, float) or isinstance(b, float):
        return a is not None and b is not None and math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)
    return bool(a == b)
