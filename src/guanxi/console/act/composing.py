"""A question changed condition by condition, as the builder does; what comes out is text like any other.

Pure: takes what was chosen in a form, builds the node, and refuses what the question's own rules refuse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from guanxi.question.checks import check
from guanxi.question.fields import FIELDS, subject_of
from guanxi.question.nodes import (
    PRESENCE,
    And,
    Between,
    Count,
    Fact,
    Field,
    FieldName,
    Followed,
    Last,
    Linked,
    Node,
    Not,
    Op,
    Or,
    Purpose,
    Question,
    Score,
    ScoreName,
    Unfollowed,
    Value,
    Window,
)
from guanxi.question.parser import parse
from guanxi.question.text import to_text
from guanxi.vocabulary.activity import Kind
from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.platform import Platform
from guanxi.vocabulary.reasons import Refused

Chosen = Mapping[str, str]
JOINERS = ("and", "or", "and_not")


def condition_of(chosen: Chosen) -> Node:
    """The condition that the form's fields state: `what` names it, the others fill it."""
    sort, _, name = chosen.get("what", "").partition(":")
    try:
        return _BUILDERS[sort](name, chosen)
    except (KeyError, ValueError):
        raise Refused("form_incomplete") from None


def added(text: str, node: Node, joiner: str) -> str:
    """The question with one more condition, joined to all that stood there."""
    part = Not(node) if joiner == "and_not" else node
    if not text.strip():
        return to_text(check(Question(part, subject_of(part))))
    question = parse(text)
    kind = Or if joiner == "or" else And
    before = question.tree.parts if isinstance(question.tree, kind) else (question.tree,)
    return _rewritten(question, kind((*before, part)))


def without(text: str, place: int) -> str:
    """The question less its condition of that number, from 1; empty where none is left."""
    question = parse(text)
    tree = _pruned(question.tree, iter(range(1, 1000)), place)
    return _rewritten(question, tree) if tree is not None else ""


def _rewritten(question: Question, tree: Node) -> str:
    """The subject stays where it was stated; where it followed from the conditions it follows them still."""
    stated = question.subject is not subject_of(question.tree)
    subject = question.subject if stated else subject_of(tree)
    return to_text(check(Question(tree, subject, question.purpose)))


def _pruned(node: Node, places: Iterator[int], place: int) -> Node | None:
    if isinstance(node, (And, Or)):
        found = [_pruned(part, places, place) for part in node.parts]
        kept = tuple(part for part in found if part is not None)
        if len(kept) < 2:
            return kept[0] if kept else None
        return type(node)(kept)
    if isinstance(node, Not):
        inside = _pruned(node.part, places, place)
        return Not(inside) if inside is not None else None
    return None if next(places) == place else node


def _values(chosen: Chosen, is_number: bool) -> tuple[Value, ...]:
    typed = [part.strip() for part in chosen["value"].replace("，", ",").split(",")]
    kept = [part for part in typed if part]
    if not kept:
        raise ValueError
    return tuple(int(part) for part in kept) if is_number else tuple(kept)


def _comparison(chosen: Chosen, is_number: bool) -> tuple[Op, tuple[Value, ...]]:
    op = Op(chosen["op"])
    if op in PRESENCE:
        return op, ()
    values = _values(chosen, is_number)
    if op is Op.EQ and len(values) > 1:
        op = Op.IN
    return op, values


def _field(name: str, chosen: Chosen) -> Node:
    field = FieldName(name)
    return Field(field, *_comparison(chosen, FIELDS[field].is_number))


def _fact(name: str, chosen: Chosen) -> Node:
    side = Side.CUSTOMERS if name == "customer" else Side.SOCIAL
    return Fact(_worded(chosen["fact"]), *_comparison(chosen, _is_count(chosen)), side=side)


def _is_count(chosen: Chosen) -> bool:
    return Op(chosen["op"]) in (Op.LT, Op.LE, Op.GT, Op.GE) and chosen["value"].strip().isdecimal()


def _count(name: str, chosen: Chosen) -> Node:
    return Count(
        (Kind(chosen["kind"]),),
        Op(chosen["op"]),
        int(chosen["n"]),
        _window(chosen),
        chosen.get("topic", "").strip() or None,
        Platform(chosen["platform"]) if chosen.get("platform") else None,
    )


def _score(name: str, chosen: Chosen) -> Node:
    return Score(ScoreName(name), Op(chosen["op"]), int(chosen["n"]), int(chosen["months"]))


def _linked(name: str, chosen: Chosen) -> Node:
    return Linked(Purpose(chosen["purpose"]))


def _followed(name: str, chosen: Chosen) -> Node:
    if chosen.get("since"):
        return Followed(Between(first=date.fromisoformat(chosen["since"])))
    return Followed(Last(int(chosen["days"])))


def _window(chosen: Chosen) -> Window | None:
    return Last(int(chosen["days"])) if chosen.get("days") else None


def _worded(text: str) -> str:
    if not text.strip():
        raise ValueError
    return text.strip()


_BUILDERS: Mapping[str, Callable[[str, Chosen], Node]] = {
    "field": _field,
    "fact": _fact,
    "count": _count,
    "score": _score,
    "linked": _linked,
    "followed": _followed,
    "unfollowed": lambda name, chosen: Unfollowed(),
}
