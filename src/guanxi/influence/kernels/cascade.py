"""A cascade as a forest: who came to a content through whom, how deep, how fast, and who went on.

The first touch wins: a person belongs to whoever was first seen to move them. Somebody who moved another
before being moved is a root, so that there is no cycle, whatever the links between people.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba as nb
import numpy as np

from guanxi.influence.kernels.graph import Bools, Ints

ROOT = -1


@dataclass(frozen=True)
class Cascade:
    """A forest of people, earliest first.

    Attributes:
        fan: ids.
        parent: place of whoever moved each, or ``ROOT``.
        since: when each appeared, microseconds.
        dated: whether that is when they came or shared, and not only when somebody first came through them.
        depth: hops from the root; 0 for roots.
        moved: how many each moved directly.
        below: how many came through each, at any depth.
    """

    fan: Ints
    parent: Ints
    since: Ints
    dated: Bools
    depth: Ints
    moved: Ints
    below: Ints

    def __len__(self) -> int:
        return len(self.fan)


def grow(fan: Ints, through: Ints, happened: Ints) -> Cascade:
    """The forest of these engagements, in any order.

    Args:
        fan: who engaged.
        through: who moved them; equal to ``fan`` for somebody who shared unmoved.
        happened: when, microseconds.
    """
    order = np.lexsort((through, fan, happened))
    fan, through, happened = fan[order], through[order], happened[order]
    # A source is there just before the engagement that it caused: even places are sources, odd ones are moved.
    seen = np.stack([through, fan], axis=1).ravel()
    ids, first = np.unique(seen, return_index=True)
    rank = np.argsort(first, kind="stable")
    ids, first = ids[rank], first[rank]
    by_id = np.argsort(ids)
    event = first // 2
    own = through[event] == fan[event]
    is_moved = (first % 2 == 1) & ~own
    source = by_id[np.searchsorted(ids, through[event], sorter=by_id)]
    parent = np.where(is_moved, source, ROOT)
    depth, moved, below = counted(parent)
    return Cascade(ids, parent, happened[event], own | is_moved, depth, moved, below)


@nb.njit(cache=True, nogil=True)
def counted(parent):  # type: ignore[no-untyped-def]
    """For each place of a forest whose parents stand before their children: depth, children, all below."""
    n = len(parent)
    depth, moved, below = np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, np.int64)
    for place in range(n):
        above = parent[place]
        if above != ROOT:
            depth[place] = depth[above] + 1
            moved[above] += 1
    for place in range(n - 1, -1, -1):
        above = parent[place]
        if above != ROOT:
            below[above] += below[place] + 1
    return depth, moved, below
