"""Random trees that keep the allow-list, hostile words included."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from guanxi.question.fields import BANDS, CUSTOMER_KINDS, SOCIAL_KINDS
from guanxi.question.nodes import (
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
from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.platform import Platform

HOSTILE = (
    "'; DROP TABLE fan; --",
    '" OR 1=1 --',
    "$p1",
    "a\\' OR ''='",
    "{value}",
    "); DELETE FROM lake.ducklake_table; --",
    "read_csv('/etc/passwd')",
    "unknown",
    "and",
    "上海",
    "%s",
    "\\",
    "❤️ 🔥",
)
texts = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=20),
)
numbers = st.integers(-(10**15) + 1, 10**15 - 1)
days = st.dates(date(2020, 1, 1), date(2030, 1, 1))
counting = st.sampled_from([Op.EQ, Op.NE, Op.LT, Op.LE, Op.GT, Op.GE])
equality = st.sampled_from([Op.EQ, Op.NE])
sides = st.sampled_from([Side.SOCIAL, Side.CUSTOMERS])


def _between(first: date | None, last: date | None) -> Between:
    if first and last and last < first:
        first, last = last, first
    return Between(first, last)


windows = st.one_of(
    st.builds(Last, st.integers(1, 3660)),
    st.builds(_between, days, st.none()),
    st.builds(_between, st.none(), days),
    st.builds(_between, days, days),
)
facts = st.one_of(
    st.builds(Fact, texts, equality, st.tuples(texts | numbers), sides),
    st.builds(Fact, texts, counting, st.tuples(numbers | days.map(str)), sides),
    st.builds(Fact, texts, st.just(Op.IN), st.lists(texts, min_size=1, max_size=4).map(tuple), sides),
    st.builds(Fact, texts, st.sampled_from([Op.KNOWN, Op.UNKNOWN]), st.just(()), sides),
)
_numeric = [FieldName.R, FieldName.F, FieldName.M, FieldName.LOVE, FieldName.SPEND, FieldName.COMMUNITY]
fields = st.one_of(
    st.builds(
        Field,
        st.just(FieldName.BAND),
        st.just(Op.IN),
        st.lists(st.sampled_from(BANDS), min_size=1).map(tuple),
    ),
    st.builds(
        Field, st.just(FieldName.PLATFORM), equality, st.tuples(st.sampled_from(list(map(str, Platform))))
    ),
    st.builds(Field, st.sampled_from(_numeric), counting, st.tuples(numbers)),
    st.builds(Field, st.just(FieldName.TIER), equality, st.tuples(texts)),
    st.builds(Field, st.sampled_from(FieldName), st.sampled_from([Op.KNOWN, Op.UNKNOWN]), st.just(())),
)
counts = st.one_of(
    st.builds(
        Count,
        st.lists(st.sampled_from(sorted(SOCIAL_KINDS)), min_size=1, max_size=4, unique=True).map(tuple),
        counting,
        st.integers(-5, 1000),
        st.none() | windows,
        st.none() | texts,
        st.none() | st.sampled_from(Platform),
    ),
    st.builds(
        Count,
        st.lists(st.sampled_from(sorted(CUSTOMER_KINDS)), min_size=1, unique=True).map(tuple),
        counting,
        numbers,
        st.none() | windows,
    ),
)
leaves = st.one_of(
    facts,
    fields,
    counts,
    st.builds(Score, st.sampled_from(ScoreName), counting, numbers, st.integers(1, 120)),
    st.builds(Linked, st.sampled_from(Purpose)),
    st.builds(Followed, windows),
    st.just(Unfollowed()),
)
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(And, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Or, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Not, inner),
    ),
    max_leaves=8,
)
questions = st.builds(Question, trees, st.sampled_from(Subject), st.sampled_from(Purpose))
