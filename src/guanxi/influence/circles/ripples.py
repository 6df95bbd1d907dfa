"""Ripples around many at once: who is moved by any of them, who through these, and how many people that comes to.

Everybody is counted once, whoever and however many move them; those in the middle never count. Of one person it is
their weight.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from guanxi.influence.kernels.graph import Floats, Ints


@dataclass(frozen=True)
class TiesFrom:
    """Some people's ties outwards, each pair once."""

    influencer: Ints
    influenced: Ints
    chance: Floats


@dataclass(frozen=True)
class CrowdRipples:
    """What is known around a crowd.

    Attributes:
        members: how many they are.
        moving: how many of them were seen to move anybody outside.
        within: how many of them were seen to be moved by another of them.
        direct: how many outside were seen to be moved by any of them.
        second: how many further ones only those.
        expected_direct: of the direct ones, how many are moved in expectation once each member passes something on.
        expected: the same of all.
    """

    members: int
    moving: int
    within: int
    direct: int
    second: int
    expected_direct: float
    expected: float


def moved_outside(members: Ints, first: TiesFrom) -> Ints:
    """Whom the members move, none of themselves, ascending."""
    return np.setdiff1d(first.influenced, members)


def crowd_ripples(members: Ints, first: TiesFrom, second: TiesFrom) -> CrowdRipples:
    """The ripples of two hops.

    Args:
        members: who they are, each once.
        first: all ties from them.
        second: all ties from ``moved_outside``.
    """
    inside = np.isin(first.influenced, members)
    direct, at = np.unique(first.influenced[~inside], return_inverse=True)
    missed = np.ones(len(direct))
    np.multiply.at(missed, at, 1 - first.chance[~inside])
    further = ~np.isin(second.influenced, members)
    chance = (1 - missed)[np.searchsorted(direct, second.influencer[further])] * second.chance[further]
    everybody = np.union1d(direct, second.influenced[further])
    unmoved = np.ones(len(everybody))
    unmoved[np.searchsorted(everybody, direct)] = missed
    np.multiply.at(unmoved, np.searchsorted(everybody, second.influenced[further]), 1 - chance)
    return CrowdRipples(
        len(members),
        len(np.unique(first.influencer[~inside])),
        len(np.unique(first.influenced[inside])),
        len(direct),
        len(everybody) - len(direct),
        float((1 - missed).sum()),
        float((1 - unmoved).sum()),
    )
