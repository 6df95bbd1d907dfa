"""Ripples over ties: who is reached from one person in one step, in two, and so on."""

from __future__ import annotations

import numpy as np

from guanxi.influence.kernels.graph import Ints

HOPS = 4


def hops_from(place: int, people: int, source: Ints, target: Ints, most: int = HOPS) -> Ints:
    """How many steps from one place each of the people is; -1 for whoever is farther than ``most`` or not reached."""
    found = np.full(people, -1, np.int64)
    found[place] = 0
    for hop in range(1, most + 1):
        reached = target[found[source] == hop - 1]
        fresh = reached[found[reached] == -1]
        if len(fresh) == 0:
            break
        found[fresh] = hop
    return found
