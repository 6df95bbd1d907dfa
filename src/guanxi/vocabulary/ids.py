"""Identity codes: one integer for a fan or a customer, so that persons can be sets of integers.

A code says which side it is of by its last bit; it never says whom it belongs to.
"""

from __future__ import annotations

from enum import StrEnum


class Side(StrEnum):
    """Where something is kept: one of the two databases of people, or the one that relates them."""

    SOCIAL = "social"
    CUSTOMERS = "customers"
    RELATIONSHIP = "relationship"


def identity(side: Side, ref: int) -> int:
    """The code of fan or customer ``ref``.

    >>> identity(Side.SOCIAL, 21), identity(Side.CUSTOMERS, 21)
    (42, 43)
    """
    if side is Side.RELATIONSHIP or ref < 0:
        raise ValueError(f"no identity for {side} {ref}")
    return ref * 2 + (side is Side.CUSTOMERS)


def split(code: int) -> tuple[Side, int]:
    """The side and the row that an identity code stands for.

    >>> split(43)
    (<Side.CUSTOMERS: 'customers'>, 21)
    """
    return (Side.CUSTOMERS if code & 1 else Side.SOCIAL), code >> 1
