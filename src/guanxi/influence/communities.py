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
