"""Weight: how many people a fan is expected to move, directly and through those they move."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from guanxi.influence.kernels.graph import Floats, Ints, Nodes, dense_ids
from guanxi.influence.kernels.ripples import two_hops


@dataclass(frozen=True)
class Outward:
    """Ties by influencer, for whoever follows them outwards.

    Attributes:
        ids: everybody whom some tie names, ascending.
        offsets: those whom the ``i``-th moves are ``influenced[offsets[i]:offsets[i + 1]]``.
        influenced: places in ``ids``.
        chance: of each tie, in this order.
        order: which of the ties given stands where.
    """

    ids: Ints
    offsets: Ints
    influenced: Nodes
    chance: Floats
    order: Ints


@dataclass(frozen=True)
class Weights:
    """For each fan that some tie names, ascending: expected people moved, and who was seen to be moved."""

    fan: Ints
    weight: Floats
    direct: Ints
    second: Ints


def outward(influencer: Ints, influenced: Ints, probability: Floats) -> Outward:
    """The ties by influencer, each influencer's by whom they move."""
    ids, u, v = dense_ids(influencer, influenced)
    order = np.lexsort((v, u))
    offsets = np.concatenate([[0], np.cumsum(np.bincount(u, minlength=len(ids)))])
    chance = np.asarray(probability, np.float64)[order]
    return Outward(ids.astype(np.int64), offsets, v[order].astype(np.int32), chance, order)


def weigh(influencer: Ints, influenced: Ints, probability: Floats) -> Weights:
    """The weights of all whom some tie names; see ``weighed``."""
    return weighed(outward(influencer, influenced, probability))


def weighed(ties: Outward) -> Weights:
    """Two hops of expectation: the sum over people of the chance that one way of at most two ties reaches them.

    Each person counts once however many ways reach them, so that a ring of accounts which pass everything on to
    each other weighs no more than its own number. Of two influencers of one person both are credited: a weight
    is what one fan may do alone.
    """
    second, weight = two_hops(ties.offsets, ties.influenced, ties.chance)
    return Weights(ties.ids, weight, np.diff(ties.offsets), second)
