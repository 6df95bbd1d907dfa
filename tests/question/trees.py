"""Random trees that keep the allow-list, hostile words included."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from guanxi.question import nodes
from guanxi.question.fields import BANDS, CUSTOMER_KINDS, SOCIAL_KINDS
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
counting = st.sampled_from([nodes.Op.EQ, nodes.Op.NE, nodes.Op.LT, nodes.Op.LE, nodes.Op.GT, nodes.Op.GE])
equality = st.sampled_from([nodes.Op.EQ, nodes.Op.NE])
sides = st.sampled_from([Side.SOCIAL, Side.CUSTOMERS])


def _between(first: date | None, last: date | None) -> nodes.Between:
    if first and last and last < first:
        first, last = last, first
    return nodes.Between(first, last)


windows = st.one_of(
    st.builds(nodes.Last, st.integers(1, 3660)),
    st.builds(_between, days, st.none()),
    st.builds(_between, st.none(), days),
    st.builds(_between, days, days),
)
facts = st.one_of(
    st.builds(nodes.Fact, texts, equality, st.tuples(texts | numbers), sides),
    st.builds(nodes.Fact, texts, counting, st.tuples(numbers | days.map(str)), sides),
    st.builds(
        nodes.Fact, texts, st.just(nodes.Op.IN), st.lists(texts, min_size=1, max_size=4).map(tuple), sides
    ),
    st.builds(nodes.Fact, texts, st.sampled_from([nodes.Op.KNOWN, nodes.Op.UNKNOWN]), st.just(()), sides),
)
_numeric = [
    nodes.FieldName.R,
    nodes.FieldName.F,
    nodes.FieldName.M,
    nodes.FieldName.LOVE,
    nodes.FieldName.SPEND,
    nodes.FieldName.COMMUNITY,
    nodes.FieldName.EARLY_ACCESS,
    nodes.FieldName.GROUP,
]
fields = st.one_of(
    st.builds(
        nodes.Field,
        st.just(nodes.FieldName.BAND),
        st.just(nodes.Op.IN),
        st.lists(st.sampled_from(BANDS), min_size=1).map(tuple),
    ),
    st.builds(
        nodes.Field,
        st.just(nodes.FieldName.PLATFORM),
        equality,
        st.tuples(st.sampled_from(list(map(str, Platform)))),
    ),
    st.builds(nodes.Field, st.sampled_from(_numeric), counting, st.tuples(numbers)),
    st.builds(
        nodes.Field, st.sampled_from([nodes.FieldName.TIER, nodes.FieldName.TAG]), equality, st.tuples(texts)
    ),
    st.builds(
        nodes.Field,
        st.sampled_from(nodes.FieldName),
        st.sampled_from([nodes.Op.KNOWN, nodes.Op.UNKNOWN]),
        st.just(()),
    ),
)
counts = st.one_of(
    st.builds(
        nodes.Count,
        st.lists(st.sampled_from(sorted(SOCIAL_KINDS)), min_size=1, max_size=4, unique=True).map(tuple),
        counting,
        st.integers(-5, 1000),
        st.none() | windows,
        st.none() | texts,
        st.none() | st.sampled_from(Platform),
    ),
    st.builds(
        nodes.Count,
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
    st.builds(nodes.Score, st.sampled_from(nodes.ScoreName), counting, numbers, st.integers(1, 120)),
    st.builds(nodes.Linked, st.sampled_from(nodes.Purpose)),
    st.builds(nodes.Followed, windows),
    st.just(nodes.Unfollowed()),
)
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(nodes.And, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(nodes.Or, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(nodes.Not, inner),
    ),
    max_leaves=8,
)
questions = st.builds(nodes.Question, trees, st.sampled_from(nodes.Subject), st.sampled_from(nodes.Purpose))
