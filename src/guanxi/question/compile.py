"""A tree made into SQL with bound values: who it yields, how many, how much is known, and why somebody is in.

The dialect is DuckDB's within what Spark reads with the same meaning. Truth has three values: what is unknown
stays unknown through "not", "and", "or", and yields nobody.
"""

# ruff: noqa: S608 -- this file and sources.py are where SQL is put together; fuzz tests hold them to bound values.
from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from guanxi.question.checks import check
from guanxi.question.fields import is_bridged
from guanxi.question.nodes import And, Node, Not, Or, Question, conditions
from guanxi.question.sources import Bound, Source, bridge, source, universe
from guanxi.vocabulary.time import aware


@dataclass(frozen=True)
class Compiled:
    """SQL and the values it binds, asked of the lake as they stand."""

    sql: str
    params: dict[str, object]


@dataclass(frozen=True)
class Answer:
    """A question compiled once, to be read in several ways.

    Attributes:
        leaves: how many conditions there are; their truths are columns ``t1``, ``t2``... of ``answered``.
    """

    ctes: str
    params: dict[str, object]
    leaves: int

    def members(self) -> Compiled:
        """Rows (identity): for whom the question is true."""
        return self._with("SELECT identity FROM answered WHERE truth")

    def size(self) -> Compiled:
        """One row (size): for how many it is true."""
        return self._with("SELECT COUNT(*) AS size FROM answered WHERE truth")

    def coverage(self) -> Compiled:
        """One row (asked, decided, size, k1...): how many there are, for how many each truth is known."""
        known = "".join(f", COUNT(t{i}) AS k{i}" for i in range(1, self.leaves + 1))
        size = "COUNT(CASE WHEN truth THEN 1 END)"
        return self._with(
            f"SELECT COUNT(*) AS asked, COUNT(truth) AS decided, {size} AS size{known} FROM answered"
        )

    def why(self, identity: int) -> Compiled:
        """One row (truth, t1, t2...) for one identity; no row where the question cannot yield it."""
        truths = "".join(f", t{i}" for i in range(1, self.leaves + 1))
        asked = self._with(f"SELECT truth{truths} FROM answered WHERE identity = $identity")
        return replace(asked, params={**asked.params, "identity": identity})

    def _with(self, select: str) -> Compiled:
        return Compiled(f"WITH {self.ctes}\n{select}", dict(self.params))


def compile_question(question: Question, as_of: datetime) -> Answer:
    """The question's SQL when it is asked at ``as_of``; refused where the tree breaks a rule."""
    check(question)
    bound, subject, leaves = Bound(), question.subject, conditions(question.tree)
    ctes, own, truths, joins = [], [], [], []
    if any(is_bridged(leaf, subject) for leaf in leaves):
        ctes.append(("bridge", bridge(subject, question.purpose, bound)))
    for place, leaf in enumerate(leaves, start=1):
        bridged = is_bridged(leaf, subject)
        read = source(leaf, bound, aware(as_of), bridged)
        if read.own and not bridged:
            own.append(f"{read.own} AS v{place}")
            truth = _truth(read, f"who.v{place}", read.missing)
        else:
            rows, absent = (_carried(read), read.beyond) if bridged else (read.sql, read.missing)
            ctes.append((f"c{place}", rows))
            joins.append(f" LEFT JOIN c{place} ON c{place}.identity = who.identity")
            truth = _truth(read, f"c{place}.value", absent)
        truths.append(f"({truth}) AS t{place}")
    judged = f"SELECT who.identity AS identity, {', '.join(truths)} FROM who{''.join(joins)}"
    answered = f"SELECT *, {_joined(question.tree)} AS truth FROM judged"
    ctes = [("who", universe(subject, own)), *ctes, ("judged", judged), ("answered", answered)]
    return Answer(",\n".join(f"{name} AS ({sql})" for name, sql in ctes), bound.values, len(leaves))


def _truth(read: Source, value: str, absent: int | None) -> str:
    return read.test.format(value=_or(value, absent))


def _carried(leaf: Source) -> str:
    """A condition's rows carried across links to the subject's side."""
    return (
        f"SELECT bridge.identity AS identity, {leaf.total}({_or('near.value', leaf.missing)}) AS value"
        f" FROM bridge LEFT JOIN ({leaf.sql}) AS near ON near.identity = bridge.other GROUP BY 1"
    )


def _or(column: str, absent: int | None) -> str:
    return column if absent is None else f"COALESCE({column}, {absent})"


def _joined(tree: Node) -> str:
    """The tree over the columns t1, t2... in the order of its leaves."""
    places = iter(range(1, len(conditions(tree)) + 1))

    def joined(node: Node) -> str:
        if isinstance(node, (And, Or)):
            word = " AND " if isinstance(node, And) else " OR "
            return f"({word.join(joined(part) for part in node.parts)})"
        return f"(NOT {joined(node.part)})" if isinstance(node, Not) else f"t{next(places)}"

    return joined(tree)
