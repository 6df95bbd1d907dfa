"""Partial credit for what somebody took up after several of those who move them had shared it (Goyal et al. 2010).

Each parent has an equal part, or one that halves with the time since it shared; the parts of one deed sum to one.
Of this credit only what likeness would not have brought anyway is influence; where nobody can say how much that is,
none of it is claimed. An opening through a marked share has its parent named, and is never shared out.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import betaincinv

from guanxi.influence.kernels.graph import Floats, Ints

TOPIC_STRENGTH = 8.0
TOPIC_MIN = 3


def parts(deed: Ints, age_days: Floats, half_life_days: float | None = None) -> Floats:
    """The part of each (deed, parent) row in its deed.

    >>> parts(np.array([0, 0, 1]), np.array([0.0, 1.0, 3.0]))
    array([0.5, 0.5, 1. ])
    >>> parts(np.array([0, 0]), np.array([0.0, 1.0]), half_life_days=1.0).round(3)
    array([0.667, 0.333])
    """
    weight = np.ones(len(deed)) if half_life_days is None else 0.5 ** (np.asarray(age_days) / half_life_days)
    total = np.bincount(deed, weight)
    share: Floats = weight / total[deed]
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
