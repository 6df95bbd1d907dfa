"""What a choice was asked for, by person: whom it counts, whom it may take, within which limits.

The same terms hold for a choice on today's ties and for each way of choosing that a back-test tries on the past.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from guanxi.influence.kernels.graph import Bools, Floats, Ints
from guanxi.influence.kernels.limits import FREE, Limits, Room
from guanxi.influence.seeds import People, Within, rules_by_place
from guanxi.influence.ties import Coded


@dataclass(frozen=True)
class Asked:
    """What is asked of a choice, by id, as ``choose_seeds`` takes it."""

    targets: Mapping[object, float] | None = None
    exclude: Sequence[object] = ()
    active: Sequence[object] = ()
    within: Within = field(default_factory=Within)

    def by_place(self, people: People, ids: Coded) -> Terms:
        """The same by place among these people (codes, ascending)."""
        weights, eligible, active, limits = rules_by_place(
            people, ids, self.targets, self.exclude, self.active, self.within
        )
        return Terms(weights if len(weights) else np.ones(len(people)), eligible, active, limits)


@dataclass(frozen=True)
class Terms:
    """What is asked of a choice, by person 0..n-1.

    Attributes:
        worth: what moving each counts.
        eligible: who may be chosen.
        active: who is moved already.
        limits: costs and caps.
    """

    worth: Floats
    eligible: Bools
    active: Bools
    limits: Limits

    def first(self, order: Iterable[int], k: int) -> Ints:
        """The first k of this order who may be chosen and still fit the limits."""
        room = Room(self.limits)
        taken: list[int] = []
        for one in order:
            if len(taken) == k:
                break
            if self.eligible[one] and room.fits(one):
                room.take(one)
                taken.append(int(one))
        return np.array(taken, np.int64)

    def counting(self, influencer: Ints, influenced: Ints) -> Floats:
        """By person, what they count who were moved on these rows, and not through somebody active already."""
        worth = np.zeros(len(self.worth))
        worth[influenced] = self.worth[influenced]
        worth[influenced[self.active[influencer]]] = 0.0
        return worth

    def reached(self, influencer: Ints, influenced: Ints, counting: Floats, people: Ints) -> float:
        """What those count whom these people moved on these rows."""
        chosen = np.zeros(len(self.worth), bool)
        chosen[people] = True
        return float(counting[np.unique(influenced[chosen[influencer]])].sum())


def free(n: int) -> Terms:
    """Everybody counts one and may be chosen."""
    return Terms(np.ones(n), np.ones(n, bool), np.zeros(n, bool), FREE)


def covering(influencer: Ints, influenced: Ints, terms: Terms, k: int, chance: Floats | None = None) -> Ints:
    """Greedy: who together moved those who count most, or with these chances are expected to.

    Pairs are distinct. What the active moved counts for nobody.
    """
    sure = np.ones(len(influencer)) if chance is None else chance
    worth = terms.worth.copy()
    worth[terms.active] = 0.0
    taken = terms.active[influencer]
    np.multiply.at(worth, influenced[taken], 1 - sure[taken])
    order = np.argsort(influencer, kind="stable")
    owners, people, sure = influencer[order], influenced[order], sure[order]
    starts = np.searchsorted(owners, np.arange(len(worth) + 1))
    gains = np.bincount(owners, worth[people] * sure, minlength=len(worth))
    queue = [(-float(gains[v]), int(v), 0) for v in np.flatnonzero((gains > 0) & terms.eligible)]
    heapq.heapify(queue)
    room, chosen = Room(terms.limits), list[int]()
    while queue and len(chosen) < k:
        _hope, v, when = heapq.heappop(queue)
        if not room.fits(v):
            continue
        rows = slice(starts[v], starts[v + 1])
        mine, moved = people[rows], sure[rows]
        if when < len(chosen):
            gain = float((worth[mine] * moved).sum())
            if gain > 0:
                heapq.heappush(queue, (-gain, v, len(chosen)))
            continue
        chosen.append(v)
        room.take(v)
        worth[mine] *= 1 - moved
    return np.array(chosen, np.int64)
