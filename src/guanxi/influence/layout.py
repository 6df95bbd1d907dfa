"""Where the map draws fans: communities as discs side by side, in each the weightiest in the middle, rings
outwards.
"""

from __future__ import annotations

import numpy as np

from guanxi.influence.kernels.graph import Floats, Ints

_GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))


def places(community: Ints, weight: Floats) -> tuple[Floats, Floats]:
    """X and y of each fan; the same for the same fans.

    A disc's area is its fans'; discs lie on a spiral, largest in the middle; inside a disc fans lie on a
    sunflower by weight.
    """
    order = np.lexsort((np.arange(len(weight)), -weight, community))
    sorted_community = community[order]
    groups, starts, sizes = np.unique(sorted_community, return_index=True, return_counts=True)
    rank = np.empty(len(community))
    rank[order] = np.arange(len(order)) - np.repeat(starts, sizes)
    radius = np.sqrt(sizes.astype(float))
    turn = np.empty(len(groups), np.int64)
    turn[np.lexsort((groups, -sizes))] = np.arange(len(groups))
    away = _spiral(radius, turn)
    disc = np.searchsorted(groups, community)
    angle = _GOLDEN_ANGLE * rank
    out = np.sqrt(rank) * 0.9
    x = away * np.cos(_GOLDEN_ANGLE * turn)
    y = away * np.sin(_GOLDEN_ANGLE * turn)
    return x[disc] + out * np.cos(angle), y[disc] + out * np.sin(angle)


def _spiral(radius: Floats, turn: Ints) -> Floats:
    """How far from the middle each disc lies: far enough that those before it, packed, leave it room."""
    area = np.empty(len(radius))
    by_turn = np.argsort(turn)
    before = np.concatenate([[0.0], np.cumsum(4 * radius[by_turn] ** 2)[:-1]])
    area[by_turn] = np.where(turn[by_turn] == 0, 0.0, before)
    return np.where(turn == 0, 0.0, np.sqrt(area) + radius)
