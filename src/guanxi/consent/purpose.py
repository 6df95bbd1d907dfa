"""The two purposes of speaking to somebody, and what a consent says, as values."""

from __future__ import annotations

from enum import StrEnum

from guanxi.vocabulary.reasons import Refused

ANY_CHANNEL = "any"


class Purpose(StrEnum):
    """Why the brand speaks."""

    ENGAGE = "engage"
    SELL = "sell"


def purpose_of(word: str) -> Purpose:
    """The purpose a word names; refused where it names none."""
    try:
        return Purpose(word)
    except ValueError:
        raise Refused("purpose_unknown", word) from None


def forbidding(purpose: Purpose) -> frozenset[Purpose]:
    """The purposes whose withdrawal forbids this one: who refuses to be talked to is not sold to either.

    >>> sorted(forbidding(Purpose.SELL)), sorted(forbidding(Purpose.ENGAGE))
    ([<Purpose.ENGAGE: 'engage'>, <Purpose.SELL: 'sell'>], [<Purpose.ENGAGE: 'engage'>])
    """
    return frozenset({purpose, Purpose.ENGAGE})
