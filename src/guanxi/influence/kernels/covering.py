"""Greedy cover: the k nodes that meet most sets, and how much any k could meet.

Exact greedy with a lazy bucket queue. Which sets a node is in is only kept for the foremost nodes; where greedy gets
past them, it begins again with all. Cost is one walk over the sets, another for the foremost, and one over those met.
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
def nonempty(ends):  # type: ignore[no-untyped-def]
    """Where the sets end that hold somebody; ``ends`` itself where all do."""
    last, none = 0, 0
    for end in ends:
        none += end == last
        last = end
    if none == 0:
        return ends
    kept, used, last = np.empty(len(ends), ends.dtype), 0, 0
    for end in ends:
        kept[used] = end
        used += end > last
        last = end
    return kept[: len(ends) - none]


@nb.njit(cache=True, nogil=True)
def degrees(members, n):  # type: ignore[no-untyped-def]
    """How many sets each node is in."""
    degree = np.zeros(n, np.int32)
    for v in members:
        degree[v] += 1
    return degree


@nb.njit(cache=True, nogil=True)
def indexed_above(members, ends, degree, floor):  # type: ignore[no-untyped-def]
    """Which sets each node of degree ``floor`` or more is in: (starts, places); other rows, and no sets, are empty."""
    n, total = len(degree), 0
    starts = np.empty(n + 1, np.int32)
    for v in range(n):
        starts[v] = total
        total += degree[v] if degree[v] >= floor else 0
    starts[n] = total
    # Those who are not kept are written too, all over one spare place: a wrong guess costs more than a write.
    places = np.empty(total + 1, np.int32)
    cursors, steps = np.empty(n, np.int32), np.empty(n, np.int32)
    for v in range(n):
        steps[v] = degree[v] >= floor
        cursors[v] = starts[v] if steps[v] else total
    opens = np.zeros(len(members) + 1, np.uint8)
    for end in ends:
        opens[end] = 1
    s = 0
    for i in range(len(members)):
        s += opens[i]
        v = members[i]
        at = cursors[v]
        places[at] = s
        cursors[v] = at + steps[v]
    return starts, places


@nb.njit(cache=True, nogil=True)
def greatest_sum(counts, top, floor, k):  # type: ignore[no-untyped-def]
    """At least the sum of the k greatest degrees, from how many nodes have each degree of ``floor`` or more."""
    total, left = 0, k
    for d in range(top, floor - 1, -1):
        take = min(counts[d], left)
        total += take * d
        left -= take
        if left == 0:
            break
    return total + left * (floor - 1)


@nb.njit(cache=True, nogil=True)
def bucketed(degree, floor):  # type: ignore[no-untyped-def]
    """Nodes of degree ``floor`` or more, lowest first: (how many have each degree, first of each, who follows whom)."""
    top = 0
    for d in degree:
        top = max(top, d)
    counts = np.zeros(top + 1, np.int64)
    heads = np.full(top + 1, -1, np.int32)
    follows = np.empty(len(degree), np.int32)
    for v in range(len(degree) - 1, -1, -1):
        d = degree[v]
        if d >= floor:
            counts[d] += 1
            follows[v] = heads[d]
            heads[d] = v
    return counts, heads, follows


@nb.njit(cache=True, nogil=True)
def popped(degree, heads, follows, high, floor):  # type: ignore[no-untyped-def]
    """The node of greatest degree, off its bucket, and that bucket; fallen nodes move down on the way.

    No node where nobody is left of degree ``floor`` or more.
    """
    while high >= floor:
        v = heads[high]
        if v < 0:
            high -= 1
            continue
        heads[high] = follows[v]
        d = degree[v]
        if d == high:
            return v, high
        if d >= floor:
            follows[v] = heads[d]
            heads[d] = v
    return -1, high


@nb.njit(cache=True, nogil=True)
def meet(sets, met, members, ends, degree, counts, floor):  # type: ignore[no-untyped-def]
    """These sets are met: their members gain less by each that was not met before."""
    for s in sets:
        if met[s]:
            continue
        met[s] = True
        for i in range(ends[s - 1] if s else 0, ends[s]):
            w = members[i]
            was = degree[w]
            degree[w] = was - 1
            counts[max(was, floor - 1)] -= 1
            counts[max(was, floor) - 1] += 1


@nb.njit(cache=True, nogil=True)
def greedy_above(members, ends, degree, floor, k):  # type: ignore[no-untyped-def]
    """``greedy_cover`` as far as nodes of degree ``floor`` or more go; ``degree`` is used up."""
    starts, places = indexed_above(members, ends, degree, floor)
    counts, heads, follows = bucketed(degree, floor)
    top = len(counts) - 1
    high = top
    met = np.zeros(len(ends), np.bool_)
    chosen, gains = np.empty(k, np.int32), np.empty(k, np.int64)
    picked, covered = 0, 0
    most = np.int64(len(ends))
    while True:
        while top >= floor and counts[top] == 0:
            top -= 1
        most = min(most, covered + greatest_sum(counts, top, floor, k))
        if picked == k:
            break
        v, high = popped(degree, heads, follows, high, floor)
        if v < 0:
            break
        chosen[picked], gains[picked] = v, high
        picked += 1
        covered += high
        meet(places[starts[v] : starts[v + 1]], met, members, ends, degree, counts, floor)
    return chosen[:picked], gains[:picked], most


@nb.njit(cache=True, nogil=True)
def greedy_cover(members, ends, n, k, floor):  # type: ignore[no-untyped-def]
    """Greedy choice of at most k nodes; returns (chosen, gains, most).

    ``most`` bounds the sets that any k nodes meet: the least over all prefixes S of |met by S| + the k
    greatest further gains
    (OPIM-C+, Tang et al. 2018, equation 10). Nodes that meet no further set are not chosen. ``floor``, at least 1,
    is the gain that all who are chosen are hoped to have: a wrong hope costs time, and may loosen the bound.
    """
    degree, ends = degrees(members, n), nonempty(ends)
    if floor > 1:
        chosen, gains, most = greedy_above(members, ends, degree.copy(), floor, k)
        if len(chosen) == k:
            return chosen, gains, most
    return greedy_above(members, ends, degree, 1, k)
