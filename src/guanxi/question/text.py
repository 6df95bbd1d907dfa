"""Tree to text: what `parser.parse` reads back as the same tree."""

from __future__ import annotations

import re

from guanxi.question.conditions import RESERVED, SCORE_WORDS, SIDE_WORDS, SIGNS
from guanxi.question.fields import subject_of
from guanxi.question.nodes import (
    ORDERING,
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
    Op,
    Or,
    Purpose,
    Question,
    Score,
    Value,
    Window,
)

_WORD = re.compile(r"[^\W\d]\w*")
_SIGN_OF = {op: sign for sign, op in SIGNS.items()}
_SIDE_WORD_OF = {side: word for word, side in SIDE_WORDS.items()}
_SCORE_WORD_OF = {name: word for word, name in SCORE_WORDS.items()}


def to_text(question: Question) -> str:
    """The question as a reader would type it; the head is written only where it says something."""
    body = _tree(question.tree)
    if question.subject is subject_of(question.tree) and question.purpose is Purpose.CONTACT:
        return body
    linked = "" if question.purpose is Purpose.CONTACT else f" linked for {question.purpose}"
    return f"{question.subject}{linked} where {body}"


def _tree(node: Node) -> str:
    if isinstance(node, And):
        return " and ".join(_inside(part) for part in node.parts)
    if isinstance(node, Or):
        # A group of "and" binds tighter and needs no brackets here.
        return " or ".join(_tree(part) if isinstance(part, And) else _inside(part) for part in node.parts)
    return f"not {_inside(node.part)}" if isinstance(node, Not) else condition_text(node)


def _inside(node: Node) -> str:
    return f"({_tree(node)})" if isinstance(node, (And, Or)) else _tree(node)


def condition_text(leaf: Condition) -> str:
    """One condition as text."""
    match leaf:
        case Fact(name=name, op=op, values=values, side=side):
            return f"{_fact_name(name, _SIDE_WORD_OF[side])} {_comparison(op, values)}"
        case Field(field=field, op=op, values=values):
            return f"{field} {_comparison(op, values)}"
        case Count():
            return _count(leaf)
        case Score(score=score, op=op, n=n, months=months):
            return f"{_SCORE_WORD_OF[score]} {_SIGN_OF[op]} {n} within {months} months"
        case Linked(purpose=purpose):
            return f"linked for {purpose}"
        case Followed(window=window):
            return f"followed {_window(window)}"
        case _:
            return "unfollowed"


def _fact_name(name: str, side_word: str) -> str:
    plain = _WORD.fullmatch(name) is not None
    shown = name if plain else _quote(name)
    return shown if side_word == "fan" and name.casefold() not in RESERVED else f"{side_word}.{shown}"


def _comparison(op: Op, values: tuple[Value, ...]) -> str:
    if op is Op.IN:
        return f"in ({', '.join(_value(value) for value in values)})"
    if not values:
        return f"is {op}"
    bare = op in ORDERING and isinstance(values[0], str)
    return f"{_SIGN_OF[op]} {values[0] if bare else _value(values[0])}"


def _value(value: Value) -> str:
    if isinstance(value, int):
        return str(value)
    is_plain = _WORD.fullmatch(value) is not None and value.casefold() not in RESERVED
    return value if is_plain else _quote(value)


def _quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _count(leaf: Count) -> str:
    about = "" if leaf.topic is None else f" about {_quote(leaf.topic)}"
    on = "" if leaf.platform is None else f" on {leaf.platform}"
    window = "" if leaf.window is None else f" {_window(leaf.window)}"
    return f"count({', '.join(leaf.kinds)}{about}{on}) {_SIGN_OF[leaf.op]} {leaf.n}{window}"


def _window(window: Window) -> str:
    match window:
        case Last(days=days):
            return f"within {days} days"
        case Between(first=None, last=last):
            return f"until {last}"
        case Between(first=first, last=None):
            return f"since {first}"
        case Between(first=first, last=last):
            return f"between {first} and {last}"
