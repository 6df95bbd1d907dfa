"""Ripples: who is moved directly, and who through them, by two steps along the ties; each person once."""

from __future__ import annotations

import numba as nb
import numpy as np


@nb.njit(cache=True, nogil=True)
def _reach(u, offsets, targets, chances, marks, missed, reached):  # type: ignore[no-untyped-def]
    """``reached[:count]`` are those whom u may move, the direct ones first; ``missed`` the chance that no way works.

    A person whom several ways reach counts once; ``marks`` says who was met on behalf of u.
    """
    mark = u + 1
    marks[u] = mark
    count = 0
    for e in range(offsets[u], offsets[u + 1]):
        v = targets[e]
        marks[v] = mark
        missed[v] = 1.0 - chances[e]
        reached[count] = v
        count += 1
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
    return count


@nb.njit(cache=True, nogil=True)
def two_hops(offsets, targets, chances):  # type: ignore[no-untyped-def]
    """For each node, how many people only its direct ones move, and how many people it moves in expectation.

    ``targets[offsets[u]:offsets[u + 1]]`` are those u moves, with ``chances``. A person whom several ways reach
    counts once, with the chance that one of the ways works; so nobody moves more people than there are to move.
    Costs the sum over ties of the out-degree of the influenced.
    """
    n = len(offsets) - 1
    missed, reached = np.ones(n, np.float64), np.empty(n, np.int32)
    marks, second, weight = np.zeros(n, np.int32), np.zeros(n, np.int64), np.zeros(n, np.float64)
    for u in range(n):
        count = _reach(u, offsets, targets, chances, marks, missed, reached)
        second[u] = count - (offsets[u + 1] - offsets[u])
        for i in range(count):
            w = reached[i]
            weight[u] += 1.0 - missed[w]
            missed[w] = 1.0
    return second, weight


@nb.njit(cache=True, nogil=True)
def _arms(u, offsets, targets, chances, below, above, value, missed):  # type: ignore[no-untyped-def]
    """How far below and above the expected value of u the truth may lie.

    The arms of the intervals of one node's ties add up, for they hang on one rate of that node; those of different
    nodes are taken as independent and add up in squares. The value moves with a tie as fast as its derivative says.
    """
    own_down, own_up, down, up = 0.0, 0.0, 0.0, 0.0
    for e in range(offsets[u], offsets[u + 1]):
        v = targets[e]
        steep = value[v] * missed[v] / (1.0 - chances[e])
        its_down, its_up = 0.0, 0.0
        for f in range(offsets[v], offsets[v + 1]):
            w = targets[f]
            if w == u or value[w] == 0.0:
                continue
            rest = value[w] * missed[w] / (1.0 - chances[e] * chances[f])
            steep += rest * chances[f]
            its_down += rest * chances[e] * below[f]
            its_up += rest * chances[e] * above[f]
        own_down += steep * below[e]
        own_up += steep * above[e]
        down += its_down * its_down
        up += its_up * its_up
    return np.sqrt(own_down * own_down + down), np.sqrt(own_up * own_up + up)


@nb.njit(cache=True, nogil=True)
def moved_value(offsets, targets, chances, below, above, value, known):  # type: ignore[no-untyped-def]
    """For each node, the value it moves in expectation within two hops, how far below and above that the truth may
    lie, how many of those it may move have a known value, and how many there are.

    ``below`` and ``above`` are the arms of each tie's interval, chances are below 1. Costs twice ``two_hops``.
    """
    n = len(offsets) - 1
    missed, reached, marks = np.ones(n, np.float64), np.empty(n, np.int32), np.zeros(n, np.int32)
    expected, down, up = np.zeros(n), np.zeros(n), np.zeros(n)
    seen, people = np.zeros(n, np.int64), np.zeros(n, np.int64)
    for u in range(n):
        count = _reach(u, offsets, targets, chances, marks, missed, reached)
        down[u], up[u] = _arms(u, offsets, targets, chances, below, above, value, missed)
        people[u] = count
        for i in range(count):
            w = reached[i]
            expected[u] += (1.0 - missed[w]) * value[w]
            seen[u] += known[w]
            missed[w] = 1.0
    return expected, down, up, seen, people
