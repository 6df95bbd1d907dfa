"""Reverse-reachable sets: who could have moved a person drawn at random.

Borgs et al. 2014, Tang et al. 2015. Independent cascade by subset sampling (SUBSIM, Guo et al. 2020): a
node costs 1 + the ties that fire, not its degree.
Linear threshold: a node is moved by at most one influencer, so a set is a walk.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from guanxi.influence.kernels.draws import GOLDEN, stream, unit

RECORD, HIT, VOID = 1, 2, 4
_RECORD, _HIT, _VOID = np.uint8(RECORD), np.uint8(HIT), np.uint8(VOID)
_DIRECT = 12


@nb.njit(cache=True, nogil=True)
def sampled_sets(graph, walks, totals, mask, voids, scratch, seed, first, last, storing):  # type: ignore[no-untyped-def]
    """Reverse-reachable sets of the items ``first..last-1``; returns (members, ends, hits).

    Args:
        graph: (offsets, sources, uniform, strengths) of a Graph.
        walks: True under LT.
        totals: running sum of root weights, or empty where all weigh the same.
        mask: per node: RECORD (may be chosen), HIT (a set that meets it is hit), VOID (a set that meets it
            does not count).
        voids: whether any node is marked VOID.
        scratch: (marks, queue, tick): two numbers a node and how many sets were drawn with these marks
            before.
        seed: where chance begins.
        first: the first item, and
        last: the one after the last.
        storing: keep the members; else only count the sets that meet a HIT node and no VOID node.
    """
    marks, queue, tick = scratch
    members = np.empty(max(1024, 4 * (last - first)) if storing else 0, np.int32)
    ends = np.empty(last - first if storing else 0, np.int64)
    used, hits = 0, 0
    enough = _VOID if storing or voids else _HIT
    for item in range(first, last):
        tick[0] += 1
        tail, seen = drawn_set(graph, walks, totals, mask, enough, marks, queue, tick[0], stream(seed, item))
        counts = not seen & _VOID
        if storing:
            if used + tail > len(members):
                members = grown(members, used, tail)
            used = recorded(members, used, queue, tail, mask) if counts else used
            ends[item - first] = used
        elif counts and seen & _HIT:
            hits += 1
    return members[:used], ends, hits


@nb.njit(cache=True, nogil=True, inline="always")
def drawn_set(graph, walks, totals, mask, enough, marks, queue, mark, state):  # type: ignore[no-untyped-def]
    """One set, in ``queue[:tail]``, and all its masks together; broken off once ``enough`` is met."""
    offsets, sources, uniform, strengths = graph
    root = drawn_root(totals, len(uniform), unit(state))
    tail, seen = met(root, marks, mark, queue, 0, mask, np.uint8(0))
    at = 0
    while at < tail and not seen & enough:
        v = queue[at]
        at += 1
        low = offsets[v]
        degree = offsets[v + 1] - low
        p = uniform[v]
        if degree == 0:
            continue
        if walks:
            state += GOLDEN
            e = walked(low, low + degree, p, strengths, unit(state))
            if e < low + degree and marks[sources[e]] != mark:
                tail, seen = met(sources[e], marks, mark, queue, tail, mask, seen)
        else:
            tail, seen, state = fired(
                sources, strengths, low, low + degree, p, marks, mark, queue, tail, mask, seen, state
            )
    return tail, seen


@nb.njit(cache=True, nogil=True, inline="always")
def fired(sources, chances, low, high, p, marks, mark, queue, tail, mask, seen, state):  # type: ignore[no-untyped-def]
    """The sources whose ties fire, met; each tie has its own chance, or all have ``p`` where it is not
    negative.
    """
    if high - low > _DIRECT and p < 1.0:
        if p >= 0.0:
            return even_subset(sources, low, high, p, marks, mark, queue, tail, mask, seen, state)
        return uneven_subset(sources, chances, low, high, marks, mark, queue, tail, mask, seen, state)
    for e in range(low, high):
        state += GOLDEN
        w = sources[e]
        if unit(state) <= (p if p >= 0.0 else chances[e]) and marks[w] != mark:
            tail, seen = met(w, marks, mark, queue, tail, mask, seen)
    return tail, seen, state


@nb.njit(cache=True, nogil=True, inline="always")
def met(w, marks, mark, queue, tail, mask, seen):  # type: ignore[no-untyped-def]
    """The queue's new end and the masks seen once ``w`` belongs to the set."""
    marks[w] = mark
    queue[tail] = w
    return tail + 1, seen | mask[w]


@nb.njit(cache=True, nogil=True, inline="always")
def least_place(running, low, high, x):  # type: ignore[no-untyped-def]
    """The first place in ``low..high-1`` whose running sum reaches ``x``, or ``high``."""
    while low < high:
        middle = (low + high) >> 1
        if running[middle] < x:
            low = middle + 1
        else:
            high = middle
    return low


@nb.njit(cache=True, nogil=True, inline="always")
def drawn_root(totals, n, u):  # type: ignore[no-untyped-def]
    """The node at share ``u`` of all weight; every node weighs the same where no running totals are given."""
    if len(totals) == 0:
        return min(np.int64(u * n), n - 1)
    return least_place(totals, 0, n - 1, u * totals[-1])


@nb.njit(cache=True, nogil=True, inline="always")
def walked(low, high, p, strengths, u):  # type: ignore[no-untyped-def]
    """The tie that moves a node, or at least ``high`` if none does."""
    if p >= 0.0:
        return low + np.int64(np.ceil(u / p)) - 1
    return least_place(strengths, low, high, np.float32(u))


@nb.njit(cache=True, nogil=True, inline="always")
def even_subset(sources, low, high, p, marks, mark, queue, tail, mask, seen, state):  # type: ignore[no-untyped-def]
    """Each source met with chance p, by geometric jumps."""
    scale = 1.0 / np.log1p(-p)
    while low < high:
        state += GOLDEN
        jump = np.log(unit(state)) * scale
        if jump >= high - low:
            break
        low += np.int64(jump)
        w = sources[low]
        if marks[w] != mark:
            tail, seen = met(w, marks, mark, queue, tail, mask, seen)
        low += 1
    return tail, seen, state


@nb.njit(cache=True, nogil=True, inline="always")
def uneven_subset(sources, chances, low, high, marks, mark, queue, tail, mask, seen, state):  # type: ignore[no-untyped-def]
    """Each source met with its own chance: jumps by the first of a doubling block, thinned."""
    block, stop = 1, low + 1
    bound = np.float64(chances[low])
    while low < high:
        state += GOLDEN
        jump = np.log(unit(state)) / np.log1p(-bound) if bound < 1.0 else 0.0
        if jump >= stop - low:
            low = stop
            block *= 2
            stop = min(stop + block, high)
            bound = np.float64(chances[min(low, high - 1)])
            continue
        low += np.int64(jump)
        state += GOLDEN
        w = sources[low]
        if unit(state) * bound <= chances[low] and marks[w] != mark:
            tail, seen = met(w, marks, mark, queue, tail, mask, seen)
        low += 1
    return tail, seen, state


@nb.njit(cache=True, nogil=True)
def grown(members, used, more):  # type: ignore[no-untyped-def]
    """A copy with at least twice the room and room for ``more``."""
    larger = np.empty(max(2 * len(members), used + more), np.int32)
    larger[:used] = members[:used]
    return larger


@nb.njit(cache=True, nogil=True, inline="always")
def recorded(members, used, queue, tail, mask):  # type: ignore[no-untyped-def]
    """The end of the members once those of the set who may be chosen are added."""
    for i in range(tail):
        if mask[queue[i]] & _RECORD:
            members[used] = queue[i]
            used += 1
    return used
