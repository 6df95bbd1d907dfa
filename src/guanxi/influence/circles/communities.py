"""Communities: fans who are tied more to each other than to the rest (parallel Leiden, Traag 2019; Nguyen
2024).

A model's output: membership may differ between runs where ties are few; sizes and the largest groups hold.
"""

from __future__ import annotations

import networkit as nk
import numpy as np

from guanxi.influence.kernels.graph import Floats, Ints, dense_ids

_PASSES = 3
_SEED = 7


def find_communities(influencer: Ints, influenced: Ints, strength: Floats) -> tuple[Ints, Ints, Ints]:
    """(fans ascending, community of each, its size); communities are numbered from the largest."""
    ids, u, v = dense_ids(influencer, influenced)
    n = len(ids)
    nk.setSeed(_SEED, False)
    graph = nk.GraphFromCoo((strength, (u, v)), n=n, weighted=True, directed=False)
    found = nk.community.ParallelLeiden(graph, iterations=_PASSES, randomize=False).run().getPartition()
    return ids.astype(np.int64), *numbered(np.asarray(found.getVector(), np.int64))


def numbered(group: Ints) -> tuple[Ints, Ints]:
    """Groups renumbered from the largest (of equals, the one whose first member comes first), with the size
    of each member's.
    """
    _, first, place, size = np.unique(group, return_index=True, return_inverse=True, return_counts=True)
    rank = np.empty(len(size), np.int64)
    rank[np.lexsort((first, -size))] = np.arange(len(size))
    return rank[place], size[place]


def carried_on(fan: Ints, group: Ints, fan_before: Ints, group_before: Ints) -> Ints:
    """The groups under the numbers they had before: the largest overlap keeps its number, each number once.

    Greedy over overlaps, the largest first; a group that shares nobody with a free one gets a number that none had.

    Args:
        fan: ids now, ascending.
        group: group of each, counted from 0.
        fan_before: ids before, ascending.
        group_before: number of each then.
    """
    if not len(fan_before) or not len(fan):
        return group
    place = np.minimum(np.searchsorted(fan_before, fan), len(fan_before) - 1)
    stayed, span = fan_before[place] == fan, int(group_before.max()) + 1
    pairs, overlap = np.unique(
        group[stayed] * span + group_before[place[stayed]].astype(np.int64), return_counts=True
    )
    now_is, before_was = np.divmod(pairs, span)
    number = np.full(int(group.max()) + 1, -1, np.int64)
    taken: set[int] = set()
    for at in np.argsort(-overlap, kind="stable").tolist():
        now, before = int(now_is[at]), int(before_was[at])
        if number[now] < 0 and before not in taken:
            number[now] = before
            taken.add(before)
    free = np.flatnonzero(number < 0)
    number[free] = span + np.arange(len(free))
    return number[group]
