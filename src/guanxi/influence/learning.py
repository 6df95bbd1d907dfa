"""From counts to chances: each tie shrunk towards its influencer, each influencer towards everybody.

Empirical Bayes by a nonparametric prior over influencers' rates (Kiefer & Wolfowitz 1956, on a grid) and
one strength of ties around
them, both by maximum likelihood; cost is a sort of the ties and a few passes over the distinct (influencer,
counts).
About 95 % of real pairs are seen once, so the shrinkage is the model.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv

from guanxi.influence.evidence import (
    COUNTED_STRENGTHS,
    CREDITED_STRENGTHS,
    Evidence,
    counted,
    credited,
)
from guanxi.influence.kernels.graph import Bools, Floats, Ints
from guanxi.vocabulary.reasons import Refused

LEVEL = 0.9
_SAMPLE = 20_000
_STEPS = 60
_DIGITS = 100
_CHUNK = 200_000


@dataclass(frozen=True)
class Learned:
    """A chance for each tie, with the ends of its 90 % credible interval."""

    probability: Floats
    low: Floats
    high: Floats
    counted: Bools


def learn(influencers: Ints, successes: Ints, opportunities: Ints) -> Learned:
    """The chance of each tie from its counts.

    Args:
        influencers: who may have moved; any integers.
        successes: how often they did.
        opportunities: how often they could have; 0 where nobody knows (then the chance is *credited*, see
            ``evidence``).
    """
    s, t = np.asarray(successes, np.int64), np.asarray(opportunities, np.int64)
    if not len(influencers) == len(s) == len(t):
        raise Refused("ties_unequal_columns", f"{len(influencers)} {len(s)} {len(t)}")
    if (s < 0).any() or (t < 0).any() or ((t > 0) & (s > t)).any():
        raise Refused("counts_impossible", "0 <= successes <= opportunities")
    chances = np.zeros((3, len(s)))
    known = t > 0
    for rows, fit in ((np.flatnonzero(known), _fit_counted), (np.flatnonzero(~known), _fit_credited)):
        if len(rows):
            chances[:, rows] = fit(np.asarray(influencers)[rows], s[rows], t[rows])
    return Learned(chances[0], chances[1], chances[2], known)


def _fit_counted(influencers: Ints, s: Ints, t: Ints) -> Floats:
    truncated = bool(s.min() > 0)
    return _fitted(
        influencers, s, t, COUNTED_STRENGTHS, lambda s, t, strength: counted(s, t, strength, truncated)
    )


def _fit_credited(influencers: Ints, s: Ints, t: Ints) -> Floats:
    """Repeats say how often an influencer spoke, not only how they move: shrunk to everybody's rate."""
    truncated = bool(s.min() > 0)
    everybody = np.zeros_like(influencers)
    return _fitted(
        everybody, s, t, CREDITED_STRENGTHS, lambda s, _, strength: credited(s, strength, truncated)
    )


def _fitted(
    influencers: Ints,
    s: Ints,
    t: Ints,
    strengths: Sequence[float],
    evidence: Callable[[Ints, Ints, float], Evidence],
) -> Floats:
    """Rows (probability, low, high) for each tie."""
    owners, owner = np.unique(influencers, return_inverse=True)
    kinds, kind = np.unique(s * (int(t.max()) + 1) + t, return_inverse=True)
    kind_s, kind_t = np.divmod(kinds, int(t.max()) + 1)
    cells, cell, repeats = np.unique(owner * len(kinds) + kind, return_inverse=True, return_counts=True)
    cell_owner, cell_kind = np.divmod(cells, len(kinds))
    step = max(1, len(owners) // _SAMPLE)
    some = cell_owner % step == 0
    sample_owner = cell_owner[some] // step
    tried = [evidence(kind_s, kind_t, x) for x in strengths]
    found = [_prior(_totals(e.likelihood, sample_owner, cell_kind[some], repeats[some])) for e in tried]
    best = int(np.argmax([likely for likely, _ in found]))
    chosen, prior = tried[best], found[best][1]
    weights = _posterior(_totals(chosen.likelihood, cell_owner, cell_kind, repeats), prior)
    mean, square = _mixed(chosen, weights, cell_owner, cell_kind)
    low, high = beta_interval(mean, np.maximum(square - mean**2, 1e-18))
    return np.stack([mean, low, high])[:, cell]


def _totals(likelihood: Floats, owner: Ints, kind: Ints, repeats: Ints) -> Floats:
    """Each owner's log-likelihood at each rate."""
    n = int(owner.max()) + 1
    return np.stack(
        [np.bincount(owner, repeats * likelihood[kind, g], minlength=n) for g in range(likelihood.shape[1])],
        axis=1,
    )


def _prior(totals: Floats) -> tuple[float, Floats]:
    """The mixing shares of the rates that make the owners' counts most likely, and how likely that is
    (EM).
    """
    peak = totals.max(axis=1, keepdims=True)
    likely = np.exp(totals - peak)
    shares = np.full(totals.shape[1], 1 / totals.shape[1])
    for _ in range(_STEPS):
        joint = likely * shares
        shares = (joint / joint.sum(axis=1, keepdims=True)).mean(axis=0)
    return float(np.sum(np.log((likely * shares).sum(axis=1)) + peak[:, 0])), shares


def _posterior(totals: Floats, shares: Floats) -> Floats:
    totals += np.log(np.maximum(shares, 1e-12))
    totals -= totals.max(axis=1, keepdims=True)
    np.exp(totals, out=totals)
    totals /= totals.sum(axis=1, keepdims=True)
    return totals


def _mixed(evidence: Evidence, weights: Floats, owner: Ints, kind: Ints) -> tuple[Floats, Floats]:
    """Expected chance and square of each cell over its owner's rates, in chunks."""
    mean, square = np.empty(len(owner)), np.empty(len(owner))
    for begin in range(0, len(owner), _CHUNK):
        rows = slice(begin, begin + _CHUNK)
        w = weights[owner[rows]]
        mean[rows] = np.einsum("ij,ij->i", w, evidence.first[kind[rows]])
        square[rows] = np.einsum("ij,ij->i", w, evidence.second[kind[rows]])
    return mean, square


def beta_interval(mean: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """The ends of the central 90 % of betas with these means and variances, to one part in a hundred.

    Means and sizes are rounded on a logarithmic grid first, so that each distinct pair is inverted once.
    """
    size = np.maximum(mean * (1 - mean) / variance - 1, 1e-3)
    a, b = np.maximum(mean * size, 1e-3), np.maximum((1 - mean) * size, 1e-3)
    keys = np.rint(np.log(a) * _DIGITS).astype(np.int64) * 2**32 + np.rint(np.log(b) * _DIGITS).astype(
        np.int64
    )
    _, first, place = np.unique(keys, return_index=True, return_inverse=True)
    tail = (1 - LEVEL) / 2
    low, high = (betaincinv(a[first], b[first], q)[place] for q in (tail, 1 - tail))
    return np.minimum(low, mean), np.maximum(high, mean)
