"""Bands: who is an igniter, amplifier, participant or listener, by rule, without flicker.

A fan rises at the threshold and falls only well below it. Worth plays no part.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from guanxi.influence.kernels.graph import Bools, Floats, Ints


class Band(StrEnum):
    """How much a fan moves others, strongest first."""

    IGNITER = "igniter"
    AMPLIFIER = "amplifier"
    PARTICIPANT = "participant"
    LISTENER = "listener"


ORDER = tuple(Band)
_IGNITER, _AMPLIFIER, _PARTICIPANT, _LISTENER = range(4)


@dataclass(frozen=True)
class BandRule:
    """When a fan rises and falls.

    Attributes:
        igniter_share: so many of the fans who moved anybody, by weight, are igniters.
        amplifier_share: the next so many are amplifiers.
        igniter_weight_min: an igniter is expected to move at least so many.
        stay: a fan keeps a band while their weight is at least this part of its threshold.
    """

    igniter_share: float = 0.01
    amplifier_share: float = 0.1
    igniter_weight_min: float = 3.0
    stay: float = 0.8


def thresholds(weight: Floats, rule: BandRule) -> tuple[float, float]:
    """The weights at which a fan becomes an igniter and an amplifier."""
    moving = weight[weight > 0]
    if len(moving) == 0:
        return np.inf, np.inf
    shares = [1 - rule.igniter_share, 1 - rule.igniter_share - rule.amplifier_share]
    igniter, amplifier = np.quantile(moving, shares)
    return max(float(igniter), rule.igniter_weight_min), float(amplifier)


def banded(weight: Floats, acted: Bools, before: Ints, rule: BandRule) -> npt.NDArray[np.int8]:
    """Each fan's band as a place in ``ORDER``.

    Args:
        weight: expected people moved.
        acted: whether the fan did more than look, lately; who did not and moves nobody is a listener.
        before: the place of the band each fan had, or -1.
        rule: shares and thresholds.
    """
    rise = np.array(thresholds(weight, rule))
    bar = np.where((before[:, None] >= 0) & (before[:, None] <= np.arange(2)), rule.stay, 1.0) * rise
    lower = np.where(acted | (weight > 0), _PARTICIPANT, _LISTENER)
    return np.where(weight >= bar[:, 0], _IGNITER, np.where(weight >= bar[:, 1], _AMPLIFIER, lower)).astype(
        np.int8
    )
