"""Greedy cover: the k nodes that meet most sets, and how much any k could meet.

Exact greedy with a lazy bucket queue; cost is the total size of the sets plus k walks over the largest
degrees.
"""

from __future__ import annotations

import numba as nb
import numpy as np


@nb.njit(cache=True, nogil=True)
def indexed(members, ends, n):  # type: ignore[no-untyped-def]
    """Which sets each node is in: (starts, places)."""
    starts = np.zeros(n + 2, np.int32)  # one place ahead while they serve as cursors
    for v in members:
        starts[v + 2] += 1
    for v in range(n):
        starts[v + 2] += starts[v + 1]
    places = np.empty(len(members), np.int32)
    at = 0
    for s in range(len(ends)):
        while at < ends[s]:
            v = members[at]
            places[starts[v + 1]] = s
            starts[v + 1] += 1
            at += 1
    return starts[:-1], places


@nb.njit(cache=True, nogil=True)
def renumbered(members, n):  # type: ignore[no-untyped-def]
    """(who is in some set, in the order in which they come; the members as places among them)."""
    place = np.zeros(n, np.int32)
    there = np.empty(min(n, len(members)), np.int32)
    places = np.empty(len(members), np.int32)
    found = 0
    for i in range(len(members)):
        v = members[i]
        if place[v] == 0:
            there[found] = v
            found += 1
            place[v] = found
        places[i] = place[v] - 1
    return there[:found], places


@nb.njit(cache=True, nogil=True)
def greatest_sum(counts, top, k):  # type: ignore[no-untyped-def]
    """The sum of the k greatest degrees, from how many nodes have each degree."""
    total, left = 0, k
    for d in range(top, 0, -1):
        take = min(counts[d], left)
        total += take * d
        left -= take
        if left == 0:
            break
    return total


@nb.njit(cache=True, nogil=True)
def bucketed(starts):  # type: ignore[no-untyped-def]
    """Nodes by degree, lowest node first: (degree, how many have each, first of each, who follows whom)."""
    degree = np.empty(len(starts) - 1, np.int32)
    top = 0
    for v in range(len(degree)):
        degree[v] = starts[v + 1] - starts[v]
        top = max(top, degree[v])
    counts = np.zeros(top + 1, np.int64)
    heads = np.full(top + 1, -1, np.int32)
    follows = np.empty(len(degree), np.int32)
    for v in range(len(degree) - 1, -1, -1):
        d = degree[v]
        if d > 0:
            counts[d] += 1
            follows[v] = heads[d]
            heads[d] = v
    return degree, counts, heads, follows


@nb.njit(cache=True, nogil=True)
def popped(degree, heads, follows, high):  # type: ignore[no-untyped-def]
    """The node of greatest degree, off its bucket, and that bucket; fallen nodes move down on the way."""
    while True:
        v = heads[high]
        if v < 0:
            high -= 1
            continue
        heads[high] = follows[v]
        d = degree[v]
        if d == high:
            return v, high
        follows[v] = heads[d]
        heads[d] = v


@nb.njit(cache=True, nogil=True)
def meet(sets, met, members, ends, degree, counts):  # type: ignore[no-untyped-def]
    """These sets are met: their members gain less by each that was not met before."""
    for s in sets:
        if met[s]:
            continue
        met[s] = True
        for i in range(ends[s - 1] if s else 0, ends[s]):
            w = members[i]
            was = degree[w]
            degree[w] = was - 1
            counts[was] -= 1
            counts[was - 1] += 1


@nb.njit(cache=True, nogil=True)
def greedy_cover(members, ends, n, k):  # type: ignore[no-untyped-def]
    """Greedy choice of at most k nodes; returns (chosen, gains, most).

    ``most`` bounds the sets that any k nodes meet: the least over all prefixes S of |met by S| + the k
    greatest further gains
    (OPIM-C+, Tang et al. 2018, equation 10). Nodes that meet no further set are not chosen.
    """
    starts, places = indexed(members, ends, n)
    degree, counts, heads, follows = bucketed(starts)
    top = len(counts) - 1
    high = top
    met = np.zeros(len(ends), np.bool_)
    chosen = np.empty(k, np.int32)
    gains = np.empty(k, np.int64)
    picked, covered = 0, 0
    most = np.int64(len(ends))
    while True:
        while top > 0 and counts[top] == 0:
            top -= 1
        most = min(most, covered + greatest_sum(counts, top, k))
        if picked == k or top == 0:
            return chosen[:picked], gains[:picked], most
        v, high = popped(degree, heads, follows, high)
        chosen[picked] = v
        gains[picked] = high
        picked += 1
        covered += high
        meet(places[starts[v] : starts[v + 1]], met, members, ends, degree, counts)
