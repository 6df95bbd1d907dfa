"""Why a choice did not take a well-known fan, as a code. Rules over what it would have brought to take them."""

from __future__ import annotations

from dataclasses import dataclass

OVERLAP_BELOW = 0.7


@dataclass(frozen=True)
class Passed:
    """A well-known fan who was not chosen.

    Attributes:
        fan: who.
        alone: what they would move alone.
        further: what they would add to the chosen.
        why: a code.
    """

    fan: int
    alone: float
    further: float
    why: str


def passed_over(
    fan: int, alone: float, further: float, least: float, barred: str | None, dear: bool, full: bool
) -> Passed:
    """Why a fan is not on the list.

    Args:
        fan: who.
        alone: what they would move alone, and
        further: what they would add to the chosen.
        least: what the last of the chosen adds.
        barred: why they may not be chosen at all, or None.
        dear: whether they cost more than is left of the budget.
        full: whether their community has its number.

    >>> passed_over(1, 10.0, 2.0, 3.0, None, False, False).why
    'passed_overlap'
    >>> passed_over(1, 4.0, 3.5, 3.6, None, False, False).why
    'passed_moves_fewer'
    """
    if barred is not None:
        why = barred
    elif full and further >= least:
        why = "community_full"
    elif dear and further >= least:
        why = "over_budget"
    elif further < OVERLAP_BELOW * alone:
        why = "passed_overlap"
    else:
        why = "passed_moves_fewer" if further < least else "passed_close"
    return Passed(fan, alone, further, why)
