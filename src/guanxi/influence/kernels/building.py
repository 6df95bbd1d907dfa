"""Ties put in order by influenced, in place and in 32 bits: counting sort, then each row by itself.

Cost is one walk over the ties to count, one to place, and a sort of each row; memory is the ties once more.
"""

from __future__ import annotations

import numba as nb
import numpy as np

_SHORT = 24
_LOW = np.int64(0xFFFFFFFF)


@nb.njit(cache=True, nogil=True)
def dense_places(ids, low, place):  # type: ignore[no-untyped-def]
    """Where each id stands among all, from the table of places of ``low``, ``low + 1``..."""
    found = np.empty(len(ids), np.int32)
    for i in range(len(ids)):
        found[i] = place[ids[i] - low]
    return found


@nb.njit(cache=True, nogil=True)
def marked_ids(ids, low, seen):  # type: ignore[no-untyped-def]
    """``seen`` is true at every id there is, counted from ``low``."""
    for i in range(len(ids)):
        seen[ids[i] - low] = True


@nb.njit(cache=True, nogil=True)
def row_starts(source, target, falling, nothing, n):  # type: ignore[no-untyped-def]
    """Where each node's row begins; self-ties and ties whose ``falling`` is ``nothing`` are left out."""
    offsets = np.zeros(n + 1, np.int64)
    for e in range(len(source)):
        if source[e] != target[e] and not (len(falling) and falling[e] == nothing):
            offsets[target[e] + 1] += 1
    for v in range(n):
        offsets[v + 1] += offsets[v]
    return offsets


@nb.njit(cache=True, nogil=True)
def sorted_row(row):  # type: ignore[no-untyped-def]
    """The row ascends."""
    if len(row) > _SHORT:
        row.sort()
        return
    for i in range(1, len(row)):
        x = row[i]
        j = i
        while j > 0 and row[j - 1] > x:
            row[j] = row[j - 1]
            j -= 1
        row[j] = x


@nb.njit(cache=True, nogil=True)
def even_rows(source, target, n):  # type: ignore[no-untyped-def]
    """(offsets, sources) with sources ascending in each row, each once."""
    offsets = row_starts(source, target, source[:0], 0, n)
    sources = np.empty(offsets[n], np.int32)
    filled = offsets[:-1].copy()
    for e in range(len(source)):
        v = target[e]
        if source[e] != v:
            sources[filled[v]] = source[e]
            filled[v] += 1
    used = 0
    for v in range(n):
        low, high = offsets[v], offsets[v + 1]
        sorted_row(sources[low:high])
        offsets[v] = used
        for e in range(low, high):
            if e == low or sources[e] != sources[used - 1]:
                sources[used] = sources[e]
                used += 1
    offsets[n] = used
    return offsets, sources[:used]


@nb.njit(cache=True, nogil=True)
def ranked_rows(source, target, falling, nothing, n):  # type: ignore[no-untyped-def]
    """(offsets, sources, falling): each tie once with its least ``falling``, ascending by it, then by source."""
    offsets = row_starts(source, target, falling, nothing, n)
    packed = np.empty(offsets[n], np.int64)
    filled = offsets[:-1].copy()
    for e in range(len(source)):
        v = target[e]
        if source[e] != v and falling[e] != nothing:
            packed[filled[v]] = np.int64(source[e]) << 32 | falling[e]
            filled[v] += 1
    used = 0
    for v in range(n):
        low, high = offsets[v], offsets[v + 1]
        sorted_row(packed[low:high])
        offsets[v] = used
        last = np.int64(-1)
        for e in range(low, high):
            who = packed[e] >> 32
            if who != last:
                last = who
                packed[used] = (packed[e] & _LOW) << 32 | who
                used += 1
        sorted_row(packed[offsets[v] : used])
    offsets[n] = used
    sources, ranks = np.empty(used, np.int32), np.empty(used, np.int32)
    for e in range(used):
        sources[e] = packed[e] & _LOW
        ranks[e] = packed[e] >> 32
    return offsets, sources, ranks


@nb.njit(cache=True, nogil=True)
def even_draws(offsets, walks):  # type: ignore[no-untyped-def]
    """(quiet, scale) where each of v's d influencers has chance 1/d."""
    n = len(offsets) - 1
    quiet, scale = np.ones(n), np.zeros(n)
    for v in range(n):
        degree = offsets[v + 1] - offsets[v]
        if degree > 0:
            quiet[v], scale[v] = drawn_even(1.0 / degree, degree, walks)
    return quiet, scale


@nb.njit(cache=True, nogil=True)
def drawn_even(p, degree, walks):  # type: ignore[no-untyped-def]
    """What one draw needs to know where all ``degree`` ties have chance ``p``."""
    if walks:
        return max(1.0 - p * degree, 0.0), 1.0 / p
    if p >= 1.0:
        return 0.0, -0.0
    return (1.0 - p) ** degree, 1.0 / np.log1p(-p)


@nb.njit(cache=True, nogil=True)
def mixed_draws(offsets, chances, walks, few):  # type: ignore[no-untyped-def]
    """(quiet, scale, whether all ties into a node are alike everywhere); ``chances`` fall within a node.

    Under LT they become running sums of at most 1. Under IC, unless all are alike, quiet is 0 where there are more
    than ``few`` ties.
    """
    n = len(offsets) - 1
    quiet, scale, alike = np.ones(n), np.zeros(n), True
    for v in range(n):
        row = chances[offsets[v] : offsets[v + 1]]
        if len(row) == 0:
            continue
        same = row[0] == row[-1]
        alike = alike and same
        if walks:
            quiet[v], scale[v] = walked_row(row, same)
        else:
            quiet[v] = unmoved(row)
            scale[v] = drawn_even(np.float64(row[0]), len(row), False)[1] if same else 0.0
    if not (alike or walks):
        quiet[offsets[1:] - offsets[:-1] > few] = 0.0
    return quiet, scale, alike


@nb.njit(cache=True, nogil=True)
def unmoved(row):  # type: ignore[no-untyped-def]
    """The chance that no tie fires, multiplied in the order in which draws are held against it."""
    none = 1.0
    for p in row:
        none *= 1.0 - p
    return none


@nb.njit(cache=True, nogil=True)
def walked_row(row, same):  # type: ignore[no-untyped-def]
    """(quiet, scale) under LT; the row holds running sums of at most 1 where its chances differ."""
    total = 0.0
    for p in row:
        total += p
    share = 1.0 / max(total, 1.0)
    if same:
        return drawn_even(row[0] * share, len(row), True)
    running = 0.0
    for i in range(len(row)):
        running += row[i] * share
        row[i] = min(running, 1.0)
    return max(1.0 - total, 0.0), 0.0
