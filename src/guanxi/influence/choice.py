"""Which fans a choice of ambassadors considers, values and leaves out: rules, no reads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from guanxi.influence.kernels.graph import Floats, Ints

EPSILON = 0.05
DELTA = 0.01


@dataclass(frozen=True)
class Candidates:
    """What a choice is made from.

    Attributes:
        influencer: by tie, and
        influenced: by tie, and
        probability: by tie.
        customers: fans who are known customers: moving them makes no new customer.
        excluded: fans who may not be chosen: gone, declined, resting.
        active: ambassadors already; what they move is moved.
    """

    influencer: Ints
    influenced: Ints
    probability: Floats
    customers: Ints
    excluded: Ints
    active: Ints


def target_weights(candidates: Candidates) -> dict[object, float] | None:
    """Everybody but known customers counts one; None where no customer is known, or nobody else is."""
    if len(candidates.customers) == 0:
        return None
    people = np.union1d(candidates.influencer, candidates.influenced)
    strangers = np.setdiff1d(people, candidates.customers)
    return dict.fromkeys(strangers.tolist(), 1.0) if len(strangers) else None
