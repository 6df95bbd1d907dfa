"""What counts say about a chance, on a grid of what an influencer is like.

Two models: where the opportunities are counted, a tie's chance is its influencer's own rate times how easily this
listener is moved, which is gamma around one; where they are not, repeats are gamma-Poisson and the chance is that
of being moved again within an equal span of time (*credited*, not a probability per act). Both condition on at
least one success where ties without one were never recorded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.special import betaln, gammaln

from guanxi.influence.kernels.graph import Floats
from guanxi.influence.kernels.mixing import Singles, betas_below

RATES = np.geomspace(2e-4, 0.95, 32)
_BELOW, _ABOVE = 24, 8
_RATIO = (RATES[-1] / RATES[0]) ** (1 / (len(RATES) - 1))
_EASE = _RATIO ** np.arange(-_BELOW, _ABOVE + 1)
LEVELS = np.concatenate([RATES[0] * _EASE[:_BELOW], RATES])
_LEVEL_OF = np.minimum(np.arange(len(RATES))[:, None] + np.arange(len(_EASE))[None, :], len(LEVELS) - 1)
# A level stands for the chances around it: a sixth to both sides, as the next levels do.
_NEAR = 40.0
LOG_ODDS = np.concatenate([np.arange(-40.0, -10.0), np.arange(-10.0, 5.0, 0.125), np.arange(5.0, 21.0)])
_LOG_CHANCE, _LOG_NO = -np.log1p(np.exp(-LOG_ODDS)), -np.log1p(np.exp(LOG_ODDS))
_LOG_SPAN = np.log(np.log1p(np.exp(LOG_ODDS)))
_STEP = np.diff(LOG_ODDS)
_TINY = 1e-300


@dataclass(frozen=True)
class Counts:
    """Kinds of counts, as they count now.

    Attributes:
        successes: how often somebody was moved.
        opportunities: of how often; 0 where nobody knows.
        ever: opportunities before they decayed, by which a tie came to be seen at all.
        kept: what share of its successes counts still, and so of its having been seen.
    """

    successes: Floats
    opportunities: Floats
    ever: Floats
    kept: Floats

    def part(self, kinds: slice) -> Counts:
        """Some of the kinds."""
        return Counts(self.successes[kinds], self.opportunities[kinds], self.ever[kinds], self.kept[kinds])


@dataclass(frozen=True)
class Shape:
    """Posterior chances of kinds of counts (rows) at each rate (columns).

    Attributes:
        first: the expected chance.
        below: by kind, then place of ``LOG_ODDS``, then rate: the share of chances below that place.
    """

    first: Floats
    below: Singles


class Model(Protocol):
    """How counts come about."""

    def likelihood(self, counts: Counts, truncated: bool) -> Floats:
        """Log-likelihood of each kind of counts (row) at each rate (column), constants left out."""

    def shape(self, counts: Counts) -> Shape:
        """What each kind of counts leaves to believe at each rate."""


@dataclass(frozen=True)
class Counted:
    """Ties whose opportunities are known; ``strength`` says how alike listeners are (the shape of their gamma)."""

    strength: float

    @property
    def ease(self) -> Floats:
        """What share of listeners is moved how much more easily than their influencer's rate says."""
        found = self.strength * (np.log(_EASE) - _EASE)
        share: Floats = np.exp(found - found.max())
        share /= share.sum()
        return share

    def likelihood(self, counts: Counts, truncated: bool) -> Floats:
        """Binomial at every level that this rate and a listener's ease can make."""
        a, b = _NEAR, _NEAR * (1 / LEVELS - 1)[None, :]
        found, peak = _scaled(_told(counts))
        likely: Floats = np.log(np.maximum(_by_ease(found) @ self.ease, _TINY)) + peak
        if truncated:
            seen = 1 - np.exp(betaln(a, b + counts.ever[:, None]) - betaln(a, b))
            likely -= counts.kept[:, None] * np.log(np.maximum(_by_ease(seen) @ self.ease, _TINY))
        return likely

    def shape(self, counts: Counts) -> Shape:
        """Betas around the levels, mixed by how likely each ease is now."""
        s, t = counts.successes[:, None], counts.opportunities[:, None]
        a, b = _NEAR + s, _NEAR * (1 / LEVELS - 1)[None, :] + t - s
        ease = _by_ease(_scaled(_told(counts))[0]) * self.ease
        # Where a rate is far from what was seen nothing is left of it, whatever the ease.
        ease /= np.maximum(ease.sum(axis=2, keepdims=True), _TINY)
        mixed = np.zeros((len(s), len(RATES), len(LEVELS)), np.float32)
        for place in range(len(_EASE)):
            mixed[:, np.arange(len(RATES)), _LEVEL_OF[:, place]] += ease[:, :, place]
        below = betas_below(a, b, LOG_ODDS, (_LOG_CHANCE, _LOG_NO))
        first = np.einsum("krl,kl->kr", mixed, a / (a + b))
        return Shape(first, np.matmul(below, np.swapaxes(mixed, 1, 2)))


@dataclass(frozen=True)
class Credited:
    """Ties whose opportunities nobody saw; at rate r repeats thin out by r (Fisher's log-series)."""

    strength: float

    def likelihood(self, counts: Counts, truncated: bool) -> Floats:
        """Negative binomial."""
        s, r, k = counts.successes[:, None], RATES[None, :], self.strength
        found: Floats = gammaln(k + s) - gammaln(k) + s * np.log(r) + k * np.log(1 - r)
        if truncated:
            found = found - counts.kept[:, None] * np.log(np.maximum(1 - (1 - r) ** k, _TINY))
        return found

    def shape(self, counts: Counts) -> Shape:
        """One less what a gamma leaves unmoved."""
        a, spans = self.strength + counts.successes[:, None], 1 / RATES[None, :]
        first = 1 - (spans / (spans + 1)) ** a
        spread = np.exp(_LOG_SPAN)
        below = _below((a[..., None] - 1) * _LOG_SPAN - spans[..., None] * spread + _LOG_CHANCE)
        return Shape(first, np.ascontiguousarray(np.swapaxes(below, 1, 2)))


def _told(counts: Counts) -> Floats:
    """Log-likelihood of each kind of counts (row) at each level (column), constants left out."""
    s, t = counts.successes[:, None], counts.opportunities[:, None]
    b = _NEAR * (1 / LEVELS - 1)[None, :]
    found: Floats = betaln(_NEAR + s, b + t - s) - betaln(_NEAR, b)
    return found


def _by_ease(found: Floats) -> Floats:
    """By kind, rate and ease what is there at their level; each kind lies by itself, so that sums over it come out
    to the last bit the same, whatever other kinds are asked.
    """
    by_ease: Floats = np.take(found, _LEVEL_OF, axis=1)
    return by_ease


def _scaled(found: Floats) -> tuple[Floats, Floats]:
    """Likelihoods beside each row's greatest, and the logarithm of that."""
    peak = found.max(axis=1, keepdims=True)
    return np.exp(found - peak), peak


def _below(log_density: Floats) -> Singles:
    """The share below each place, from log-densities over the log-odds, by trapezes."""
    density = np.exp(log_density - log_density.max(axis=-1, keepdims=True))
    steps = (density[..., 1:] + density[..., :-1]) * (_STEP / 2)
    share = np.zeros(density.shape, np.float32)
    share[..., 1:] = np.cumsum(steps, axis=-1) / steps.sum(axis=-1, keepdims=True)
    return share
