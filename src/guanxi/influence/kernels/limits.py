"""What a choice may not exceed, beside its number: costs within a budget, and caps of groups."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from guanxi.influence.kernels.graph import Floats, Ints, Nodes


@dataclass(frozen=True)
class Limits:
    """What a choice may not exceed, beside its number.

    Attributes:
        cost: of each node; empty where there is no budget.
        budget: the most that all together may cost.
        group: of each node; empty where groups have no cap.
        caps: how many may be chosen of each group.
    """

    cost: Floats
    budget: float
    group: Nodes
    caps: Ints

    @property
    def any(self) -> bool:
        """Whether anything is limited at all."""
        return bool(len(self.cost) or len(self.group))

    def of(self, nodes: Ints | Nodes) -> Limits:
        """The same limits on these nodes alone."""
        cost = self.cost[nodes] if len(self.cost) else self.cost
        group = self.group[nodes] if len(self.group) else self.group
        return Limits(cost, self.budget, group, self.caps)


FREE = Limits(np.empty(0), math.inf, np.empty(0, np.int32), np.empty(0, np.int64))


class Room:
    """What is left of a budget and of the caps of groups while a choice is made one by one."""

    def __init__(self, limits: Limits) -> None:
        self._limits, self._left, self._caps = limits, limits.budget, limits.caps.copy()

    def fits(self, v: int) -> bool:
        """Whether this one may be taken too."""
        limits = self._limits
        paid = not len(limits.cost) or bool(limits.cost[v] <= self._left)
        return paid and (not len(limits.group) or bool(self._caps[limits.group[v]] > 0))

    def take(self, v: int) -> None:
        """This one is taken."""
        if len(self._limits.cost):
            self._left -= float(self._limits.cost[v])
        if len(self._limits.group):
            self._caps[self._limits.group[v]] -= 1
