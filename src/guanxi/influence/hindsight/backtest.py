"""Would it have worked? People chosen on the first part of a log, judged by the part they could not see.

Judged by *direct reach*: of the people who moved later, the share that did so through one of the chosen; and by how
far the chosen people's own later messages went through others' hands. A model's certificate speaks of the model;
this speaks of what happened.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from guanxi.influence.edges import Log, as_log
from guanxi.influence.hindsight.fading import TOLD, FadingFound, HalfLife, Known, Told, fading_of
from guanxi.influence.hindsight.farther import Far, Passing, usual_within
from guanxi.influence.kernels.choosing import Task, choose
from guanxi.influence.kernels.graph import Floats, Ints, dense_ids
from guanxi.influence.seeds import check_seed
from guanxi.influence.terms import Asked, Terms, covering, free
from guanxi.influence.ties import Brought, Coded, Ties
from guanxi.vocabulary.reasons import Refused

_DAMPING = 0.85
_RANK_STEPS = 30
_EPSILON = 0.1


@dataclass(frozen=True)
class History:
    """A log, or a part of it, with people as 0..n-1.

    Attributes:
        n: how many people the whole log names.
        influencer: by row, and
        influenced: by row.
        pair_influencer: by distinct pair, and
        pair_influenced: by distinct pair, and
        seen: how often each pair was seen.
    """

    n: int
    influencer: Ints
    influenced: Ints
    pair_influencer: Ints
    pair_influenced: Ints
    seen: Ints


@dataclass(frozen=True)
class Backtest:
    """How each way of choosing would have done.

    Attributes:
        reach: by method, the share of later movers, each as they count, that the chosen moved directly;
            ``hindsight`` is greedy on the later part itself.
        chosen: by method, the ids chosen.
        best: the method, hindsight apart, that reached most.
        far: by method, how far the chosen people's own later messages went, on the same terms.
        best_far: the method, hindsight apart, whose people's messages reached most, through whatever hands.
        counted: what all later movers count together.
        fading: how the evidence of learned ties faded; told by the part before the cut alone.
        within: for how long whoever was reached is taken to pass on, in the log's own time.
        learned_on: rows before the cut.
        judged_on: rows after it.
        movers: distinct people who count and moved after the cut, not through somebody active already.
    """

    reach: dict[str, float]
    chosen: dict[str, list[object]]
    best: str
    far: dict[str, Far]
    best_far: str
    counted: float
    fading: FadingFound
    within: float
    learned_on: int
    judged_on: int
    movers: int


def backtest(
    log: Log | Brought,
    k: int = 50,
    split: float = 0.6,
    seed: int = 0,
    within: float | None = None,
    asked: Asked | None = None,
    half_life: HalfLife = TOLD,
) -> Backtest:
    """The hold-out comparison: each method chooses ``k`` on the first ``split`` of the rows and is judged
    by the rest; all of them on the terms of ``asked``. The log is as ``as_log`` takes it.

    ``half_life`` is that of the evidence of learned ties, in the log's own time: None where it does not fade,
    ``TOLD`` where the part before the cut is to tell.
    """
    log = _checked(log, k, seed)
    cut = cut_of(log, split)
    ids, u, v = dense_ids(log.influencer, log.influenced)
    early, late = history(u[:cut], v[:cut], len(ids)), history(u[cut:], v[cut:], len(ids))
    terms = free(len(ids)) if asked is None else asked.by_place(ids, log.ids)
    counting = _counting(terms, late)
    told = Told(len(ids), u[:cut], v[:cut], log.time[:cut])
    fading = fading_of(told, terms, k, half_life)
    chosen = {LEARNED: learned_model(told, fading, terms, k, seed), HINDSIGHT: cover(late, terms, k, seed)}
    chosen |= {name: method(early, terms, k, seed) for name, method in METHODS.items()}
    moved, whole = (late.influencer, late.influenced), float(counting.sum())
    reach = {name: terms.reached(*moved, counting, people) / whole for name, people in chosen.items()}
    passing = _passing(log.part(slice(cut, None)), late, within, counting)
    far = {name: passing.far(people) for name, people in chosen.items()}
    return Backtest(
        reach,
        {name: log.ids.decoded(ids[people]) for name, people in chosen.items()},
        max(WAYS, key=lambda name: reach[name]),
        far,
        max(WAYS, key=lambda name: far[name].worth),
        whole,
        fading,
        passing.within, cut, len(log.time) - cut, int(np.count_nonzero(counting)),
    )  # fmt: skip


def _checked(log: Log | Brought, k: int, seed: int) -> Log:
    if k < 1:
        raise Refused("seeds_count_below_1", str(k))
    check_seed(seed)
    return as_log(log)


def _counting(terms: Terms, late: History) -> Floats:
    counting = terms.counting(late.influencer, late.influenced)
    if not counting.any():
        raise Refused("nobody_counted_moved_later")
    return counting


def _passing(log: Log, part: History, within: float | None, counting: Floats) -> Passing:
    span = usual_within(log.time) if within is None else within
    return Passing(part.n, part.influencer, part.influenced, log.time, log.message, span, counting)


def cut_of(log: Log, split: float) -> int:
    """The row before which is learned and from which is judged: of those at which a new moment begins, the nearest.

    Refused where nothing comes after anything.
    """
    if not 0 < split < 1:
        raise Refused("split_out_of_range", str(split))
    begins = np.flatnonzero(np.diff(log.time)) + 1
    if not len(begins):
        raise Refused("log_too_short", "all its rows are of one moment")
    return int(begins[np.argmin(np.abs(begins - int(split * len(log.time))))])


def history(influencer: Ints, influenced: Ints, n: int) -> History:
    """The rows with their distinct pairs counted."""
    key = np.sort(influencer * n + influenced)
    starts = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    pair = key[starts]
    return History(n, influencer, influenced, pair // n, pair % n, np.diff(np.append(starts, len(key))))


def _first(score: Floats | Ints, terms: Terms, k: int) -> Ints:
    return terms.first(np.argsort(-score, kind="stable"), k)


def _model(pairs: tuple[Ints, Ints], terms: Terms, probability: Floats | None, k: int, seed: int) -> Ints:
    graph = Ties(Coded(pairs, None), probability).graph("ic")
    there = np.asarray(graph.ids, np.int64)
    worth, eligible = terms.worth[there], terms.eligible[there]
    if not (worth.any() and eligible.any()):
        return np.empty(0, np.int64)
    weights = np.empty(0) if (worth == 1).all() else worth
    asked = (weights, eligible, terms.active[there])
    task = Task(k, _EPSILON, 1 / max(graph.n, 2), seed, *asked, limits=terms.limits.of(there), own=False)
    found: Ints = there[choose(graph, task).nodes]
    return found


def learned_model(part: Told, fading: FadingFound, terms: Terms, k: int, seed: int) -> Ints:
    """Greatest spread under the learned chances."""
    known = Known(part).faded(fading.half_life)
    chance = known.chances(fading.level)
    return _model((known.influencer, known.influenced), terms, chance, k, seed)


def cascade_model(part: History, terms: Terms, k: int, seed: int) -> Ints:
    """Greatest spread where each of v's d influencers has 1/d."""
    return _model((part.pair_influencer, part.pair_influenced), terms, None, k, seed)


def most_movers(part: History, terms: Terms, k: int, seed: int) -> Ints:
    """Who moved most distinct people."""
    return _first(np.bincount(part.pair_influencer, minlength=part.n), terms, k)


def most_moves(part: History, terms: Terms, k: int, seed: int) -> Ints:
    """Through whom most was done."""
    return _first(np.bincount(part.influencer, minlength=part.n), terms, k)


def most_active(part: History, terms: Terms, k: int, seed: int) -> Ints:
    """Who did most themselves."""
    return _first(np.bincount(part.influenced, minlength=part.n), terms, k)


def rank(part: History, terms: Terms, k: int, seed: int) -> Ints:
    """Greatest PageRank."""
    return _first(page_rank(part), terms, k)


def page_rank(part: History) -> Floats:
    """PageRank, credit flowing from the influenced to the influencer in proportion to counts."""
    n, to, source = part.n, part.pair_influencer, part.pair_influenced
    out = np.bincount(source, part.seen, minlength=n)
    share = part.seen / out[source]
    score = np.full(n, 1 / n)
    for _ in range(_RANK_STEPS):
        kept = np.bincount(to, score[source] * share, minlength=n)
        score = (1 - _DAMPING) / n + _DAMPING * (kept + score[out == 0].sum() / n)
    return score


def cover(part: History, terms: Terms, k: int, seed: int) -> Ints:
    """Greedy cover: who together moved most distinct people, or most of what they count."""
    return covering(part.pair_influencer, part.pair_influenced, terms, k)


def anyone(part: History, terms: Terms, k: int, seed: int) -> Ints:
    """Anyone who did anything."""
    ids = np.flatnonzero(np.bincount(part.influenced, minlength=part.n))
    return terms.first(np.random.default_rng(seed).permutation(ids), k)


METHODS: dict[str, Callable[[History, Terms, int, int], Ints]] = {
    "cascade_model": cascade_model,
    "most_movers": most_movers,
    "most_moves": most_moves,
    "greedy_cover": cover,
    "pagerank": rank,
    "most_active": most_active,
    "random": anyone,
}
LEARNED, HINDSIGHT = "learned_model", "hindsight"
WAYS = (LEARNED, *METHODS)
