"""Weight: how many people a fan is expected to move, directly and through those they move."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from guanxi.influence.kernels.graph import Floats, Ints, dense_ids
from guanxi.influence.kernels.ripples import second_hop


@dataclass(frozen=True)
class Weights:
    """For each fan that some tie names, ascending: expected people moved, and who was seen to be moved."""

    fan: Ints
    weight: Floats
    direct: Ints
    second: Ints


def weigh(influencer: Ints, influenced: Ints, probability: Floats) -> Weights:
    """Two hops of expectation: the sum over ties u-v of p(u,v) × (1 + what v moves directly, u apart).

    Chances are added, so that of two influencers of one person both are credited: a weight is what one fan
    may do alone.
    """
    ids, u, v = dense_ids(influencer, influenced)
    n = len(ids)
    order = np.lexsort((v, u))
    u, v, p = u[order], v[order], np.asarray(probability)[order]
    direct = np.bincount(u, minlength=n)
    first: Floats = np.bincount(u, p, minlength=n).astype(np.float64)
    back = _chance_back(u, v, p, n)
    weight = first + np.bincount(u, p * (first[v] - back), minlength=n)
    offsets = np.concatenate([[0], np.cumsum(direct)])
    return Weights(ids.astype(np.int64), weight, direct, second_hop(offsets, v.astype(np.int32)))


def _chance_back(u: Ints, v: Ints, p: Floats, n: int) -> Floats:
    """For each tie, sorted by (u, v), the chance of the tie that runs the other way; 0 where there is
    none.
    """
    there = u * n + v
    place = np.minimum(np.searchsorted(there, v * n + u), len(there) - 1)
    return np.where(there[place] == v * n + u, p[place], 0.0)
