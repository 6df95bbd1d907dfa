"""From counts to chances: each tie shrunk towards its influencer, each influencer towards everybody.

Empirical Bayes by a nonparametric prior over influencers' rates (Kiefer & Wolfowitz 1956, on a grid) and one
strength of ties around them, both by maximum likelihood; the interval is that of the whole mixture, so that it
carries what is unknown of the influencer too. Cost: a sort of the ties and a few passes over the distinct
(influencer, counts). About 95 % of real pairs are seen once, so the shrinkage is the model.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from guanxi.influence.evidence import LOG_ODDS, RATES, Counted, Counts, Credited, Model
from guanxi.influence.kernels.graph import Bools, Floats, Ints
from guanxi.influence.kernels.mixing import mixed, totals
from guanxi.vocabulary.reasons import Refused

LEVEL = 0.9
COUNTED_STRENGTHS = (0.5, 2.0, 8.0, 32.0, 128.0, 512.0)
CREDITED_STRENGTHS = (0.02, 0.08, 0.32, 1.28, 5.12)
_FINER = (2.0, 2.0**0.5, 2.0**0.25)
_SAMPLE = 10_000
_STEPS = 60
_KINDS_AT_ONCE = 500
_EXACT, _COARSER, _PARTS, _SHARES = 16.0, 1.05, 4, 16


@dataclass(frozen=True)
class Learned:
    """A chance for each tie, with the ends of its 90 % credible interval."""

    probability: Floats
    low: Floats
    high: Floats
    counted: Bools


@dataclass(frozen=True)
class Cells:
    """Ties by owner and kind of counts; ``of_tie`` leads back to each tie's cell."""

    owners: int
    owner: Ints
    kind: Ints
    repeats: Ints
    of_tie: Ints
    kinds: Counts


def learn(
    influencers: Ints,
    successes: Ints | Floats,
    opportunities: Ints | Floats,
    ever: tuple[Ints, Ints] | None = None,
) -> Learned:
    """The chance of each tie from its counts, whole or decayed.

    Args:
        influencers: who may have moved; any integers.
        successes: how often they did.
        opportunities: how often they could have; 0 where nobody knows (then the chance is *credited*, see
            ``evidence``).
        ever: both before they decayed, where they did: by these a tie came to be seen.
    """
    s, t = np.asarray(successes, np.float64), np.asarray(opportunities, np.float64)
    if not len(influencers) == len(s) == len(t):
        raise Refused("ties_unequal_columns", f"{len(influencers)} {len(s)} {len(t)}")
    if not ((s >= 0) & (t >= 0) & ((t == 0) | (s <= t))).all():
        raise Refused("counts_impossible", "0 <= successes <= opportunities")
    seen = (s, t) if ever is None else tuple(np.asarray(c, np.float64) for c in ever)
    kept = np.maximum(np.rint(s / np.maximum(seen[0], 1e-9) * _SHARES), 1) / _SHARES
    chances = np.zeros((3, len(s)))
    known = t > 0
    owners = np.where(known, np.asarray(influencers), 0)
    for rows, model, strengths in (
        (np.flatnonzero(known), Counted, COUNTED_STRENGTHS),
        (np.flatnonzero(~known), Credited, CREDITED_STRENGTHS),
    ):
        if len(rows):
            chances[:, rows] = _fitted(
                owners[rows], (s[rows], t[rows], seen[1][rows], kept[rows]), model, strengths
            )
    return Learned(chances[0], chances[1], chances[2], known)


def _fitted(
    owners: Ints,
    counts: tuple[Floats, Floats, Floats, Floats],
    model: Callable[[float], Model],
    strengths: tuple[float, ...],
) -> Floats:
    """Rows (probability, low, high) for each tie."""
    cells, truncated = (
        _cells(owners, *(_rounded(c) for c in counts[:3]), counts[3]),
        bool(counts[0].min() > 0),
    )
    strength, prior = _fit(_sampled(cells), model, strengths, truncated)
    fitted = model(strength)
    likelihood = fitted.likelihood(cells.kinds, truncated)
    weights = _posterior(totals(cells.owner, cells.kind, cells.repeats, likelihood, cells.owners), prior)
    return _mixtures(cells, fitted, weights)[:, cells.of_tie]


def _rounded(counts: Floats) -> Floats:
    """Whole counts up to 16 as they are, others to within a twentieth, decayed ones to a quarter.

    Keeps the kinds of counts few, however many ties there are.
    """
    near = np.rint(counts * _PARTS) / _PARTS
    steps = np.rint(np.log(np.maximum(counts, _EXACT) / _EXACT) / np.log(_COARSER))
    return np.where(
        counts <= _EXACT, near, np.where(counts == np.rint(counts), counts, _EXACT * _COARSER**steps)
    )


def _cells(owners: Ints, s: Floats, t: Floats, ever: Floats, kept: Floats) -> Cells:
    t = np.where(t > 0, np.maximum(s, t), t)
    names, owner = np.unique(owners, return_inverse=True)
    kind = np.zeros(len(s), np.int64)
    for column in (s, t, np.maximum(t, ever), kept):
        values, place = np.unique(column, return_inverse=True)
        kind = kind * len(values) + place
    _, example, kind = np.unique(kind, return_index=True, return_inverse=True)
    kinds = Counts(s[example], t[example], np.maximum(t, ever)[example], kept[example])
    cells, of_tie, repeats = np.unique(owner * len(example) + kind, return_inverse=True, return_counts=True)
    cell_owner, cell_kind = np.divmod(cells, len(example))
    return Cells(len(names), cell_owner, cell_kind, repeats.astype(np.int64), of_tie, kinds)


def _sampled(cells: Cells) -> Cells:
    """The cells of at most so many owners, evenly spread."""
    step = -(-cells.owners // _SAMPLE)
    some = cells.owner % step == 0
    return Cells(
        -(-cells.owners // step),
        cells.owner[some] // step,
        cells.kind[some],
        cells.repeats[some],
        cells.of_tie[:0],
        cells.kinds,
    )


def _fit(
    cells: Cells, model: Callable[[float], Model], strengths: tuple[float, ...], truncated: bool
) -> tuple[float, Floats]:
    """The strength and the shares of rates that make the counts most likely."""
    tried: dict[float, tuple[float, Floats]] = {}

    def best_of(some: tuple[float, ...]) -> float:
        for strength in some:
            likelihood = model(strength).likelihood(cells.kinds, truncated)
            tried[strength] = _prior(totals(cells.owner, cells.kind, cells.repeats, likelihood, cells.owners))
        return max(tried, key=lambda strength: tried[strength][0])

    best = best_of(strengths)
    for ratio in _FINER:
        best = best_of((best / ratio, best * ratio))
    return best, tried[best][1]


def _prior(found: Floats) -> tuple[float, Floats]:
    """How likely the owners' counts are under the mixing shares that make them most likely (EM), and these."""
    peak = found.max(axis=1, keepdims=True)
    likely = np.exp(found - peak)
    shares = np.full(len(RATES), 1 / len(RATES))
    for _ in range(_STEPS):
        shares = shares * (likely.T @ (1 / (likely @ shares))) / len(likely)
    return float(np.sum(np.log(likely @ shares) + peak[:, 0])), shares


def _posterior(found: Floats, shares: Floats) -> Floats:
    found += np.log(np.maximum(shares, 1e-12))
    found -= found.max(axis=1, keepdims=True)
    np.exp(found, out=found)
    found /= found.sum(axis=1, keepdims=True)
    return found


def _mixtures(cells: Cells, model: Model, weights: Floats) -> Floats:
    """Rows (mean, low, high) by cell, some kinds at a time so that tables stay small."""
    order = np.argsort(cells.kind, kind="stable")
    owner, kind = cells.owner[order], cells.kind[order]
    found = np.zeros((3, len(order)))
    for begin in range(0, len(cells.kinds.successes), _KINDS_AT_ONCE):
        shape = model.shape(cells.kinds.part(slice(begin, begin + _KINDS_AT_ONCE)))
        rows = slice(*np.searchsorted(kind, (begin, begin + _KINDS_AT_ONCE)).tolist())
        places = owner[rows], kind[rows] - begin
        found[:, order[rows]] = mixed(places, weights, (shape.first, shape.below), LOG_ODDS, LEVEL)
    return found
