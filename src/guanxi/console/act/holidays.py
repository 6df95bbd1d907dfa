"""The days on which everybody speaks: festivals of the Chinese calendar and of the shops.

Knows lunar festivals from 2024 to 2040; of other years it says only what falls on the same day every year.
"""

from __future__ import annotations

from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_FIXED: dict[tuple[int, int], Promise] = {
    (1, 1): _("New Year"),
    (2, 14): _("Valentine's Day"),
    (3, 8): _("Women's Day"),
    (5, 20): _("520"),
    (6, 18): _("618"),
    (10, 1): _("National Day"),
    (11, 11): _("Double 11"),
    (12, 12): _("Double 12"),
    (12, 25): _("Christmas"),
}
# First day of the first, seventh of the seventh, fifteenth of the eighth month, as (month, day).
_LUNAR: dict[int, tuple[tuple[int, int], tuple[int, int], tuple[int, int]]] = {
    2024: ((2, 10), (8, 10), (9, 17)),
    2025: ((1, 29), (8, 29), (10, 6)),
    2026: ((2, 17), (8, 19), (9, 25)),
    2027: ((2, 6), (8, 8), (9, 15)),
    2028: ((1, 26), (8, 26), (10, 3)),
    2029: ((2, 13), (8, 16), (9, 22)),
    2030: ((2, 3), (8, 5), (9, 12)),
    2031: ((1, 23), (8, 24), (10, 1)),
    2032: ((2, 11), (8, 12), (9, 19)),
    2033: ((1, 31), (8, 1), (9, 8)),
    2034: ((2, 19), (8, 20), (9, 27)),
    2035: ((2, 8), (8, 10), (9, 16)),
    2036: ((1, 28), (8, 28), (10, 4)),
    2037: ((2, 15), (8, 17), (9, 24)),
    2038: ((2, 4), (8, 7), (9, 13)),
    2039: ((1, 24), (8, 26), (10, 2)),
    2040: ((2, 12), (8, 14), (9, 20)),
}
_FESTIVALS: tuple[Promise, ...] = (_("Spring Festival"), _("Qixi"), _("Mid-Autumn"))


def holidays_on(day: date) -> tuple[Promise, ...]:
    """What is celebrated on that day, the lunar festival first."""
    found = [
        name
        for name, place in zip(_FESTIVALS, _LUNAR.get(day.year, ()), strict=False)
        if place == (day.month, day.day)
    ]
    fixed = _FIXED.get((day.month, day.day))
    return (*found, fixed) if fixed is not None else tuple(found)
