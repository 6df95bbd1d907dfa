"""What counts say about a chance, on a grid of what an influencer is like.

Two models: where the opportunities are counted, successes are beta-binomial around the influencer's own
rate; where they are not, repeats
are gamma-Poisson and the chance is that of being moved again within an equal span of time (*credited*, not
a probability per act).
Both condition on at least one success where ties without one were never recorded.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betaln, gammaln

from guanxi.influence.kernels.graph import Floats, Ints

RATES = np.geomspace(2e-4, 0.95, 24)
COUNTED_STRENGTHS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0)
CREDITED_STRENGTHS = (0.02, 0.1, 0.3, 1.0, 3.0)
_TINY = 1e-300


@dataclass(frozen=True)
class Evidence:
    """For each distinct pair of counts (row) and each rate of the grid (column).

    Attributes:
        likelihood: log-likelihood of the counts, constants left out.
        first: expected chance of the tie.
        second: expected square of that chance.
    """

    likelihood: Floats
    first: Floats
    second: Floats


def counted(successes: Ints, opportunities: Ints, strength: float, truncated: bool) -> Evidence:
    """Ties whose opportunities are known; ``strength`` is how many acts an influencer's own rate weighs."""
    s, t = successes[:, None].astype(float), opportunities[:, None].astype(float)
    a, b = strength * RATES[None, :], strength * (1 - RATES[None, :])
    likelihood = betaln(a + s, b + t - s) - betaln(a, b)
    if truncated:
        never = np.exp(betaln(a, b + t) - betaln(a, b))
        likelihood = likelihood - np.log(np.maximum(1 - never, _TINY))
    first = (a + s) / (strength + t)
    return Evidence(likelihood, first, first * (a + s + 1) / (strength + t + 1))


def credited(successes: Ints, strength: float, truncated: bool) -> Evidence:
    """Ties whose opportunities nobody saw; at rate r repeats thin out by r (Fisher's log-series)."""
    s = successes[:, None].astype(float)
    r = RATES[None, :]
    spans = (1 - r) / r
    likelihood = gammaln(strength + s) - gammaln(strength) + s * np.log(r) + strength * np.log(1 - r)
    if truncated:
        likelihood = likelihood - np.log(np.maximum(1 - (1 - r) ** strength, _TINY))
    still = ((spans + 1) / (spans + 2)) ** (strength + s)
    twice = ((spans + 1) / (spans + 3)) ** (strength + s)
    return Evidence(likelihood, 1 - still, 1 - 2 * still + twice)
