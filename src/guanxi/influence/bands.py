"""Bands: who is an igniter, amplifier, participant or listener, by rule, without flicker.

A fan rises at the threshold and falls only well below it. Bands are a fact of the social side; worth plays
no part.
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


@dataclass(frozen=True)
class BandRule:
    """When a fan rises and falls.

    Attributes:
        igniter_share: this share of the fans who moved anybody, by weight, are igniters.
        amplifier_share: the next so many are amplifiers.
        igniter_weight_min: and an igniter is expected to move at least so many.
        stay: a fan keeps a band while their weight is at least this part of the threshold.
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
    igniter, amplifier = np.quantile(
        moving, [1 - rule.igniter_share, 1 - rule.igniter_share - rule.amplifier_share]
    )
    return max(float(igniter), rule.igniter_weight_min), float(amplifier)


def banded(weight: Floats, acted: Bools, before: Ints | None, rule: BandRule) -> npt.NDArray[np.int8]:
    """Each fan's band as a place in ``ORDER``.

    Args:
        weight: expected people moved.
        acted: whether the fan did anything lately; who did not, and moves nobody much, is a listener.
        before: the band each fan had, or -1; None for the first time.
        rule: shares and thresholds.
    """
    igniter, amplifier = thresholds(weight, rule)
    fresh = np.where(
        weight >= igniter, 0, np.where((weight >= amplifier) & (weight > 0), 1, np.where(acted, 2, 3))
    )
    if before is None:
        return fresh.astype(np.int8)
    falling = (before >= 0) & (before < fresh) & (before < 2)
    held = weight >= rule.stay * np.where(before == 0, igniter, amplifier)
    still = np.where(held, before, np.minimum(fresh, np.where(weight >= rule.stay * amplifier, 1, fresh)))
    return np.where(falling, still, fresh).astype(np.int8)
