"""Weight: how many people a fan is expected to move, directly and through those they move."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from guanxi.influence.kernels.graph import Floats, Ints, dense_ids
from guanxi.influence.kernels.ripples import two_hops


@dataclass(frozen=True)
class Weights:
    """For each fan that some tie names, ascending: expected people moved, and who was seen to be moved."""

    fan: Ints
    weight: Floats
    direct: Ints
    second: Ints


def weigh(influencer: Ints, influenced: Ints, probability: Floats) -> Weights:
    """Two hops of expectation: the sum over people of the chance that one way of at most two ties reaches them.

    Each person counts once however many ways reach them, so that a ring of accounts which pass everything on to
    each other weighs no more than its own number. Of two influencers of one person both are credited: a weight
    is what one fan may do alone.
    """
    ids, u, v = dense_ids(influencer, influenced)
    order = np.lexsort((v, u))
    u, v, p = u[order], v[order], np.asarray(probability, np.float64)[order]
    direct = np.bincount(u, minlength=len(ids))
    offsets = np.concatenate([[0], np.cumsum(direct)])
    second, weight = two_hops(offsets, v.astype(np.int32), p)
    return Weights(ids.astype(np.int64), weight, direct, second)
