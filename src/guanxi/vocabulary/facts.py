"""Profile facts: what is said about somebody, by which source, how surely, when.

Pure rules. Sources that disagree are all kept; only a source's own older word gives way to its newer.
Merging does not depend on the order of hearing. Refuses nothing: what cannot be read is left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

NAME_MAX = 64
VALUE_MAX = 256
DEFAULT_CONFIDENCE = 0.5
PERSONAL = frozenset({"name", "phone", "email", "union_id", "alias"})
_CONTACTS = ("phone", "email", "union_id", "alias")


class Fact(msgspec.Struct, frozen=True):
    """One source's word on one attribute; ``at`` is an ISO 8601 moment in UTC."""

    name: str
    value: str
    source: str
    confidence: float
    at: str


class FactRow(NamedTuple):
    """A source's word as it is shown: ``best`` is gone by, ``disputed`` means that sources differ."""

    name: str
    value: str
    source: str
    confidence: float
    stated_at: datetime
    best: bool
    disputed: bool


class Profile(NamedTuple):
    """What one activity says about its actor."""

    facts: tuple[tuple[str, str], ...] = ()
    confidence: float = DEFAULT_CONFIDENCE
    source: str = ""
    name: str = ""
    contacts: tuple[tuple[str, str], ...] = ()


_facts = msgspec.json.Decoder(list[Fact])
_encoder = msgspec.json.Encoder()


def clean(text: str, length_max: int) -> str:
    """Text that every store accepts: no NUL, no half characters, not longer than allowed."""
    kept = text[:length_max].replace("\x00", "\ufffd")
    return kept if kept.isascii() else kept.encode(errors="replace").decode()


def read_traits(written: str | None) -> dict[str, Any]:
    """The traits of an activity; empty where they are no JSON object."""
    if not written:
        return {}
    try:
        found = msgspec.json.decode(written)
    except (msgspec.DecodeError, RecursionError):
        found = _leniently(written)
    return found if isinstance(found, dict) else {}


def read_profile(written: str | None) -> Profile:
    """What traits say of a person: facts without names and phones, those apart as name and contacts."""
    traits = read_traits(written)
    stated = traits.get("facts")
    stated = stated if isinstance(stated, dict) else {}
    contacts = ((kind, _personal(kind, traits, stated)) for kind in _CONTACTS)
    return Profile(
        tuple(_stated_facts(stated)),
        _confidence(traits.get("confidence")),
        _text(traits.get("source")),
        _personal("name", traits, stated),
        tuple((kind, text) for kind, text in contacts if text),
    )


def facts_of(profile: Profile, source: str, at: str) -> list[Fact]:
    """The profile's facts as a source's word of a moment."""
    named = profile.source or source
    return [Fact(name, value, named, profile.confidence, at) for name, value in profile.facts]


def merged(known: Iterable[Fact], heard: Iterable[Fact]) -> list[Fact]:
    """Each source's latest word on each attribute, sorted; the same for any order of hearing."""
    latest: dict[tuple[str, str], Fact] = {}
    for facts in (known, heard):
        for fact in facts:
            place = (fact.name, fact.source)
            older = latest.get(place)
            if older is None or _recency(fact) > _recency(older):
                latest[place] = fact
    return [latest[place] for place in sorted(latest)]


def best(facts: Iterable[Fact]) -> dict[str, Fact]:
    """For each attribute the word to go by: the surest, then the latest."""
    chosen: dict[str, Fact] = {}
    for fact in facts:
        held = chosen.get(fact.name)
        if held is None or _standing(fact) > _standing(held):
            chosen[fact.name] = fact
    return chosen


def fact_rows(facts: list[Fact]) -> tuple[FactRow, ...]:
    """The facts by name, the word to go by first."""
    chosen = best(facts)
    rows = [
        FactRow(
            fact.name,
            fact.value,
            fact.source,
            fact.confidence,
            datetime.fromisoformat(fact.at),
            chosen[fact.name] == fact,
            any(other.name == fact.name and other.value != fact.value for other in facts),
        )
        for fact in facts
    ]
    return tuple(sorted(rows, key=lambda row: (row.name, not row.best, row.source)))


def encode(facts: list[Fact]) -> str:
    """The facts as JSON for a record."""
    return _encoder.encode(facts).decode()


def decode(written: str | bytes) -> list[Fact]:
    """The facts that a record holds."""
    return _facts.decode(written)


def _leniently(written: str) -> object:
    """Platforms cut nicknames in the middle of an emoji: a lone surrogate must not cost the whole profile."""
    try:
        return json.loads(written)
    except (ValueError, RecursionError):
        return None


def _personal(name: str, traits: dict[str, Any], stated: dict[Any, Any]) -> str:
    """Written beside the facts, where it belongs, or among them."""
    return _text(traits.get(name) or stated.get(name))


def _stated_facts(stated: dict[Any, Any]) -> Iterable[tuple[str, str]]:
    for name, value in stated.items():
        text = _text(value)
        if text and name and name not in PERSONAL:
            yield clean(str(name), NAME_MAX), text


def _text(value: object) -> str:
    """A scalar as text; objects, lists and null are no values."""
    if isinstance(value, str):
        return clean(value.strip(), VALUE_MAX)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else ""


def _confidence(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return DEFAULT_CONFIDENCE
    return float(value) if 0 <= value <= 1 else DEFAULT_CONFIDENCE


def _recency(fact: Fact) -> tuple[str, float, str]:
    return fact.at, fact.confidence, fact.value


def _standing(fact: Fact) -> tuple[float, str, str, str]:
    return fact.confidence, fact.at, fact.value, fact.source
