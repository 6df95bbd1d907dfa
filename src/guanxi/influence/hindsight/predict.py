"""Who will move whom? Ties learned on the first part of a log, judged by the part they could not see.

Two questions, each answered by the chance that a pair which came true is ranked above one which did not (AUC):
*again*, of the pairs seen before the cut, which are seen after it; and *whom*, of any two people known by then,
which become a pair (as many pairs that did not are drawn from the same people by lot). Beside what is learned
stand degree, PageRank, activity, raw and recent counts: where simple wins, this says so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from guanxi.influence.edges import Log, as_log
from guanxi.influence.hindsight.backtest import History, cut_of, history, page_rank
from guanxi.influence.kernels.graph import Bools, Floats, Ints, dense_ids
from guanxi.influence.seeds import check_seed
from guanxi.influence.ties import Brought
from guanxi.vocabulary.reasons import Refused

_PRIORS = np.geomspace(0.01, 1000.0, 51)
_RECENT = 0.25
_LEAST = 1e-12

Scores = dict[str, Floats]


@dataclass(frozen=True)
class Prediction:
    """How well each way of scoring pairs told the later part.

    Attributes:
        again: by score, the AUC over pairs seen before the cut.
        whom: by score, the AUC over pairs of people known before the cut.
        best_again: the score that told best, and
        best_whom: the same of the second question.
        learned_on: rows before the cut.
        judged_on: rows after it.
        pairs: distinct pairs before the cut.
        came_again: how many of them came again.
        came: distinct later pairs of people known before.
        prior: how many sights of a pair the habit of its two ends weighs.
    """

    again: dict[str, float]
    whom: dict[str, float]
    best_again: str
    best_whom: str
    learned_on: int
    judged_on: int
    pairs: int
    came_again: int
    came: int
    prior: float


def predict(log: Log | Brought, split: float = 0.6, seed: int = 0) -> Prediction:
    """Each score is made from the first ``split`` of a log's rows (see ``as_log``) and judged by the others."""
    check_seed(seed)
    log = as_log(log)
    cut = cut_of(log, split)
    ids, u, v = dense_ids(log.influencer, log.influenced)
    n = len(ids)
    early, late = history(u[:cut], v[:cut], n), history(u[cut:], v[cut:], n)
    known = _Known(early, log.time[:cut])
    seen, later = _keys(early), _keys(late)
    again = np.isin(seen, later, assume_unique=True)
    came = later[known.speaks[late.pair_influencer] & known.listens[late.pair_influenced]]
    if not (len(came) and again.any() and not again.all()):
        raise Refused("log_too_short", "nobody known before the cut is seen after it")
    lot = _by_lot(known, came, later, np.random.default_rng(seed))
    whom = known.scores(np.concatenate([came, lot]))
    found = {name: _auc(score, again) for name, score in known.scores(seen).items()}
    true = np.arange(len(came) + len(lot)) < len(came)
    told = {name: _auc(score, true) for name, score in whom.items()}
    return Prediction(
        found, told, max(found, key=lambda s: found[s]), max(told, key=lambda s: told[s]),
        cut, len(log.time) - cut, len(seen), int(again.sum()), len(came), known.prior,
    )  # fmt: skip


class _Known:
    """What the part before the cut says of people and pairs."""

    def __init__(self, part: History, time: Floats) -> None:
        self.n, self.part = part.n, part
        self.moves = np.bincount(part.influencer, minlength=part.n).astype(np.float64)
        self.moved = np.bincount(part.influenced, minlength=part.n).astype(np.float64)
        self.degree = np.bincount(part.pair_influencer, minlength=part.n).astype(np.float64)
        self.speaks, self.listens = self.moves > 0, self.moved > 0
        self.page_rank = page_rank(part)
        self.pairs = _keys(part)
        self.recent = self._recent(time)
        self.prior = habit_prior(part.seen, self._habit(self.pairs))

    def scores(self, keys: Ints) -> Scores:
        """Each way of scoring these pairs."""
        u, v = np.divmod(keys, self.n)
        place = np.minimum(np.searchsorted(self.pairs, keys), len(self.pairs) - 1)
        there = self.pairs[place] == keys
        seen, recent = (np.where(there, c[place], 0.0) for c in (self.part.seen, self.recent))
        habit = self._habit(keys)
        return {
            "learned": (self.prior * habit + seen) / (self.prior + 1),
            "learned_recent": (self.prior * habit + recent) / (self.prior + 1),
            "raw_count": seen,
            "recent_count": recent,
            "both_active": habit,
            "degree": self.degree[u],
            "pagerank": self.page_rank[u],
            "influencer_active": self.moves[u],
            "influenced_active": self.moved[v],
        }

    def _habit(self, keys: Ints) -> Floats:
        """How often a pair would be seen if its ends met as often as each is about."""
        u, v = np.divmod(keys, self.n)
        expected: Floats = self.moves[u] * self.moved[v] / self.moves.sum()
        return expected

    def _recent(self, time: Floats) -> Floats:
        """Counts that halve with each quarter of the time before the cut."""
        age = (time[-1] - time) / max((time[-1] - time[0]) * _RECENT, _LEAST)
        place = np.searchsorted(self.pairs, self.part.influencer * self.n + self.part.influenced)
        return np.bincount(place, 0.5**age, minlength=len(self.pairs)).astype(np.float64)


def habit_prior(seen: Ints, habit: Floats) -> float:
    """How many sights the habit of a pair's two ends weighs against what was seen of it, by maximum likelihood.

    Counts are gamma-Poisson around the habit. All pairs count, also the many never seen, whose habits sum to
    what all seen pairs leave of the log's length.
    """
    rows = float(seen.sum())

    def likely(prior: float) -> float:
        shape = np.maximum(prior * habit, _LEAST)
        told = gammaln(shape + seen) - gammaln(shape) - seen * np.log1p(prior)
        return float(told.sum() + rows * prior * (np.log(prior) - np.log1p(prior)))

    return float(max(_PRIORS, key=likely))


def _keys(part: History) -> Ints:
    keys: Ints = part.pair_influencer * part.n + part.pair_influenced
    return keys


def _by_lot(known: _Known, came: Ints, later: Ints, rng: np.random.Generator) -> Ints:
    """As many pairs of known people, not one of which came true."""
    speakers, listeners = np.flatnonzero(known.speaks), np.flatnonzero(known.listens)
    drawn = rng.choice(speakers, 2 * len(came)) * known.n + rng.choice(listeners, 2 * len(came))
    u, v = np.divmod(drawn, known.n)
    good: Ints = drawn[(u != v) & ~np.isin(drawn, later)]
    return good[: len(came)]


def _auc(score: Floats, true: Bools) -> float:
    """The chance that one of the true is ranked above one of the others; ties count half."""
    _, place, alike = np.unique(score, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(alike) - (alike - 1) / 2)[place]
    hits = int(true.sum())
    others = len(true) - hits
    return float((ranks[true].sum() - hits * (hits + 1) / 2) / (hits * others))
