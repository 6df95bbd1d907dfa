"""Greedy cover within a budget and caps, and how much any choice within them could meet.

Greedy by gain, or by gain for cost (Leskovec et al. 2007); each pick walks the nodes that still gain. The
bound is OPIM's on prefixes: what is met, plus the best further gains that the limits would allow were they
not to overlap.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from guanxi.influence.kernels.covering import indexed


@nb.njit(cache=True, nogil=True)
def within_caps(nodes, degree, group, caps, k):  # type: ignore[no-untyped-def]
    """The greatest sum of degrees of k nodes of which no group has more than its cap."""
    room = caps.copy()
    gained = np.empty(len(nodes), np.int64)
    for i in range(len(nodes)):
        gained[i] = -degree[nodes[i]]
    total = np.int64(0)
    left = k
    for i in np.argsort(gained):
        if left == 0 or gained[i] == 0:
            break
        if room[group[nodes[i]]] > 0:
            room[group[nodes[i]]] -= 1
            total -= gained[i]
            left -= 1
    return total


@nb.njit(cache=True, nogil=True)
def within_budget(nodes, degree, cost, budget):  # type: ignore[no-untyped-def]
    """The greatest sum of degrees that a budget buys where a part of a node may be bought; rounded up."""
    dearness = np.empty(len(nodes), np.float64)
    for i in range(len(nodes)):
        v = nodes[i]
        dearness[i] = cost[v] / degree[v] if degree[v] > 0 else np.inf
        if cost[v] > budget:
            dearness[i] = np.inf
    total, left = 0.0, budget
    for i in np.argsort(dearness):
        if dearness[i] == np.inf:
            break
        v = nodes[i]
        if cost[v] > left:
            total += degree[v] * (left / cost[v])
            break
        left -= cost[v]
        total += degree[v]
    return np.int64(np.ceil(total))


@nb.njit(cache=True, nogil=True)
def best_of(nodes, degree, cost, left, group, room, by_ratio):  # type: ignore[no-untyped-def]
    """The node that gains most (for its cost) of those within the limits, the lowest of equals; or -1."""
    best, most = -1, np.float64(0.0)
    for v in nodes:
        if degree[v] == 0 or cost[v] > left or room[group[v]] == 0:
            continue
        score = np.float64(degree[v])
        if by_ratio:
            score = score / cost[v] if cost[v] > 0.0 else np.float64(np.inf)
        if score > most:
            best, most = v, score
    return best


@nb.njit(cache=True, nogil=True)
def met_by(sets, met, members, ends, degree):  # type: ignore[no-untyped-def]
    """These sets are met: their members gain less by each that was not met before."""
    for s in sets:
        if not met[s]:
            met[s] = True
            for i in range(ends[s - 1] if s else 0, ends[s]):
                degree[members[i]] -= 1


@nb.njit(cache=True, nogil=True)
def limited_cover(members, ends, n, k, cost, budget, group, caps, by_ratio):  # type: ignore[no-untyped-def]
    """Greedy choice of at most k nodes within budget and caps; returns (chosen, gains, most).

    ``most`` bounds the sets that any choice within the limits meets, by the prefixes of 0, 1, 2, 4... nodes
    and the whole.
    """
    starts, places = indexed(members, ends, n)
    degree = (starts[1:] - starts[:-1]).astype(np.int32)
    nodes = np.flatnonzero(degree)
    met = np.zeros(len(ends), np.bool_)
    room, left = caps.copy(), budget
    chosen, gains = np.empty(k, np.int32), np.empty(k, np.int64)
    picked, covered = 0, np.int64(0)
    most = np.int64(len(ends))
    while True:
        v = best_of(nodes, degree, cost, left, group, room, by_ratio) if picked < k else -1
        if v < 0 or picked & (picked - 1) == 0:
            further = within_caps(nodes, degree, group, caps, k)
            if budget < np.inf:
                further = min(further, within_budget(nodes, degree, cost, budget))
            most = min(most, covered + further)
        if v < 0:
            return chosen[:picked], gains[:picked], most
        chosen[picked], gains[picked] = v, degree[v]
        covered += degree[v]
        picked += 1
        left -= cost[v]
        room[group[v]] -= 1
        met_by(places[starts[v] : starts[v + 1]], met, members, ends, degree)
