"""One condition read from tokens: facts, fields of the allow-list, counts, scores, links, following."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from guanxi.question.checks import is_date
from guanxi.question.cursor import Cursor
from guanxi.question.nodes import (
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
    Purpose,
    Score,
    ScoreName,
    Unfollowed,
    Value,
    Window,
)
from guanxi.question.tokens import Sort
from guanxi.vocabulary.activity import Kind
from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.platform import Platform

SIGNS = {"=": Op.EQ, "!=": Op.NE, "<": Op.LT, "<=": Op.LE, ">": Op.GT, ">=": Op.GE}
SIDE_WORDS = {"fan": Side.SOCIAL, "customer": Side.CUSTOMERS}
SCORE_WORDS = {f"{name}_score": name for name in ScoreName}
WINDOW_WORDS = ("within", "between", "since", "until")
RESERVED = frozenset(
    {"and", "or", "not", "in", "is", "count", "linked", "followed", "unfollowed", "known", "unknown"}
    | {"fans", "customers", "where", *SIDE_WORDS, *SCORE_WORDS, *FieldName}
)


def condition(cursor: Cursor) -> Node:
    """The condition that stands here, now read."""
    key = cursor.now.key
    if key in _READERS:
        cursor.take()
        return _READERS[key](cursor)
    if key in set(FieldName):
        field = FieldName(cursor.take().key)
        return _comparison(cursor, lambda op, values: Field(field, op, values))
    side = Side.SOCIAL
    if key in SIDE_WORDS and cursor.after.key == ".":
        side = SIDE_WORDS[cursor.take().key]
        cursor.take()
    elif key in RESERVED:
        raise cursor.unreadable("condition")
    return _fact(cursor, side)


def _fact(cursor: Cursor, side: Side) -> Node:
    if cursor.now.sort not in {Sort.WORD, Sort.QUOTED}:
        raise cursor.unreadable("condition")
    name = cursor.take().text
    return _comparison(cursor, lambda op, values: Fact(name, op, values, side))


def _comparison(cursor: Cursor, build: Callable[[Op, tuple[Value, ...]], Node]) -> Node:
    if cursor.now.key in SIGNS:
        op = SIGNS[cursor.take().key]
        return build(op, (_value(cursor),))
    if cursor.accept("is"):
        return build(Op(cursor.expect(Op.KNOWN, Op.UNKNOWN)), ())
    if cursor.accept("not"):
        cursor.expect("in")
        return Not(build(Op.IN, _values(cursor)))
    if cursor.accept("in"):
        return build(Op.IN, _values(cursor))
    raise cursor.unreadable(*SIGNS, "in", "is")


def _values(cursor: Cursor) -> tuple[Value, ...]:
    cursor.expect("(")
    found = [_value(cursor)]
    while cursor.accept(","):
        found.append(_value(cursor))
    cursor.expect(")")
    return tuple(found)


def _value(cursor: Cursor) -> Value:
    if cursor.now.key in {Op.KNOWN, Op.UNKNOWN}:
        # Bare, it would read as text that no fact holds; whoever writes it means `is unknown`.
        raise cursor.unreadable(Sort.QUOTED)
    token = cursor.expect_sort(Sort.WORD, Sort.QUOTED, Sort.NUMBER, Sort.DATE)
    return int(token.text) if token.sort is Sort.NUMBER else token.text


def _count(cursor: Cursor) -> Node:
    cursor.expect("(")
    kinds = [Kind(cursor.expect(*Kind))]
    while cursor.accept(","):
        kinds.append(Kind(cursor.expect(*Kind)))
    topic = cursor.expect_sort(Sort.QUOTED, Sort.WORD).text if cursor.accept("about") else None
    platform = Platform(cursor.expect(*Platform)) if cursor.accept("on") else None
    cursor.expect(")")
    op, n = _number_comparison(cursor)
    window = _window(cursor) if cursor.now.key in WINDOW_WORDS else None
    return Count(tuple(kinds), op, n, window, topic, platform)


def _score(name: ScoreName) -> Callable[[Cursor], Node]:
    def read(cursor: Cursor) -> Node:
        op, n = _number_comparison(cursor)
        cursor.expect("within")
        months = _number(cursor)
        cursor.expect("months", "month")
        return Score(name, op, n, months)

    return read


def _linked(cursor: Cursor) -> Node:
    cursor.expect("for")
    return Linked(Purpose(cursor.expect(*Purpose)))


def _followed(cursor: Cursor) -> Node:
    return Followed(_window(cursor))


def _unfollowed(cursor: Cursor) -> Node:
    return Unfollowed()


def _number_comparison(cursor: Cursor) -> tuple[Op, int]:
    op = SIGNS[cursor.expect(*SIGNS)]
    return op, _number(cursor)


def _number(cursor: Cursor) -> int:
    return int(cursor.expect_sort(Sort.NUMBER).text)


def _window(cursor: Cursor) -> Window:
    match cursor.expect(*WINDOW_WORDS):
        case "within":
            days = _number(cursor)
            cursor.expect("days", "day")
            return Last(days)
        case "since":
            return Between(first=_date(cursor))
        case "until":
            return Between(last=_date(cursor))
        case _:
            first = _date(cursor)
            cursor.expect("and")
            return Between(first, _date(cursor))


def _date(cursor: Cursor) -> date:
    if cursor.now.sort is not Sort.DATE or not is_date(cursor.now.text):
        raise cursor.unreadable(Sort.DATE)
    return date.fromisoformat(cursor.take().text)


_READERS: dict[str, Callable[[Cursor], Node]] = {
    "count": _count,
    "linked": _linked,
    "followed": _followed,
    "unfollowed": _unfollowed,
    **{word: _score(name) for word, name in SCORE_WORDS.items()},
}
