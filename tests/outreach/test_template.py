"""Templates say what is allowed and nothing else; places have clocks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.outreach.template import TEXT_MAX, parse
from guanxi.outreach.zones import zone_of, zones_by_place
from guanxi.vocabulary.reasons import Refused

SHARED = {"offer": "tea", "campaign": "Autumn"}


def test_a_template_says_the_offer_and_the_persons_own() -> None:
    template = parse("Hi {{name|friend}} in {{ city|your city }}: {{offer}} ({{campaign}})")
    assert template.render(SHARED, {"name": "Ann", "city": "Xi'an"}) == "Hi Ann in Xi'an: tea (Autumn)"
    assert template.render(SHARED, {}) == "Hi friend in your city: tea (Autumn)"
    assert template.render(SHARED, {"name": "  "}).startswith("Hi friend")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "x" * (TEXT_MAX + 1),
        "{{name}}",
        "{{name|}}",
        "{{password|x}}",
        "{{offer.__class__|x}}",
        "{% if offer %}",
        "{{offer",
        "offer}}",
        "{{offer|upper|x}}",
        "{{ settings.SECRET_KEY }}",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        parse(text)


def test_a_nickname_cannot_break_the_line_or_say_a_template() -> None:
    template = parse("Hi {{name|friend}}")
    assert template.render(SHARED, {"name": "A\nB\x00C\u2028D"}) == "Hi A B C D"
    assert template.render(SHARED, {"name": "{{offer}}"}) == "Hi {{offer}}"
    assert len(template.render(SHARED, {"name": "x" * 10_000})) < 100


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=60))
def test_a_text_is_either_refused_or_rendered(text: str) -> None:
    try:
        template = parse(text)
    except Refused:
        return
    assert "{{" not in template.render(SHARED, {})


@pytest.mark.parametrize(
    ("place", "zone"),
    [
        ("北京", "Asia/Shanghai"),
        (" SHANGHAI ", "Asia/Shanghai"),
        ("San Francisco", "America/Los_Angeles"),
        ("new york", "America/New_York"),
        ("asia/tokyo", "Asia/Tokyo"),
        ("", None),
        (None, None),
        ("Nowhere", None),
    ],
)
def test_places_have_clocks(place: str | None, zone: str | None) -> None:
    assert zone_of(place) == zone
    assert len(zones_by_place()) > 500
