"""The named questions, and what of DuckDB's dialect they may say: what means the same on Spark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import sqlglot
import tree
from sqlglot import exp

FILES = sorted(path for path in tree.ending(".sql") if path.parent.name == "sql")

NODES: set[type[exp.Expression]] = {
    # the shape of a question
    *(
        exp.Select,
        exp.From,
        exp.Join,
        exp.Where,
        exp.Group,
        exp.Having,
        exp.Order,
        exp.Ordered,
        exp.Limit,
        exp.Offset,
    ),
    *(
        exp.With,
        exp.CTE,
        exp.Subquery,
        exp.Union,
        exp.Except,
        exp.Intersect,
        exp.Distinct,
        exp.Values,
        exp.Tuple,
    ),
    *(exp.Table, exp.TableAlias, exp.Column, exp.Identifier, exp.Alias, exp.Star, exp.Dot),
    # values
    *(
        exp.Literal,
        exp.Null,
        exp.Boolean,
        exp.Parameter,
        exp.Placeholder,
        exp.Var,
        exp.Interval,
        exp.DataType,
    ),
    *(exp.DataTypeParam, exp.Cast, exp.Case, exp.If, exp.Coalesce, exp.Nullif, exp.Paren, exp.Neg),
    # arithmetic, comparison, logic
    *(
        exp.Add,
        exp.Sub,
        exp.Mul,
        exp.Div,
        exp.IntDiv,
        exp.Mod,
        exp.EQ,
        exp.NEQ,
        exp.GT,
        exp.GTE,
        exp.LT,
        exp.LTE,
    ),
    *(
        exp.And,
        exp.Or,
        exp.Not,
        exp.Is,
        exp.In,
        exp.Between,
        exp.Exists,
        exp.Like,
        exp.NullSafeEQ,
        exp.NullSafeNEQ,
    ),
    # aggregates whose answer does not hang on an order
    *(exp.Count, exp.Sum, exp.Min, exp.Max, exp.Avg, exp.Filter),
    # windows
    *(exp.Window, exp.WindowSpec, exp.RowNumber, exp.Rank, exp.DenseRank, exp.Ntile, exp.PercentRank),
    *(exp.CumeDist, exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue),
    # numbers, text and days
    *(exp.Abs, exp.Round, exp.Floor, exp.Ceil, exp.Ln, exp.Exp, exp.Sqrt, exp.Pow, exp.Greatest, exp.Least),
    *(exp.Lower, exp.Upper, exp.Trim, exp.Length, exp.Concat, exp.DPipe, exp.Substring, exp.Date),
    *(
        exp.DateDiff,
        exp.DateTrunc,
        exp.TimestampTrunc,
        exp.TsOrDsToDate,
        exp.Extract,
        exp.Year,
        exp.Month,
        exp.Day,
    ),
}


def statements(path: Path) -> list[exp.Expression]:
    return [one for one in sqlglot.parse(path.read_text(encoding="utf-8"), read="duckdb") if one is not None]


def not_portable(path: Path) -> set[str]:
    """What the question says that is not on the list, by the name of its kind."""
    nodes = [node for one in statements(path) for node in one.walk()]
    joins = {f"{node.method} join" for node in nodes if isinstance(node, exp.Join) and node.method}
    return joins | {_named(node) for node in nodes if type(node) not in NODES}


def _named(node: exp.Expression) -> str:
    return f"function {node.name}" if isinstance(node, exp.Anonymous) else type(node).__name__


def disorderly(path: Path) -> Iterator[str]:
    """Constructs of the list that are used in a way which answers differently from run to run."""
    for one in statements(path):
        for distinct in one.find_all(exp.Distinct):
            if distinct.args.get("on"):
                yield "DISTINCT ON"
        for limit in one.find_all(exp.Limit):
            if not limit.parent.args.get("order"):
                yield "LIMIT without ORDER BY"
        for window in one.find_all(exp.Window):
            if isinstance(window.this, exp.RowNumber | exp.Ntile) and not window.args.get("order"):
                yield f"{window.this.key} over rows in no order"


def on_spark(path: Path) -> list[str]:
    """The question in Spark's dialect; a mark is a named parameter there too."""
    return [spark_text(one) for one in statements(path)]


def spark_text(question: exp.Expression) -> str:
    return question.sql(dialect="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)
