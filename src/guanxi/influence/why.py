"""Why a choice took a fan, as codes: how they move others, and what speaks against it.

Rules over what is known of one fan; the choice itself asks none of them.
"""

from __future__ import annotations

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
