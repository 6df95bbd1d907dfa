"""What a count of hits says about a probability, with a stated chance of being wrong.

Chernoff's bound in its exact form, by relative entropy: never looser than the martingale bounds of OPIM
(Tang et al. 2018, lemmas 4.2 and 4.3), which follow from it.
"""

from __future__ import annotations

import math

_STEPS = 60


def divergence(p: float, q: float) -> float:
    """Relative entropy of a coin p to a coin q, in nats.

    >>> divergence(0.5, 0.5), divergence(0.0, 1.0)
    (0.0, inf)
    """
    return _part(p, q) + _part(1.0 - p, 1.0 - q)


def _part(p: float, q: float) -> float:
    if p <= 0.0:
        return 0.0
    return math.inf if q <= 0.0 else p * math.log(p / q)


def lower(hits: int, trials: int, doubt: float) -> float:
    """The least probability under which so many hits are not rarer than ``doubt``.

    >>> lower(0, 100, 0.05), lower(50, 100, 0.05) < 0.5
    (0.0, True)
    """
    rate = hits / trials
    low, high = 0.0, rate
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if divergence(rate, middle) * trials > -math.log(doubt):
            low = middle
        else:
            high = middle
    return low


def upper(hits: int, trials: int, doubt: float) -> float:
    """The greatest probability under which so few hits are not rarer than ``doubt``.

    >>> upper(100, 100, 0.05), upper(50, 100, 0.05) > 0.5
    (1.0, True)
    """
    return 1.0 - lower(trials - hits, trials, doubt)
