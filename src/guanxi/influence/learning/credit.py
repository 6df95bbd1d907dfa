"""Partial credit for what somebody took up after several of those who move them had shared it (Goyal et al. 2010).

Each parent's part halves with the time since it shared; the parts of one deed sum to one. Where the true parent
was hidden on purpose, six hours told it best (docs/decisions/0015).
Of this credit only what likeness would not have brought anyway is influence; where nobody can say how much that is,
none of it is claimed. An opening through a marked share has its parent named, and is never shared out.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import betaincinv

from guanxi.influence.kernels.graph import Floats, Ints

HALF_LIFE_DAYS = 0.25
TOPIC_STRENGTH = 8.0
TOPIC_MIN = 3


def parts(deed: Ints, age_days: Floats) -> Floats:
    """The part of each (deed, parent) row in its deed.

    >>> parts(np.array([0, 0, 1]), np.array([0.0, 0.25, 3.0])).round(3)
    array([0.667, 0.333, 1.   ])
    """
    age = np.asarray(age_days, np.float64)
    latest = np.full(int(deed.max(initial=-1)) + 1, np.inf)
    np.minimum.at(latest, deed, age)
    weight = 0.5 ** ((age - latest[deed]) / HALF_LIFE_DAYS)
    share: Floats = weight / np.bincount(deed, weight)[deed]
    return share


def influence_of(credits: Sequence[float], likeness_share: float | None) -> float | None:
    """How many of these deeds influence brought; None where nobody can say what would have come anyway.

    >>> influence_of([0.5, 1.0], 0.4)
    0.9
    """
    return None if likeness_share is None else round(sum(credits) * (1 - likeness_share), 9)


def topic_chance(chance: float, successes: int, opportunities: int) -> tuple[float, float, float]:
    """The chance on one topic with its 90 % interval, shrunk to the tie's own by ``TOPIC_STRENGTH`` acts."""
    a = TOPIC_STRENGTH * chance + successes
    b = TOPIC_STRENGTH * (1 - chance) + opportunities - successes
    return a / (a + b), float(betaincinv(a, b, 0.05)), float(betaincinv(a, b, 0.95))
