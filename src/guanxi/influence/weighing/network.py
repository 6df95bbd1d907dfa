"""Network value: what the people do, or spend, whom a fan is expected to move (Domingos & Richardson 2001).

It is what lies within a fan's reach, not what they caused: that somebody is moved to a content says nothing of what
they buy. Who has no known value is counted, never valued; nothing is said where too few have one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from guanxi.influence.kernels.graph import Bools, Floats, Ints
from guanxi.influence.kernels.ripples import moved_value
from guanxi.influence.weighing.weights import Outward

KNOWN_MIN = 5
KNOWN_SHARE_MIN = 0.05
_ONE = 1 - 1e-9  # a derivative divides by what a tie leaves open


@dataclass(frozen=True)
class NetworkValue:
    """By fan, in the order of ``Outward.ids``.

    Attributes:
        expected: the value of those expected to be moved, directly or through one other.
        low: lower end of the 90 % interval, or wider, under what is believed of the ties.
        high: its upper end.
        known: how many of those who may be moved have a known value.
        people: how many may be moved.
    """

    expected: Floats
    low: Floats
    high: Floats
    known: Ints
    people: Ints

    @property
    def says(self) -> Bools:
        """Whether enough is known of those around a fan to say anything."""
        enough: Bools = (self.known >= KNOWN_MIN) & (self.known >= KNOWN_SHARE_MIN * self.people)
        return enough


def network_value(ties: Outward, low: Floats, high: Floats, fan: Ints, value: Floats) -> NetworkValue:
    """The value that each fan may move, from what is known of some.

    Args:
        ties: all ties.
        low: of each tie in the order of ``ties``, the lower end of its chance's interval.
        high: the upper end.
        fan: who has a known value, ascending, each once.
        value: what it is.
    """
    worth, is_known = np.zeros(len(ties.ids)), np.zeros(len(ties.ids), np.int64)
    place = np.minimum(np.searchsorted(ties.ids, fan), max(len(ties.ids) - 1, 0))
    there = ties.ids[place] == fan if len(ties.ids) else np.zeros(len(fan), bool)
    worth[place[there]], is_known[place[there]] = value[there], 1
    chance = np.minimum(ties.chance, _ONE)
    arms = np.maximum(chance - low, 0.0), np.maximum(high - chance, 0.0)
    expected, down, up, known, people = moved_value(
        ties.offsets, ties.influenced, chance, *arms, worth, is_known
    )
    return NetworkValue(expected, np.maximum(expected - down, 0.0), expected + up, known, people)
