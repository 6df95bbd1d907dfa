"""Why a choice took a fan, as codes: how they move others, and what speaks against it.

Rules over what is known of one fan; the choice itself asks none of them.
"""

from __future__ import annotations

from dataclasses import dataclass

OVERLAP_BELOW = 0.7
CIRCLING_FROM = 2.0


def reasons_of(marginal: float, weight: float, direct: int, second: int) -> tuple[str, ...]:
    """The codes, what speaks for the fan first.

    ``circling``: far more is expected of them than the people they were ever seen to move, as where a closed
    ring of accounts moves itself round and round.

    >>> reasons_of(9.0, 10.0, 12, 3)
    ('moves_directly', 'moves_others_few_reach')
    >>> reasons_of(9.0, 100.0, 12, 3)
    ('moves_directly', 'overlap', 'circling')
    """
    if direct + second == 0:
        return ("too_little_seen",)
    found = ["moves_through_others" if second > direct else "moves_directly"]
    found.append("overlap" if marginal < OVERLAP_BELOW * weight else "moves_others_few_reach")
    if weight >= CIRCLING_FROM * (direct + second):
        found.append("circling")
    return tuple(found)


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
