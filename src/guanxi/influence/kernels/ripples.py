"""Ripples: who is moved directly, and who through them, by two steps along the ties; each person once."""

from __future__ import annotations

import numba as nb
import numpy as np


@nb.njit(cache=True, nogil=True)
def two_hops(offsets, targets, chances):  # type: ignore[no-untyped-def]
    """For each node, how many people only its direct ones move, and how many people it moves in expectation.

    ``targets[offsets[u]:offsets[u + 1]]`` are those u moves, with ``chances``. A person whom several ways reach
    counts once, with the chance that one of the ways works; so nobody moves more people than there are to move.
    Costs the sum over ties of the out-degree of the influenced.
    """
    n = len(offsets) - 1
    missed = np.ones(n, np.float64)
    reached = np.empty(n, np.int32)
    marks, second, weight = np.zeros(n, np.int32), np.zeros(n, np.int64), np.zeros(n, np.float64)
    for u in range(n):
        marks[u] = mark = u + 1
        count = 0
        for e in range(offsets[u], offsets[u + 1]):
            v = targets[e]
            marks[v] = mark
            missed[v] = 1.0 - chances[e]
            reached[count] = v
            count += 1
        direct = count
        for e in range(offsets[u], offsets[u + 1]):
            v = targets[e]
            for f in range(offsets[v], offsets[v + 1]):
                w = targets[f]
                if w == u:
                    continue
                if marks[w] != mark:
                    marks[w] = mark
                    reached[count] = w
                    count += 1
                missed[w] *= 1.0 - chances[e] * chances[f]
        second[u] = count - direct
        for i in range(count):
            w = reached[i]
            weight[u] += 1.0 - missed[w]
            missed[w] = 1.0
    return second, weight
