"""Whether a tree may be asked: limits of size, operators that fit their field, values that fit both.

Every door runs it (text and JSON alike), so that the compiler meets only trees that keep the allow-list.
"""

from __future__ import annotations

from datetime import date
from unicodedata import category

from guanxi.question.fields import CUSTOMER_KINDS, FIELDS, SOCIAL_KINDS, depth, node_count
from guanxi.question.nodes import (
    COUNTING,
    DAYS_MAX,
    DEPTH_MAX,
    MONTHS_MAX,
    NAME_CHARS_MAX,
    NODES_MAX,
    NUMBER_MAX,
    ORDERING,
    PRESENCE,
    VALUE_CHARS_MAX,
    VALUES_MAX,
    And,
    Between,
    Condition,
    Count,
    Fact,
    Field,
    Followed,
    Last,
    Node,
    Not,
    Op,
    Or,
    Question,
    Score,
    Value,
    Window,
    conditions,
)
from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.reasons import Refused

_UNWRITABLE = frozenset({"Cc", "Cs"})  # control signs, and halves of a character that no database stores


def check(question: Question) -> Question:
    """The same question, now known to keep every rule; refused with a code where it does not."""
    if depth(question.tree) > DEPTH_MAX:
        raise Refused("question_too_deep", str(DEPTH_MAX))
    if node_count(question.tree) > NODES_MAX:
        raise Refused("question_too_large", str(NODES_MAX))
    _check_groups(question.tree)
    for leaf in conditions(question.tree):
        _check_condition(leaf)
    return question


def _check_groups(tree: Node) -> None:
    if isinstance(tree, (And, Or)):
        if len(tree.parts) < 2:
            raise Refused("question_group_too_small")
        for part in tree.parts:
            _check_groups(part)
    elif isinstance(tree, Not):
        _check_groups(tree.part)


def _check_condition(leaf: Condition) -> None:
    match leaf:
        case Fact():
            _check_fact(leaf)
        case Field():
            _check_field(leaf)
        case Count():
            _check_count(leaf)
        case Score(op=op, n=n, months=months):
            _check_number_op(op, n)
            _check_span(months, MONTHS_MAX)
        case Followed(window=window):
            _check_window(window)
        case _:
            pass


def _check_fact(fact: Fact) -> None:
    if fact.side is Side.RELATIONSHIP:
        raise Refused("question_side_unknown", fact.name)
    _check_word(fact.name, NAME_CHARS_MAX)
    _check_values(fact.op, fact.values)
    if fact.op in ORDERING and isinstance(fact.values[0], str) and not is_date(fact.values[0]):
        raise Refused("question_value_not_ordered", fact.values[0])


def _check_field(leaf: Field) -> None:
    rule = FIELDS[leaf.field]
    if leaf.op not in rule.ops:
        raise Refused("question_operator_unfit", f"{leaf.field} {leaf.op}")
    _check_values(leaf.op, leaf.values)
    for value in leaf.values:
        if isinstance(value, int) is not rule.is_number:
            raise Refused("question_value_unfit", f"{leaf.field} {value}")
        if rule.choices and value not in rule.choices:
            raise Refused("question_value_unknown", f"{leaf.field} {value}")


def _check_count(leaf: Count) -> None:
    kinds = set(leaf.kinds)
    if not kinds or len(kinds) != len(leaf.kinds):
        raise Refused("question_kinds_unfit")
    if not (kinds <= SOCIAL_KINDS or kinds <= CUSTOMER_KINDS):
        raise Refused("question_kinds_of_two_sides", ", ".join(sorted(kinds)))
    if kinds <= CUSTOMER_KINDS and (leaf.topic is not None or leaf.platform is not None):
        raise Refused("question_orders_have_no_topic")
    if leaf.topic is not None:
        _check_word(leaf.topic, VALUE_CHARS_MAX)
    _check_number_op(leaf.op, leaf.n)
    if leaf.window is not None:
        _check_window(leaf.window)


def _check_number_op(op: Op, n: int) -> None:
    if op not in COUNTING:
        raise Refused("question_operator_unfit", op)
    _check_number(n)


def _check_window(window: Window) -> None:
    match window:
        case Last(days=days):
            _check_span(days, DAYS_MAX)
        case Between(first=None, last=None):
            raise Refused("question_window_empty")
        case Between(first=date() as first, last=date() as last) if last < first:
            raise Refused("question_window_empty", f"{first} {last}")


def _check_span(span: int, limit: int) -> None:
    if not 1 <= span <= limit:
        raise Refused("question_window_too_long", str(limit))


def _check_values(op: Op, values: tuple[Value, ...]) -> None:
    wanted = range(0, 1) if op in PRESENCE else range(1, VALUES_MAX + 1) if op is Op.IN else range(1, 2)
    if len(values) not in wanted:
        raise Refused("question_values_unfit", op)
    if len({type(value) for value in values}) > 1:
        raise Refused("question_values_of_two_sorts")
    for value in values:
        if isinstance(value, str):
            _check_word(value, VALUE_CHARS_MAX)
        else:
            _check_number(value)


def _check_number(n: int) -> None:
    if not -NUMBER_MAX <= n <= NUMBER_MAX:
        raise Refused("question_number_too_large")


def _check_word(text: str, limit: int) -> None:
    if not text or len(text) > limit or any(category(sign) in _UNWRITABLE for sign in text):
        raise Refused("question_word_unfit", text[:40])


def is_date(text: str) -> bool:
    """True where the text is a calendar day as ISO 8601 writes it.

    >>> is_date("2026-02-28"), is_date("2026-02-30"), is_date("20260228")
    (True, False, False)
    """
    try:
        return len(text) == 10 and date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
