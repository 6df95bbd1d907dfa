"""When in the day people are awake: peaks in the morning, at noon and in the evening of their own city."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from guanxi.world.brand import DAY
from guanxi.world.text import Ints

_HOUR = DAY // 24
_WEIGHTS = np.array([2, 1, 0.5, 0.3, 0.3, 0.6, 2, 5, 7, 5, 4, 5, 8, 6, 4, 4, 4, 5, 6, 8, 11, 12, 9, 5], float)
_CUMULATIVE = np.cumsum(_WEIGHTS) / _WEIGHTS.sum()


def in_rhythm(
    rng: np.random.Generator, begin: Ints | int, end: Ints | int, moments: Ints, hours: Ints | int
) -> Ints:
    """The same days with an hour at which people are awake, never outside [begin, end)."""
    zone = np.asarray(hours, np.int64) * _HOUR
    hour = np.searchsorted(_CUMULATIVE, rng.random(len(moments)))
    clock = hour * _HOUR + (rng.random(len(moments)) * _HOUR).astype(np.int64)
    moved = (moments + zone) // DAY * DAY + clock - zone
    fits = (moved >= begin) & (moved < end)
    settled: npt.NDArray[np.int64] = np.where(fits, moved, moments)
    return settled // 1000 * 1000
