"""A question put to the lake: how many, whom, how much of it is known, and why one identity is in or out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from guanxi.lake.engine import Engine
from guanxi.question.compile import compile_question
from guanxi.question.describe import Chip, chip
from guanxi.question.nodes import Question, conditions


@dataclass(frozen=True)
class KnownOf:
    """Of how many asked identities one condition's truth is known."""

    chip: Chip
    known: int


@dataclass(frozen=True)
class Counted:
    """The size of an answer and its coverage: of how many it can be said at all.

    Attributes:
        size: for how many the question is true.
        asked: how many identities it is asked of.
        decided: for how many it is known to be true or false.
        conditions: the same for each condition, in order.
    """

    size: int
    asked: int
    decided: int
    conditions: tuple[KnownOf, ...]

    @property
    def coverage(self) -> float | None:
        """The share of the asked for whom the answer is known; None where nobody is there to be asked."""
        return self.decided / self.asked if self.asked else None


@dataclass(frozen=True)
class Judged:
    """One condition and whether it holds: None is unknown."""

    chip: Chip
    truth: bool | None


@dataclass(frozen=True)
class Why:
    """Whether a question holds for one identity, and each condition; strangers are not ``is_asked``."""

    is_asked: bool
    truth: bool | None
    conditions: tuple[Judged, ...]


def count(engine: Engine, question: Question, as_of: datetime) -> Counted:
    """Size and coverage of the answer, in one pass."""
    asked = compile_question(question, as_of).coverage()
    row = engine.ask(asked.sql, **asked.params).to_pylist()[0]
    leaves = range(1, len(conditions(question.tree)) + 1)
    known = known_of(question, [row[f"k{place}"] for place in leaves])
    return Counted(row["size"], row["asked"], row["decided"], known)


def known_of(question: Question, known: Sequence[int]) -> tuple[KnownOf, ...]:
    """The question's conditions, each with of how many it is known."""
    leaves = zip(conditions(question.tree), known, strict=True)
    return tuple(KnownOf(chip(leaf), number) for leaf, number in leaves)


def members(engine: Engine, question: Question, as_of: datetime) -> pa.Table:
    """The identities for whom the question is true, ascending."""
    asked = compile_question(question, as_of).members()
    return engine.ask(asked.sql, **asked.params).sort_by("identity")


def why(engine: Engine, question: Question, identity: int, as_of: datetime) -> Why:
    """The truth of the question and of each condition for one identity."""
    asked = compile_question(question, as_of).why(identity)
    rows = engine.ask(asked.sql, **asked.params).to_pylist()
    row = rows[0] if rows else {}
    judged = tuple(
        Judged(chip(leaf), row.get(f"t{place}"))
        for place, leaf in enumerate(conditions(question.tree), start=1)
    )
    return Why(bool(rows), row.get("truth"), judged)
