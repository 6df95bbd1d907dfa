"""Would it have worked? People chosen on the first part of a log, judged by the part they could not see.

Judged by *direct reach*: of the people who moved later, the share that did so through one of the chosen.
A model's certificate speaks of the model; this speaks of what happened.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from guanxi.influence.edges import Log
from guanxi.influence.kernels.covering import greedy_cover
from guanxi.influence.kernels.graph import Floats, Ints
from guanxi.influence.learning import Learned, learn
from guanxi.influence.seeds import choose_seeds
from guanxi.influence.ties import Ties
from guanxi.vocabulary.reasons import Refused

_DAMPING = 0.85
_RANK_STEPS = 50
_EPSILON = 0.05


@dataclass(frozen=True)
class Pairs:
    """The distinct pairs of a log, with how often each was seen."""

    influencer: Ints
    influenced: Ints
    seen: Ints


@dataclass(frozen=True)
class Backtest:
    """How each way of choosing would have done.

    Attributes:
        reach: by method, the share of later movers that the chosen moved directly; ``hindsight`` is greedy
            on the later part itself.
        chosen: by method, the ids chosen.
        best: the method, hindsight apart, that reached most.
        learned_on: rows before the cut.
        judged_on: rows after it.
        movers: distinct people who moved after the cut.
    """

    reach: dict[str, float]
    chosen: dict[str, list[object]]
    best: str
    learned_on: int
    judged_on: int
    movers: int


def backtest(log: Log, k: int = 50, split: float = 0.6, seed: int = 0) -> Backtest:
    """The hold-out comparison: each method chooses ``k`` on the first ``split`` of the rows and is judged
    by the rest.
    """
    if not 0 < split < 1:
        raise Refused("split_out_of_range", str(split))
    cut = int(split * len(log.time))
    early, late = log.part(slice(0, cut)), log.part(slice(cut, None))
    if cut == 0 or cut == len(log.time):
        raise Refused("log_too_short", str(len(log.time)))
    pairs = distinct_pairs(early)
    chosen = {name: method(early, pairs, k, seed) for name, method in METHODS.items()}
    chosen["hindsight"] = cover(late, distinct_pairs(late), k, seed)
    movers = np.unique(late.influenced)
    reach = {name: _reached(late, people) / len(movers) for name, people in chosen.items()}
    return Backtest(
        reach,
        {name: log.ids.decoded(people) for name, people in chosen.items()},
        max((name for name in METHODS), key=lambda name: reach[name]),
        cut,
        len(log.time) - cut,
        len(movers),
    )


def distinct_pairs(log: Log) -> Pairs:
    """Each (influencer, influenced) once, with its count."""
    order = np.lexsort((log.influenced, log.influencer))
    u, v = log.influencer[order], log.influenced[order]
    starts = np.flatnonzero(np.concatenate([[True], (u[1:] != u[:-1]) | (v[1:] != v[:-1])]))
    return Pairs(u[starts], v[starts], np.diff(np.append(starts, len(u))))


def learned_pairs(pairs: Pairs) -> Learned:
    """Credited chances: how surely each pair would be seen again in an equal span."""
    return learn(pairs.influencer, pairs.seen, np.zeros(len(pairs.seen), np.int64))


def _reached(log: Log, people: Ints) -> int:
    return len(np.unique(log.influenced[np.isin(log.influencer, people)]))


def _first(ids: Ints, score: Floats | Ints, k: int) -> Ints:
    return ids[np.argsort(-score, kind="stable")[:k]]


def _model(log: Log, pairs: Pairs, probability: Floats | None, k: int, seed: int) -> Ints:
    known = type(log.ids)((pairs.influencer, pairs.influenced), None)
    found = choose_seeds(Ties(known, probability), k, epsilon=_EPSILON, seed=seed).seeds
    return np.asarray(found, np.int64)


def learned_model(log: Log, pairs: Pairs, k: int, seed: int) -> Ints:
    """Greatest spread under the learned chances."""
    return _model(log, pairs, learned_pairs(pairs).probability, k, seed)


def cascade_model(log: Log, pairs: Pairs, k: int, seed: int) -> Ints:
    """Greatest spread where each of v's d influencers has 1/d."""
    return _model(log, pairs, None, k, seed)


def most_movers(log: Log, pairs: Pairs, k: int, seed: int) -> Ints:
    """Who moved most distinct people."""
    return _first(*np.unique(pairs.influencer, return_counts=True), k)


def most_moves(log: Log, pairs: Pairs, k: int, seed: int) -> Ints:
    """Through whom most was done."""
    return _first(*np.unique(log.influencer, return_counts=True), k)


def most_active(log: Log, pairs: Pairs, k: int, seed: int) -> Ints:
    """Who did most themselves."""
    return _first(*np.unique(log.influenced, return_counts=True), k)


def rank(log: Log, pairs: Pairs, k: int, seed: int) -> Ints:
    """Greatest PageRank, credit flowing from the influenced to the influencer in proportion to counts."""
    ids, place = np.unique(np.concatenate([pairs.influencer, pairs.influenced]), return_inverse=True)
    to, source = np.split(place, 2)
    n = len(ids)
    out = np.bincount(source, pairs.seen, minlength=n)
    share = pairs.seen / out[source]
    score = np.full(n, 1 / n)
    for _ in range(_RANK_STEPS):
        kept = np.bincount(to, score[source] * share, minlength=n)
        score = (1 - _DAMPING) / n + _DAMPING * (kept + score[out == 0].sum() / n)
    return _first(ids, score, k)


def cover(log: Log, pairs: Pairs, k: int, seed: int) -> Ints:
    """Greedy cover: who together moved most distinct people."""
    ids, place = np.unique(pairs.influencer, return_inverse=True)
    order = np.argsort(pairs.influenced, kind="stable")
    people = pairs.influenced[order]
    ends = np.append(np.flatnonzero(people[1:] != people[:-1]) + 1, len(people))
    chosen, _, _ = greedy_cover(place[order].astype(np.int32), ends, len(ids), min(k, len(ids)))
    found: Ints = ids[chosen]
    return found


def anyone(log: Log, pairs: Pairs, k: int, seed: int) -> Ints:
    """Anyone who did anything."""
    ids = np.unique(log.influenced)
    return np.random.default_rng(seed).choice(ids, min(k, len(ids)), replace=False)


METHODS: dict[str, Callable[[Log, Pairs, int, int], Ints]] = {
    "learned_model": learned_model,
    "cascade_model": cascade_model,
    "most_movers": most_movers,
    "most_moves": most_moves,
    "greedy_cover": cover,
    "pagerank": rank,
    "most_active": most_active,
    "random": anyone,
}
