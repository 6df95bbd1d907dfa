from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.vocabulary.facts import Fact, best, clean, decode, encode, merged, read_profile, read_traits

facts = st.lists(
    st.builds(
        Fact,
        st.sampled_from(["city", "gender"]),
        st.sampled_from("xyz"),
        st.sampled_from(["form", "shop"]),
        st.sampled_from([0.2, 0.9]),
        st.sampled_from(["2026-01-01", "2026-01-02"]),
    ),
    max_size=12,
)


@given(facts, facts, facts)
def test_merging_does_not_depend_on_order_grouping_or_repetition(
    a: list[Fact], b: list[Fact], c: list[Fact]
) -> None:
    whole = merged(merged(a, b), c)
    assert whole == merged(c, merged(b, a)) == merged([], a + b + c) == merged(whole, b)


@given(facts)
def test_each_source_has_one_word_on_each_attribute_and_the_surest_is_best(heard: list[Fact]) -> None:
    kept = merged([], heard)
    assert len({(f.name, f.source) for f in kept}) == len(kept)
    for name, chosen in best(kept).items():
        assert chosen.confidence == max(f.confidence for f in kept if f.name == name)
    assert decode(encode(kept)) == kept


def test_names_and_contacts_are_never_facts() -> None:
    stated = {"facts": {"city": "Suzhou", "phone": "1", "name": "Ann", "vip": True, "year": 1990, "x": None}}
    profile = read_profile(json.dumps(stated))
    assert profile.facts == (("city", "Suzhou"), ("vip", "true"), ("year", "1990"))
    assert (profile.name, profile.contacts) == ("Ann", (("phone", "1"),))


@pytest.mark.parametrize("confidence", [-1, 2, "high", True, None])
def test_a_confidence_that_is_none_is_held_for_half(confidence: object) -> None:
    assert read_profile(json.dumps({"confidence": confidence})).confidence == 0.5


@given(st.text())
def test_traits_are_an_object_or_nothing(written: str) -> None:
    assert isinstance(read_traits(written), dict)


def test_half_an_emoji_does_not_cost_the_profile() -> None:
    assert read_profile('{"name": "Ann \\ud83d", "facts": {"city": "Wuxi"}}').facts == (("city", "Wuxi"),)


@given(st.text(st.characters(), max_size=20))
def test_clean_text_is_accepted_everywhere_and_clean_already(text: str) -> None:
    once = clean(text, 10)
    assert "\x00" not in once
    assert len(once.encode()) >= len(once)
    assert clean(once, 10) == once
