"""What came through one fan, step by step in time: the branches under them in the cascades of their contents."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from guanxi.influence.kernels.cascade import ROOT, grow
from guanxi.influence.kernels.graph import Ints


@dataclass(frozen=True)
class Replay:
    """Steps in the order of time: at ``at`` (microseconds) ``fan`` came to ``content`` through ``through``.

    Attributes:
        hops: from the fan replayed; 1 for those who came through them directly.
    """

    at: Ints
    fan: Ints
    through: Ints
    content: Ints
    hops: Ints

    def __len__(self) -> int:
        return len(self.at)

    def by_hop(self) -> list[tuple[int, int, int]]:
        """For each hop: its number, how many steps, how many people."""
        return [
            (hop, int((self.hops == hop).sum()), len(np.unique(self.fan[self.hops == hop])))
            for hop in np.unique(self.hops).tolist()
        ]


def replay(fan: int, content: Ints, who: Ints, through: Ints, happened: Ints) -> Replay:
    """The steps under a fan, where each row says who came to a content through whom; in any order.

    Each content is a cascade of its own: a person reached by two of them is two people of the forest.
    """
    contents, content_at = np.unique(content, return_inverse=True)
    people, people_at = np.unique(np.concatenate([who, through]), return_inverse=True)
    size = max(len(people), 1)
    key = content_at * size
    forest = grow(key + people_at[: len(who)], key + people_at[len(who) :], happened)
    person = people[forest.fan % size] if len(forest) else forest.fan
    hops = np.where(person == fan, 0, ROOT)
    for depth in range(1, int(forest.depth.max(initial=0)) + 1):
        level = np.flatnonzero((forest.depth == depth) & (hops == ROOT))
        above = hops[forest.parent[level]]
        hops[level] = np.where(above == ROOT, ROOT, above + 1)
    came = np.flatnonzero(hops > 0)
    came = came[np.argsort(forest.since[came], kind="stable")]
    return Replay(
        forest.since[came],
        person[came],
        person[forest.parent[came]],
        contents[forest.fan[came] // size],
        hops[came],
    )
