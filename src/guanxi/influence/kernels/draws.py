"""Chance keyed by (seed, item): the same draw whichever thread asks, in whatever order.

Splitmix64 (Steele, Lea, Flood 2014): a stream is a counter and a finaliser, so an item's stream starts
anywhere at no cost.
"""

from __future__ import annotations

import numba as nb
import numpy as np

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_ITEM = np.uint64(0xD1342543DE82EF95)
_S30, _S27, _S31, _S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
_ONE = np.uint64(1)
_UNIT = 1.0 / 9007199254740992.0


@nb.njit(cache=True, nogil=True, inline="always")
def mixed(state):  # type: ignore[no-untyped-def]
    """64 well-mixed bits of a counter."""
    z = (state ^ (state >> _S30)) * _FIRST
    z = (z ^ (z >> _S27)) * _SECOND
    return z ^ (z >> _S31)


@nb.njit(cache=True, nogil=True, inline="always")
def stream(seed, item):  # type: ignore[no-untyped-def]
    """The counter at which the stream of ``item`` under ``seed`` begins."""
    return mixed(np.uint64(seed) * GOLDEN + mixed(np.uint64(item) * _ITEM + _ONE))


@nb.njit(cache=True, nogil=True, inline="always")
def unit(state):  # type: ignore[no-untyped-def]
    """A number in (0, 1] from a counter; the caller advances the counter by GOLDEN."""
    return np.float64((mixed(state) >> _S11) + _ONE) * _UNIT
