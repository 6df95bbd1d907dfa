"""Where the map draws fans: communities as discs side by side, in each the weightiest in the middle, rings
outwards.
"""

from __future__ import annotations

import numpy as np

from guanxi.influence.kernels.graph import Floats, Ints

_GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))
LARGE = 90  # so many discs are placed one by one, each as near the middle as it has room; the rest lie around them
_ANGLES, _DISTANCES = 72, 96
_GAP = 0.6
_SMALL_DENSITY = 1.7


def places(community: Ints, weight: Floats) -> tuple[Floats, Floats]:
    """X and y of each fan; the same for the same fans.

    A disc's area is its fans'; the largest lies in the middle, others around it without touching; inside a disc
    fans lie on a sunflower by weight.
    """
    order = np.lexsort((np.arange(len(weight)), -weight, community))
    groups, starts, sizes = np.unique(community[order], return_index=True, return_counts=True)
    rank = np.empty(len(community))
    rank[order] = np.arange(len(order)) - np.repeat(starts, sizes)
    x, y = _discs(groups, sizes)
    disc = np.searchsorted(groups, community)
    angle, out = _GOLDEN_ANGLE * rank, np.sqrt(rank) * 0.9
    return x[disc] + out * np.cos(angle), y[disc] + out * np.sin(angle)


def _discs(groups: Ints, sizes: Ints) -> tuple[Floats, Floats]:
    """The middle of each disc, largest first."""
    by_size = np.lexsort((groups, -sizes))
    radius = np.sqrt(sizes[by_size].astype(float)) + _GAP
    large = _packed(radius[:LARGE])
    edge = np.max(np.hypot(large[0], large[1]) + radius[:LARGE], initial=0.0)
    small = _around(radius[LARGE:], edge)
    x, y = np.empty(len(groups)), np.empty(len(groups))
    x[by_size] = np.concatenate([large[0], small[0]])
    y[by_size] = np.concatenate([large[1], small[1]])
    return x, y


def _packed(radius: Floats) -> tuple[Floats, Floats]:
    """Each disc in turn at the free place nearest to the middle."""
    x, y = np.zeros(len(radius)), np.zeros(len(radius))
    far = 2.2 * np.sqrt(np.sum(radius**2)) + np.max(radius, initial=0.0)
    distance = np.repeat(np.linspace(0, far, _DISTANCES), _ANGLES)
    angle = np.tile(np.arange(_ANGLES) * 2 * np.pi / _ANGLES, _DISTANCES) + _GOLDEN_ANGLE * distance
    wide, high = distance * np.cos(angle), distance * np.sin(angle)
    is_free = np.ones(len(distance), bool)  # of a point; smaller discs come later and find no less room
    for i in range(1, len(radius)):
        last = np.hypot(wide - x[i - 1], high - y[i - 1])
        is_free &= last >= radius[i - 1]
        at = np.flatnonzero(is_free)
        away = np.hypot(wide[at, None] - x[:i], high[at, None] - y[:i])
        fits = at[np.all(away >= radius[:i] + radius[i], axis=1)]
        x[i], y[i] = wide[fits[0]], high[fits[0]]
    return x, y


def _around(radius: Floats, edge: float) -> tuple[Floats, Floats]:
    """Small discs on a spiral that begins outside the edge."""
    within = np.cumsum(_SMALL_DENSITY * radius**2)
    away = np.sqrt((edge + np.max(radius, initial=0.0)) ** 2 + within)
    angle = _GOLDEN_ANGLE * np.arange(len(radius))
    return away * np.cos(angle), away * np.sin(angle)
