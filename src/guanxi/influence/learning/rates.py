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

from guanxi.influence.kernels.graph import Bools, Floats, Ints
from guanxi.influence.kernels.mixing import mixed, totals
from guanxi.influence.learning.evidence import LOG_ODDS, RATES, Counted, Counts, Credited, Model
from guanxi.vocabulary.reasons import Refused

LEVEL = 0.9
COUNTED_STRENGTHS = (0.25, 0.75, 2.25, 6.75, 20.0, 60.0)
CREDITED_STRENGTHS = (0.02, 0.08, 0.32, 1.28, 5.12)
_FINER = (2.0, 2.0**0.5, 2.0**0.25)
_SAMPLE = 10_000
_STEPS = 60
_KINDS_AT_ONCE = 250
_EXACT, _COARSER, _PARTS, _SHARES = 16.0, 1.05, 4, 16
_LEAST = 1e-9
_MODELS: tuple[tuple[Callable[[float], Model], tuple[float, ...]], ...] = (
    (Counted, COUNTED_STRENGTHS),
    (Credited, CREDITED_STRENGTHS),
)


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


@dataclass(frozen=True)
class Law:
    """What is believed of ties before any is looked at.

    Attributes:
        strength: how alike an influencer's listeners are; uncounted, how many repeats a rate weighs.
        shares: what share of influencers is at each rate of ``evidence.RATES``.
        truncated: whether ties without success were never recorded.
    """

    strength: float
    shares: Floats
    truncated: bool


@dataclass(frozen=True)
class Ledger:
    """Counts by tie, checked.

    Attributes:
        influencers: who may have moved; any integers.
        successes: how often they did, whole or decayed.
        opportunities: how often they could have; 0 where nobody knows (the chance is *credited* then).
        ever: both before they decayed: by these a tie came to be seen.
    """

    influencers: Ints
    successes: Floats
    opportunities: Floats
    ever: tuple[Floats, Floats]

    def parts(self) -> tuple[Ints, Ints]:
        """The rows whose opportunities are counted, and the others."""
        return np.flatnonzero(self.opportunities > 0), np.flatnonzero(self.opportunities <= 0)


@dataclass(frozen=True)
class Laws:
    """One law for ties whose opportunities are counted and one for the others; None where there were none."""

    counted: Law | None
    credited: Law | None

    def cover(self, ledger: Ledger) -> bool:
        """Whether each of these ties has a law."""
        counted, credited = ledger.parts()
        return not (len(counted) and self.counted is None) and not (len(credited) and self.credited is None)

    def filled(self, others: Laws) -> Laws:
        """These, and of the others what these have none of."""
        return Laws(self.counted or others.counted, self.credited or others.credited)


def learn(
    influencers: Ints,
    successes: Ints | Floats,
    opportunities: Ints | Floats,
    ever: tuple[Ints, Ints] | None = None,
) -> Learned:
    """The chance of each tie from its counts; columns as in ``Ledger``."""
    ledger = ledger_of(influencers, successes, opportunities, ever)
    return chances(ledger, laws_of(ledger))


def ledger_of(
    influencers: Ints,
    successes: Ints | Floats,
    opportunities: Ints | Floats,
    ever: tuple[Ints, Ints] | None = None,
) -> Ledger:
    """The counts, or a refusal where they are impossible."""
    s, t = np.asarray(successes, np.float64), np.asarray(opportunities, np.float64)
    if not len(influencers) == len(s) == len(t):
        raise Refused("ties_unequal_columns", f"{len(influencers)} {len(s)} {len(t)}")
    if not ((s >= 0) & (t >= 0) & ((t == 0) | (s <= t))).all():
        raise Refused("counts_impossible", "0 <= successes <= opportunities")
    seen = (s, t) if ever is None else (np.asarray(ever[0], np.float64), np.asarray(ever[1], np.float64))
    return Ledger(np.asarray(influencers), s, t, seen)


def laws_of(ledger: Ledger) -> Laws:
    """What makes the counts of these ties most likely, from at most ten thousand influencers."""
    found: list[Law | None] = []
    for rows, (model, strengths) in zip(ledger.parts(), _MODELS, strict=True):
        if len(rows) == 0:
            found.append(None)
            continue
        truncated = bool(ledger.successes[rows].min() > 0)
        found.append(_fit(_sampled(_cells(ledger, rows, model is Counted)), model, strengths, truncated))
    return Laws(*found)


def chances(ledger: Ledger, laws: Laws) -> Learned:
    """The chance of each tie under these laws; none is possible where a law is missing."""
    found = np.zeros((3, len(ledger.successes)))
    for rows, law, (model, _) in zip(ledger.parts(), (laws.counted, laws.credited), _MODELS, strict=True):
        if len(rows) == 0:
            continue
        if law is None:
            raise Refused("law_missing", "counted" if model is Counted else "credited")
        cells, fitted = _alike(_cells(ledger, rows, model is Counted)), model(law.strength)
        # Credited ties have one rate in common, of which the law knows more than these few say.
        weights = _of_owners(cells, fitted, law) if model is Counted else law.shares[np.newaxis]
        found[:, rows] = _mixtures(cells, fitted, weights)[:, cells.of_tie]
    return Learned(found[0], found[1], found[2], ledger.opportunities > 0)


def _rounded(counts: Floats) -> Floats:
    """Whole counts as they are, decayed ones to a quarter, above 16 to within a twentieth: by itself, each of them.

    Keeps the kinds of counts few, however many ties there are.
    """
    steps = np.rint(np.log(np.maximum(counts, _EXACT) / _EXACT) / np.log(_COARSER))
    coarse = np.where(counts <= _EXACT, counts, _EXACT * _COARSER**steps)
    return np.where(counts == np.rint(counts), counts, np.rint(coarse * _PARTS) / _PARTS)


def _cells(ledger: Ledger, rows: Ints, own: bool) -> Cells:
    """Ties by kind and, with ``own``, by influencer: repeats say how often one spoke, not only how they move."""
    owners = ledger.influencers[rows] if own else np.zeros(len(rows), np.int64)
    s, t = _rounded(ledger.successes[rows]), _rounded(ledger.opportunities[rows])
    t = np.where(t > 0, np.maximum(s, t), t)
    ever = np.maximum(t, _rounded(ledger.ever[1][rows]))
    kept = ledger.successes[rows] / np.maximum(ledger.ever[0][rows], _LEAST)
    kept = np.maximum(np.rint(kept * _SHARES), 1) / _SHARES
    names, owner = np.unique(owners, return_inverse=True)
    kind = _paired(s, t, _PARTS)
    if (ever != t).any() or (kept != 1).any():
        kind = _paired(kind, np.unique(_paired(ever, kept, _SHARES), return_inverse=True)[1], 1)
    _, example, kind = np.unique(kind, return_index=True, return_inverse=True)
    kinds = Counts(s[example], t[example], ever[example], kept[example])
    cells, of_tie, repeats = np.unique(owner * len(example) + kind, return_inverse=True, return_counts=True)
    cell_owner, cell_kind = np.divmod(cells, len(example))
    return Cells(len(names), cell_owner, cell_kind, repeats.astype(np.int64), of_tie, kinds)


def _paired(one: Ints | Floats, other: Ints | Floats, parts: int) -> Ints:
    """A number for each pair of such parts."""
    first, second = (np.rint(column * parts).astype(np.int64) for column in (one, other))
    found: Ints = first * (second.max(initial=0) + 1) + second
    return found


def _alike(cells: Cells) -> Cells:
    """Owners with one cell of the same kind and repeats stand for one another: the same is believed of them."""
    single = np.bincount(cells.owner, minlength=cells.owners)[cells.owner] == 1
    key = np.where(single, cells.kind * (cells.repeats.max(initial=0) + 1) + cells.repeats, -1 - cells.owner)
    _, place, owner = np.unique(key, return_index=True, return_inverse=True)
    first = np.flatnonzero(~single | (place[owner] == np.arange(len(key))))
    of_cell = np.zeros(len(key), np.int64)
    of_cell[first] = np.arange(len(first))
    of_cell[single] = of_cell[place[owner[single]]]
    names, owner = np.unique(owner[first], return_inverse=True)
    return Cells(
        len(names), owner, cells.kind[first], cells.repeats[first], of_cell[cells.of_tie], cells.kinds
    )


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


def _fit(cells: Cells, model: Callable[[float], Model], strengths: tuple[float, ...], truncated: bool) -> Law:
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
    return Law(best, tried[best][1], truncated)


def _prior(found: Floats) -> tuple[float, Floats]:
    """How likely the owners' counts are under the mixing shares that make them most likely (EM), and these."""
    peak = found.max(axis=1, keepdims=True)
    likely = np.exp(found - peak)
    shares = np.full(len(RATES), 1 / len(RATES))
    for _ in range(_STEPS):
        shares = shares * (likely.T @ (1 / (likely @ shares))) / len(likely)
    return float(np.sum(np.log(likely @ shares) + peak[:, 0])), shares


def _of_owners(cells: Cells, fitted: Model, law: Law) -> Floats:
    """By owner, the share of each rate: the law's, and what their own ties say."""
    likelihood = fitted.likelihood(cells.kinds, law.truncated)
    found = totals(cells.owner, cells.kind, cells.repeats, likelihood, cells.owners)
    found += np.log(np.maximum(law.shares, 1e-12))
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
