"""Text to tree: a recursive descent over tokens, deep as the limits allow, naming what it expected and where.

    [fans|customers [linked for contact|reward] where]
    city = "Shanghai" and band in (igniter, amplifier) and count(viewed, opened) >= 3 within 30 days

`conditions.py` reads single conditions; this module reads how they are joined.
"""

from __future__ import annotations

from guanxi.question.checks import check
from guanxi.question.conditions import condition
from guanxi.question.cursor import Cursor
from guanxi.question.fields import subject_of
from guanxi.question.nodes import And, Node, Not, Or, Purpose, Question, Subject
from guanxi.question.tokens import Sort, tokens


def parse(text: str) -> Question:
    """The question a text asks; refused with position and what was expected where it cannot be read."""
    cursor = Cursor(tokens(text))
    subject, purpose = _head(cursor)
    tree = _any_of(cursor)
    if cursor.now.sort is not Sort.END:
        raise cursor.unreadable("and", "or", Sort.END)
    return check(Question(tree, subject or subject_of(tree), purpose))


def _head(cursor: Cursor) -> tuple[Subject | None, Purpose]:
    if cursor.now.key not in set(Subject) or cursor.after.key not in {"where", "linked"}:
        return None, Purpose.CONTACT
    subject = Subject(cursor.take().key)
    purpose = Purpose.CONTACT
    if cursor.accept("linked"):
        cursor.expect("for")
        purpose = Purpose(cursor.expect(*Purpose))
    cursor.expect("where")
    return subject, purpose


def _any_of(cursor: Cursor) -> Node:
    parts = [_all_of(cursor)]
    while cursor.accept("or"):
        parts.append(_all_of(cursor))
    return parts[0] if len(parts) == 1 else Or(tuple(parts))


def _all_of(cursor: Cursor) -> Node:
    parts = [_one(cursor)]
    while cursor.accept("and"):
        parts.append(_one(cursor))
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def _one(cursor: Cursor) -> Node:
    if cursor.accept("not"):
        with cursor.deeper():
            return Not(_one(cursor))
    if cursor.accept("("):
        with cursor.deeper():
            inside = _any_of(cursor)
        cursor.expect(")")
        return inside
    return condition(cursor)
