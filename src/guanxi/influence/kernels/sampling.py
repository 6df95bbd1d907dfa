"""Reverse-reachable sets: who could have moved a person drawn at random.

Borgs et al. 2014, Tang et al. 2015. Independent cascade by subset sampling (SUBSIM, Guo et al. 2020): a
node costs 1 + the ties that fire, not its degree, and one draw where none fires.
Linear threshold: a node is moved by at most one influencer, so a set is a walk.
A batch is stratified: its roots, and what is drawn first at each root, go evenly through all there is, one draw
from each of ``count`` equal strata of one number. Sets stay independent, their mean is exact, and the sum of
unlike coins strays no further than that of like ones (Hoeffding 1956), so all bounds hold; they choose as well
as some 1.5 times as many drawn at random.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from guanxi.influence.kernels.draws import GOLDEN, stream, unit

RECORD, VOID, APART = 1, 2, 4
DIRECT = 32
_RECORD, _VOID, _APART = np.uint8(RECORD), np.uint8(VOID), np.uint8(APART)

# Each way to draw is one loop, written out: an array handed to a function is counted, which costs more than a
# draw. All take
#   graph: (offsets, sources, quiet, scale, strengths) of a Graph;
#   roots: the nodes that count, or empty where all do;
#   totals: running sum of their weights, or empty where all weigh the same;
#   mask: per node RECORD (may be chosen), VOID (a set that meets it counts for nobody, and is broken off), APART (is
#       not kept in its own sets: who is chosen does not count without being moved);
#   scratch: (marks, tick): a number a node, and how many sets were drawn with these marks before;
#   room: (members, ends): where members go, set by set, and where each set ends there; ``ends`` is long enough;
#   all_kept: whether every member is RECORD alone; else the others are left out, and all of a VOID set;
#   seed, first, last: where chance begins, the first item and the one after the last;
#   begin, count: the batch they belong to: its first item and how many it has.
# and return (members, used): the room for members, a larger one where it did not suffice, and how much is filled.


@nb.njit(cache=True, nogil=True)
def even_cascades(  # type: ignore[no-untyped-def]
    graph, roots, totals, mask, scratch, room, all_kept, seed, first, last, begin, count
):
    """Reverse-reachable sets under IC where all ties into a node are alike: geometric jumps."""
    offsets, sources, quiet, scale, _ = graph
    marks, tick = scratch
    n, mark, used = len(quiet), tick[0], 0
    members, ends = room
    for item in range(first, last):
        if used + n >= len(members):
            members = grown(members, used, n)
        mark += 1
        state = stream(seed, item)
        x = (item - begin + unit(state)) / count
        root, u = evenly(x, n) if len(roots) == 0 else drawn_root(roots, totals, x)
        marks[root], members[used], seen, at, end = mark, root, mask[root], used, used + 1
        while at < end and not seen & _VOID:
            v, at = members[at], at + 1
            if u > quiet[v]:
                low, high, s = offsets[v], offsets[v + 1], scale[v]
                low += np.int64(np.log(u) * s)
                while low < high:
                    w = members[end] = sources[low]
                    end += marks[w] != mark
                    marks[w] = mark
                    seen |= mask[w]
                    low += 1
                    if low == high:
                        break
                    state += GOLDEN
                    low += np.int64(min(np.log(unit(state)) * s, high - low))
            state += GOLDEN
            u = unit(state)
        used = end if all_kept else recorded(members, used, end, mask, seen)
        ends[item - first] = used
    tick[0] = mark
    return members, used


@nb.njit(cache=True, nogil=True)
def mixed_cascades(  # type: ignore[no-untyped-def]
    graph, roots, totals, mask, scratch, room, all_kept, seed, first, last, begin, count
):
    """Reverse-reachable sets under IC: a draw is held against the chance that no tie fired yet."""
    offsets, sources, quiet, _, chances = graph
    marks, tick = scratch
    n, mark, used = len(quiet), tick[0], 0
    members, ends = room
    for item in range(first, last):
        if used + n >= len(members):
            members = grown(members, used, n)
        mark += 1
        state = stream(seed, item)
        x = (item - begin + unit(state)) / count
        root, u = evenly(x, n) if len(roots) == 0 else drawn_root(roots, totals, x)
        marks[root], members[used], seen, at, end = mark, root, mask[root], used, used + 1
        while at < end and not seen & _VOID:
            v, at = members[at], at + 1
            low, high, none = offsets[v], offsets[v + 1], 1.0
            if high - low > DIRECT:
                end, seen, state = many(
                    sources, chances, low, high, marks, mark, members, end, mask, seen, state, u
                )
            elif u > quiet[v]:
                for e in range(low, high):
                    none *= 1.0 - chances[e]
                    if u > none:
                        w = members[end] = sources[e]
                        end += marks[w] != mark
                        marks[w] = mark
                        seen |= mask[w]
                        state += GOLDEN
                        u, none = unit(state), 1.0
            state += GOLDEN
            u = unit(state)
        used = end if all_kept else recorded(members, used, end, mask, seen)
        ends[item - first] = used
    tick[0] = mark
    return members, used


@nb.njit(cache=True, nogil=True)
def walks(  # type: ignore[no-untyped-def]
    graph, roots, totals, mask, scratch, room, all_kept, seed, first, last, begin, count
):
    """Sets under LT: from influenced to influencer until nobody moves or somebody comes again."""
    offsets, sources, quiet, scale, running = graph
    marks, tick = scratch
    n, mark, used = len(quiet), tick[0], 0
    members, ends = room
    for item in range(first, last):
        if used + n >= len(members):
            members = grown(members, used, n)
        mark += 1
        state = stream(seed, item)
        x = (item - begin + unit(state)) / count
        v, u = evenly(x, n) if len(roots) == 0 else drawn_root(roots, totals, x)
        end, seen = used, np.uint8(0)
        while marks[v] != mark:
            marks[v], members[end] = mark, v
            end += 1
            seen |= mask[v]
            u -= quiet[v]
            if u <= 0.0 or seen & _VOID:
                break
            low, high = offsets[v], offsets[v + 1]
            if scale[v] > 0.0:
                low += np.int64(u * scale[v])
            else:
                low = least_place(running, low, high, np.float32(u))
            v = np.int64(sources[min(low, high - 1)])
            state += GOLDEN
            u = unit(state)
        used = end if all_kept else recorded(members, used, end, mask, seen)
        ends[item - first] = used
    tick[0] = mark
    return members, used


@nb.njit(cache=True, nogil=True, inline="always")
def evenly(x, n):  # type: ignore[no-untyped-def]
    """(place, how far into it) at share ``x``, above 0, of ``n`` places alike; both even where ``x`` is."""
    y = x * n
    place = np.int64(np.ceil(y)) - 1
    return place, y - place


@nb.njit(cache=True, nogil=True)
def drawn_root(roots, totals, x):  # type: ignore[no-untyped-def]
    """(the root at share ``x`` of all weight, how far into it)."""
    if len(totals) == 0:
        place, u = evenly(x, len(roots))
        return np.int64(roots[place]), u
    y = x * totals[-1]
    place = least_place(totals, 0, len(totals) - 1, y)
    before = totals[place - 1] if place > 0 else 0.0
    return np.int64(roots[place]), (y - before) / (totals[place] - before)


@nb.njit(cache=True, nogil=True)
def least_place(running, low, high, x):  # type: ignore[no-untyped-def]
    """The first place in ``low..high-1`` whose running sum reaches ``x``, or ``high``."""
    while low < high:
        middle = (low + high) >> 1
        if running[middle] < x:
            low = middle + 1
        else:
            high = middle
    return low


@nb.njit(cache=True, nogil=True)
def many(sources, chances, low, high, marks, mark, queue, end, mask, seen, state, u):  # type: ignore[no-untyped-def]
    """Each source met with its own chance: jumps by the first of a doubling block, thinned."""
    block, stop = 1, low + 1
    bound = np.float64(chances[low])
    while low < high:
        jump = np.log(u) / np.log1p(-bound) if bound < 1.0 else 0.0
        if jump >= stop - low:
            low = stop
            block *= 2
            stop = min(stop + block, high)
            bound = np.float64(chances[min(low, high - 1)])
        else:
            low += np.int64(jump)
            state += GOLDEN
            w = sources[low]
            if unit(state) * bound <= chances[low] and marks[w] != mark:
                marks[w], queue[end] = mark, w
                end += 1
                seen |= mask[w]
            low += 1
        state += GOLDEN
        u = unit(state)
    return end, seen, state


@nb.njit(cache=True, nogil=True)
def meeting(members, ends, wanted):  # type: ignore[no-untyped-def]
    """How many sets hold somebody who is ``wanted``."""
    met, at = 0, 0
    for end in ends:
        found = False
        while at < end:
            found |= wanted[members[at]]
            at += 1
        met += found
    return met


@nb.njit(cache=True, nogil=True)
def grown(members, used, more):  # type: ignore[no-untyped-def]
    """A copy with at least twice the room and room for ``more`` and one."""
    larger = np.empty(max(2 * len(members), used + more + 1), np.int32)
    larger[:used] = members[:used]
    return larger


@nb.njit(cache=True, nogil=True)
def recorded(members, used, end, mask, seen):  # type: ignore[no-untyped-def]
    """The end of the members, root first, once only those who may be chosen are kept, and nobody of a VOID set."""
    if seen & _VOID:
        return used
    for i in range(used + (mask[members[used]] & _APART > 0), end):
        if mask[members[i]] & _RECORD:
            members[used] = members[i]
            used += 1
    return used
