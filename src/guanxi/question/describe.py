"""A tree as codes for doors: chips and how they are joined, to be worded in any language."""

from __future__ import annotations

from dataclasses import dataclass

from guanxi.question.fields import side_of_condition
from guanxi.question.nodes import (
    And,
    Between,
    Condition,
    Count,
    Fact,
    Field,
    Followed,
    Last,
    Linked,
    Node,
    Not,
    Or,
    Question,
    Score,
    Value,
    Window,
)
from guanxi.question.text import condition_text
from guanxi.vocabulary.ids import Side


@dataclass(frozen=True)
class Span:
    """A window as codes: ``last`` with days or months, or ``between`` with ISO days (empty: open)."""

    code: str
    days: int = 0
    months: int = 0
    first: str = ""
    last: str = ""


@dataclass(frozen=True)
class Chip:
    """One condition: ``code`` names its sort, ``name`` its fact or field, the rest what it compares."""

    code: str
    side: Side
    text: str
    name: str = ""
    op: str = ""
    values: tuple[Value, ...] = ()
    kinds: tuple[str, ...] = ()
    topic: str = ""
    platform: str = ""
    span: Span | None = None


@dataclass(frozen=True)
class Group:
    """Chips and groups joined by ``and`` or ``or``; ``not`` has one part."""

    joiner: str
    parts: tuple[Chip | Group, ...]


def describe(question: Question) -> Chip | Group:
    """The tree as chips and groups, in the order it was written."""
    return _described(question.tree)


def chip(leaf: Condition) -> Chip:
    """One condition as codes."""
    side, text = side_of_condition(leaf), condition_text(leaf)
    match leaf:
        case Fact(name=name, op=op, values=values):
            return Chip("fact", side, text, name, op, values)
        case Field(field=field, op=op, values=values):
            return Chip("field", side, text, field, op, values)
        case Count():
            return _count(leaf, side, text)
        case Score(score=score, op=op, n=n, months=months):
            return Chip("score", side, text, score, op, (n,), span=Span("last", months=months))
        case Linked(purpose=purpose):
            return Chip("linked", side, text, purpose)
        case Followed(window=window):
            return Chip("followed", side, text, span=_span(window))
        case _:
            return Chip("unfollowed", side, text)


def _described(node: Node) -> Chip | Group:
    if isinstance(node, (And, Or)):
        joiner = "and" if isinstance(node, And) else "or"
        return Group(joiner, tuple(_described(part) for part in node.parts))
    return Group("not", (_described(node.part),)) if isinstance(node, Not) else chip(node)


def _count(leaf: Count, side: Side, text: str) -> Chip:
    return Chip(
        "count",
        side,
        text,
        op=leaf.op,
        values=(leaf.n,),
        kinds=tuple(leaf.kinds),
        topic=leaf.topic or "",
        platform=leaf.platform or "",
        span=None if leaf.window is None else _span(leaf.window),
    )


def _span(window: Window) -> Span:
    match window:
        case Last(days=days):
            return Span("last", days=days)
        case Between(first=first, last=last):
            return Span("between", first=str(first or ""), last=str(last or ""))
