"""Money is an integer in the smallest unit of its currency, never a float."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from guanxi.vocabulary.reasons import Refused

_NO_MINOR_UNIT = frozenset({"JPY", "KRW", "VND", "CLP", "ISK"})
_THREE_DIGITS = frozenset({"KWD", "BHD", "OMR", "JOD", "TND"})


def minor_digits(currency: str) -> int:
    """How many decimal digits the smallest unit has (ISO 4217).

    >>> minor_digits("CNY"), minor_digits("JPY")
    (2, 0)
    """
    return 0 if currency in _NO_MINOR_UNIT else 3 if currency in _THREE_DIGITS else 2


def to_minor(text: str, currency: str) -> int:
    """The amount in smallest units; refused where the text is no finite number.

    >>> to_minor(" 11.77", "USD")
    1177
    """
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        raise Refused("amount_unreadable", text) from None
    if not value.is_finite():
        raise Refused("amount_unreadable", text)
    return int(value.scaleb(minor_digits(currency)).to_integral_value(ROUND_HALF_EVEN))


def from_minor(amount: int, currency: str) -> Decimal:
    """The amount in whole units, exact.

    >>> from_minor(1177, "USD")
    Decimal('11.77')
    """
    return Decimal(amount).scaleb(-minor_digits(currency))
