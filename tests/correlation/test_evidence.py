from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.correlation.evidence import (
    CROWD_MAX,
    SURENESS,
    Evidence,
    as_rows,
    combined,
    from_rows,
    log_odds,
    waterfall,
)
from guanxi.correlation.purposes import Purpose, lives
from guanxi.vocabulary.reasons import Refused

pieces = st.builds(Evidence, st.sampled_from(sorted(SURENESS)), st.integers(1, CROWD_MAX))
piles = st.lists(pieces, max_size=5, unique_by=lambda one: one.kind)


def test_a_key_of_one_person_alone_says_what_its_kind_says():
    assert [combined([Evidence(k)]) for k in ("union_id", "fan_account", "phone", "email")] == [
        0.995,
        0.97,
        0.95,
        0.9,
    ]


def test_a_phone_shared_by_two_links_nobody_by_itself():
    shared = combined([Evidence("phone", crowd=2)])
    assert not any(lives("proposed", shared, purpose) for purpose in Purpose)


def test_without_evidence_there_is_no_probability():
    assert combined([]) == 0.0


def test_unknown_evidence_is_refused():
    with pytest.raises(Refused) as refused:
        Evidence("horoscope")
    assert refused.value.code == "evidence_unknown"


@settings(deadline=None, max_examples=50)
@given(piles, pieces)
def test_more_evidence_never_lowers_and_a_larger_crowd_never_raises_the_probability(pile, more):
    others = [one for one in pile if one.kind != more.kind]
    assert combined([*others, more]) >= combined(others)
    crowded = Evidence(more.kind, more.crowd + 1)
    assert combined([*others, crowded]) <= combined([*others, more])


@settings(deadline=None, max_examples=50)
@given(piles, st.randoms())
def test_the_order_of_evidence_does_not_matter(pile, rng):
    shuffled = rng.sample(pile, len(pile))
    assert combined(shuffled) == combined(pile)
    assert as_rows(shuffled) == as_rows(pile)
    assert sorted(from_rows(as_rows(pile))) == sorted(pile)


@settings(deadline=None, max_examples=50)
@given(piles)
def test_the_waterfall_ends_at_the_probability_it_explains(pile):
    steps = waterfall(pile)
    total = log_odds(1e-6) + sum(step.weight for step in steps)
    if pile:
        assert math.isclose(total, log_odds(combined(pile)), abs_tol=1e-6)
    assert all(step.weight >= -1e-9 for step in steps)


def test_nothing_undone_lives_and_everything_confirmed_does():
    assert not lives("undone", 1.0, Purpose.CONTACT)
    assert lives("confirmed", 0.0, Purpose.REWARD)
