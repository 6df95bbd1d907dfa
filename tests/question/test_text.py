"""Text and JSON say the same tree; what cannot be read is refused with place and expectation."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.question.checks import check
from guanxi.question.describe import Chip, Group, describe
from guanxi.question.fields import asks_links, sides
from guanxi.question.nodes import (
    DEPTH_MAX,
    And,
    Between,
    Count,
    Fact,
    Field,
    FieldName,
    Followed,
    Last,
    Linked,
    Not,
    Op,
    Or,
    Purpose,
    Question,
    Score,
    ScoreName,
    Subject,
    Unfollowed,
)
from guanxi.question.parser import parse
from guanxi.question.stored import from_json, to_json
from guanxi.question.text import to_text
from guanxi.question.tokens import Unreadable
from guanxi.vocabulary.activity import Kind
from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.platform import Platform
from guanxi.vocabulary.reasons import Refused

from .trees import questions

SAMPLE = (
    'city = "Shanghai" and band in (igniter, amplifier) and count(viewed, opened) >= 3 within 30 days'
    " and not unfollowed"
)


@given(questions)
@settings(max_examples=50, deadline=None)
def test_text_and_json_read_back_as_the_same_tree(question: Question) -> None:
    assert parse(to_text(check(question))) == question
    assert from_json(to_json(question)) == question


def test_a_question_reads_as_one_would_say_it() -> None:
    assert parse(SAMPLE) == Question(
        And(
            (
                Fact("city", Op.EQ, ("Shanghai",)),
                Field(FieldName.BAND, Op.IN, ("igniter", "amplifier")),
                Count((Kind.VIEWED, Kind.OPENED), Op.GE, 3, Last(30)),
                Not(Unfollowed()),
            )
        ),
        Subject.FANS,
    )


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("gender is unknown", Fact("gender", Op.UNKNOWN)),
        ("birth_year < 1990", Fact("birth_year", Op.LT, (1990,))),
        ("subscribed_on >= 2026-01-01", Fact("subscribed_on", Op.GE, ("2026-01-01",))),
        ("customer.city != Shanghai", Fact("city", Op.NE, ("Shanghai",), Side.CUSTOMERS)),
        ("fan.tier = gold", Fact("tier", Op.EQ, ("gold",))),
        ('"skin type" = dry', Fact("skin type", Op.EQ, ("dry",))),
        ("city not in (Rome, Paris)", Not(Fact("city", Op.IN, ("Rome", "Paris")))),
        ("城市 = 上海", Fact("城市", Op.EQ, ("上海",))),
        ("linked for reward", Linked(Purpose.REWARD)),
        ("daily_score >= 12 within 3 months", Score(ScoreName.DAILY, Op.GE, 12, 3)),
        ("followed since 2026-01-01", Followed(Between(first=date(2026, 1, 1)))),
        ("R >= 4 AND m = 5", And((Field(FieldName.R, Op.GE, (4,)), Field(FieldName.M, Op.EQ, (5,))))),
        (
            'count(liked about "跑步" on wechat) > 0 between 2026-10-01 and 2026-10-31 or unfollowed',
            Or(
                (
                    Count(
                        (Kind.LIKED,),
                        Op.GT,
                        0,
                        Between(date(2026, 10, 1), date(2026, 10, 31)),
                        "跑步",
                        Platform.WECHAT,
                    ),
                    Unfollowed(),
                )
            ),
        ),
    ],
)
def test_every_sort_of_condition_has_a_text(text: str, tree: object) -> None:
    assert parse(text).tree == tree


def test_and_binds_tighter_than_or_and_brackets_win() -> None:
    one, two, three = (Fact(name, Op.KNOWN) for name in "xyz")
    x, y, z = ("x is known", "y is known", "z is known")
    assert parse(f"{x} or {y} and {z}").tree == Or((one, And((two, three))))
    assert parse(f"({x} or {y}) and {z}").tree == And((Or((one, two)), three))


def test_a_chinese_keyboard_may_be_used() -> None:
    assert parse("（city ＝ “上海”） and band in （igniter， amplifier） and r ≥ 4") == parse(
        '(city = "上海") and band in (igniter, amplifier) and r >= 4'
    )


def test_who_is_asked_for_follows_from_the_conditions_unless_it_is_said() -> None:
    assert parse("r >= 4").subject is Subject.CUSTOMERS
    assert parse("r >= 4 and unfollowed").subject is Subject.FANS
    said = parse("fans linked for reward where r >= 4")
    assert (said.subject, said.purpose) == (Subject.FANS, Purpose.REWARD)
    assert to_text(said) == "fans linked for reward where r >= 4"


@pytest.mark.parametrize(
    ("text", "position", "expected"),
    [
        ("", 0, "condition"),
        ("city", 4, "="),
        ("city = ", 7, "word"),
        ("city is maybe", 8, "known"),
        ("gender = unknown", 9, "quoted"),
        ("band in igniter", 8, "("),
        ("count(viewed) >= many", 17, "number"),
        ("count(bought) >= 1", 6, "viewed"),
        ("count(viewed) >= 1 within 3 weeks", 28, "days"),
        ("followed since 2026-02-30", 15, "date"),
        ("x = 1 y = 2", 6, "and"),
        ("(x = 1", 6, ")"),
        ("x = 1; DROP TABLE fan", 5, "word"),
        ("x = 'a'", 4, "word"),
        ("fans where", 10, "condition"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place_and_what_was_expected(
    text: str, position: int, expected: str
) -> None:
    with pytest.raises(Unreadable) as refused:
        parse(text)
    assert refused.value.position == position
    assert expected in refused.value.expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("band = king", "question_value_unknown"),
        ("band > igniter", "question_operator_unfit"),
        ("r = high", "question_value_unfit"),
        ("city > Shanghai", "question_value_not_ordered"),
        ("city in (Rome, 3)", "question_values_of_two_sorts"),
        ("count(viewed, ordered) > 1", "question_kinds_of_two_sides"),
        ("count(ordered on wechat) > 1", "question_orders_have_no_topic"),
        ("count(viewed) > 1 within 9999 days", "question_window_too_long"),
        ("count(viewed) > 1 between 2026-02-01 and 2026-01-01", "question_window_empty"),
        ("(" * 500 + "x = 1" + ")" * 500, "question_too_deep"),
        ("not " * 20 + "x = 1", "question_too_deep"),
        (" and ".join(["x = 1"] * 70), "question_too_large"),
        ("x = " + "a" * 201, "question_word_unfit"),
        ("x" * 9000, "question_too_long"),
    ],
)
def test_what_may_not_be_asked_is_refused_with_a_code(text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        parse(text)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "stored",
    [
        b"",
        b"null",
        b'{"type":"fact"}',
        b'{"type":"question","subject":"fans","tree":{"type":"sql","text":"1=1"}}',
        b'{"type":"question","subject":"fans; --","tree":{"type":"unfollowed"}}',
        b'{"type":"question","subject":"fans","tree":{"type":"unfollowed","extra":1}}',
        b'{"type":"question","subject":"fans","tree":{"type":"fact","name":"x","op":"like","values":["a"]}}',
        b'{"type":"question","subject":"fans","tree":{"type":"fact","name":"x","op":"eq","values":["\\u0000"]}}',
        b'{"type":"question","subject":"fans","tree":{"type":"fact","name":"x","op":"eq","values":["\\ud800"]}}',
        b'{"type":"question","subject":"fans","tree":{"type":"and","parts":[]}}',
        b'{"type":"question","subject":"fans","tree":' + b'{"type":"not","part":' * 3000,
        b"[" * 60_000,
        b" " * 70_000,
    ],
)
def test_json_that_is_no_tree_of_the_allow_list_is_refused(stored: bytes) -> None:
    with pytest.raises(Refused):
        from_json(stored)


@given(st.text(max_size=60) | st.lists(st.sampled_from([*SAMPLE.split(), "(", ")", "'"])).map(" ".join))
@settings(max_examples=50, deadline=None)
def test_any_text_is_a_question_or_refused(text: str) -> None:
    try:
        question = parse(text)
    except Refused:
        return
    assert parse(to_text(question)) == question


def test_a_tree_as_deep_as_allowed_still_has_a_text() -> None:
    tree: And | Or | Fact = Fact("x", Op.KNOWN)
    for level in range(DEPTH_MAX - 1):
        tree = (And if level % 2 else Or)((tree, Fact("y", Op.KNOWN)))
    question = check(Question(tree, Subject.FANS))
    assert parse(to_text(question)) == question


def test_sides_say_what_an_answer_depends_on() -> None:
    assert sides(parse("city = Rome and band = igniter")) == {Side.SOCIAL}
    assert sides(parse("r >= 4")) == {Side.CUSTOMERS}
    assert sides(parse("city = Rome and r >= 4")) == set(Side)
    assert sides(parse("love >= 4")) == {Side.SOCIAL, Side.RELATIONSHIP}
    assert sides(parse("tier = gold")) == set(Side), "a tier tells what somebody is worth"
    assert asks_links(parse("linked for contact"))
    assert not asks_links(parse("love > 4"))


def test_chips_carry_codes_for_any_language() -> None:
    group = describe(parse("not (count(viewed) >= 3 within 30 days or city is unknown)"))
    assert isinstance(group, Group)
    assert group.joiner == "not"
    inner = group.parts[0]
    assert isinstance(inner, Group)
    assert inner.joiner == "or"
    count, city = inner.parts
    assert isinstance(count, Chip)
    assert (count.code, count.kinds, count.op, count.values) == ("count", ("viewed",), "ge", (3,))
    assert count.span is not None
    assert (count.span.code, count.span.days) == ("last", 30)
    assert isinstance(city, Chip)
    assert (city.code, city.name, city.op, city.side) == ("fact", "city", "unknown", Side.SOCIAL)
