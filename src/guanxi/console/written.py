"""How a number, a share, an amount or a moment is written in the reader's language."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import get_language

from guanxi.vocabulary.money import from_minor, minor_digits

ABSENT = "–"
_SIGNS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "KRW": "₩"}
_MINUS = "−"


def chinese() -> bool:
    """Whether the reader reads Chinese."""
    return (get_language() or "en").startswith("zh")


def number(value: float | Decimal | None, digits: int = 0) -> str:
    """The value with grouped thousands and a true minus sign.

    >>> number(-1234567)
    '−1,234,567'
    """
    if value is None:
        return ABSENT
    return f"{value:,.{digits}f}".replace("-", _MINUS)


def tenths(value: int | None) -> str:
    """A score kept in tenths, with one digit.

    >>> tenths(1234)
    '123.4'
    """
    return ABSENT if value is None else number(value / 10, 1)


def tenths_left(value: int | None) -> str:
    """What is left of points that fade; what rounds to nothing is still a little.

    >>> tenths_left(0), tenths_left(12)
    ('<0.1', '1.2')
    """
    return "<0.1" if value == 0 else tenths(value)


def share(value: float | None, digits: int = 0) -> str:
    """A share of one as per cent; what rounds to nothing or to all of it but is not says so."""
    if value is None:
        return ABSENT
    space = "" if chinese() else "\u202f"
    least = 10.0 ** -(digits + 2)
    if 0 < value < least / 2:
        return f"<{number(least * 100, digits)}{space}%"
    if 1 - least / 2 <= value < 1:
        return f">{number((1 - least) * 100, digits)}{space}%"
    return f"{number(value * 100, digits)}{space}%"


def money(amount: int | None, currency: str, whole: bool = False) -> str:
    """An amount of smallest units with its currency's sign; ``whole`` leaves the small change out."""
    if amount is None:
        return ABSENT
    value = from_minor(amount, currency)
    text = number(abs(value), 0 if whole else minor_digits(currency))
    sign = _SIGNS.get(currency, f"{currency}\u00a0" if currency else "")
    return f"{_MINUS if value < 0 else ''}{sign}{text}"


def day(value: date | None) -> str:
    """The day as tables show it: ISO, so that columns align and sort by eye."""
    if value is None:
        return ABSENT
    return f"{value:%Y-%m-%d}"


def day_in_words(value: date) -> str:
    """The day as a sentence shows it."""
    return date_format(value, "Y年n月j日" if chinese() else "j M Y")


def month_in_words(value: date) -> str:
    """The month as a headline shows it."""
    return date_format(value, "Y年n月" if chinese() else "F Y")


def moment(value: datetime | None) -> str:
    """The moment to the minute, in UTC, as every page states it."""
    if value is None:
        return ABSENT
    return f"{value:%Y-%m-%d %H:%M}"


def signed(value: float | None, digits: int = 0) -> str:
    """The value with its sign always shown.

    >>> signed(3), signed(-3)
    ('+3', '−3')
    """
    if value is None:
        return ABSENT
    return f"+{number(value, digits)}" if value > 0 else number(value, digits)
