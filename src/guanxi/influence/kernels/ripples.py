"""Ripples: who is moved directly, and who through them. Counts of distinct people, by two steps along the
ties.
"""

from __future__ import annotations

import numba as nb
import numpy as np


@nb.njit(cache=True, nogil=True)
def second_hop(offsets, targets):  # type: ignore[no-untyped-def]
    """For each node, how many people its direct ones move whom it does not move itself.

    ``targets[offsets[u]:offsets[u + 1]]`` are those u moves. Costs the sum over ties of the out-degree of
    the influenced.
    """
    n = len(offsets) - 1
    marks = np.zeros(n, np.int32)
    second = np.zeros(n, np.int64)
    for u in range(n):
        mark = u + 1
        marks[u] = mark
        for e in range(offsets[u], offsets[u + 1]):
            marks[targets[e]] = mark
        count = 0
        for e in range(offsets[u], offsets[u + 1]):
            v = targets[e]
            for f in range(offsets[v], offsets[v + 1]):
                w = targets[f]
                if marks[w] != mark:
                    marks[w] = mark
                    count += 1
        second[u] = count
    return second
