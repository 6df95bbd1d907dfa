"""Whom to begin with: ties in, a seed set with its spread and a guarantee out; needs no installation.

Example:
    >>> import numpy as np
    >>> fans = np.arange(1, 40)
    >>> chosen = choose_seeds((np.zeros(39, int), fans, np.full(39, 0.5)), k=1)
    >>> chosen.seeds, round(chosen.spread) in range(18, 24), chosen.guarantee > 0.53
    ([0], True, True)
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from guanxi.influence.kernels.choosing import Choice, Task, choose
from guanxi.influence.kernels.graph import Bools, Floats, Graph, Model
from guanxi.influence.ties import Coded, Column, Ties, as_ties
from guanxi.vocabulary.reasons import Refused


@dataclass(frozen=True)
class SeedSet:
    """Who was chosen, and what the model promises of them.

    Attributes:
        seeds: ids, best first.
        marginal: expected further people (or target weight) each adds to those before.
        spread: expected people moved, the seeds among them, less what those already active move.
        low: ``spread`` is at least this,
        high: at most this, and
        guarantee: at least this share of the best any k could do: all three with probability 1 - delta,
            under the model.
        delta: the chance that low, high or guarantee is wrong.
        sets: how many reverse-reachable sets chose; as many judged.
        people: ids that some tie names.
        ties: how many ties were counted.
        seconds: spent choosing; building the graph is in ``build_seconds``.
    """

    seeds: list[object]
    marginal: list[float]
    spread: float
    low: float
    high: float
    guarantee: float
    delta: float
    sets: int
    people: int
    ties: int
    seconds: float
    build_seconds: float


def choose_seeds(
    ties: Ties | pa.Table | tuple[Column, ...],
    k: int = 50,
    model: Model = "ic",
    epsilon: float = 0.1,
    delta: float | None = None,
    seed: int = 0,
    targets: Mapping[object, float] | None = None,
    exclude: Sequence[object] = (),
    active: Sequence[object] = (),
    threads: int = 2,
) -> SeedSet:
    """The k people whose spread is surely near the greatest possible; the same for the same arguments.

    Args:
        ties: influencer, influenced and perhaps probability; ``build_graph`` states how repeats, self-ties
            and zeros count.
        k: how many; more than may be chosen means all of them.
        model: ``ic`` (each tie has its chance) or ``lt`` (each person has one influencer at most).
        epsilon: stop after the guarantee is 1 - 1/e - epsilon.
        delta: how often the answer may be wrong; 1/people unless given.
        seed: where chance begins.
        targets: what moving each person is worth; people it does not name are worth nothing. None: everyone
            counts one.
        exclude: people who may not be chosen, though they pass on what they get.
        active: people already moved; what they move is nobody's merit. They cannot be chosen.
        threads: how many draw at once; never changes the answer.
    """
    _check(k, epsilon, delta)
    begun = time.perf_counter()
    known = as_ties(ties)
    graph = known.graph(model)
    moved = _marked(graph, known.ids, active)
    eligible = _eligible(graph, known.ids, exclude, moved)
    weights = _weights(graph, known.ids, targets)
    task = Task(k, epsilon, delta or 1 / max(graph.n, 2), seed, weights, eligible, moved)
    built = time.perf_counter()
    choice = choose(graph, task, threads)
    return _answer(choice, graph, known.ids, task, time.perf_counter() - built, built - begun)


def _check(k: int, epsilon: float, delta: float | None) -> None:
    if k < 1:
        raise Refused("seeds_count_below_1", str(k))
    if not 0 < epsilon < 1 - 1 / np.e:
        raise Refused("epsilon_out_of_range", str(epsilon))
    if delta is not None and not 0 < delta < 1:
        raise Refused("delta_out_of_range", str(delta))


def _answer(
    choice: Choice, graph: Graph, ids: Coded, task: Task, seconds: float, build_seconds: float
) -> SeedSet:
    return SeedSet(
        ids.decoded(graph.ids[choice.nodes]),
        choice.marginal.tolist(),
        choice.spread,
        choice.low,
        choice.high,
        choice.guarantee,
        task.delta,
        choice.sets,
        graph.n,
        graph.m,
        seconds,
        build_seconds,
    )


def _places(graph: Graph, codes: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], Bools]:
    """Where these codes stand among the graph's nodes, and which of them do."""
    places = np.minimum(np.searchsorted(graph.ids, codes), graph.n - 1)
    return places, graph.ids[places] == codes


def _marked(graph: Graph, ids: Coded, people: Sequence[object]) -> Bools:
    marked = np.zeros(graph.n, bool)
    if len(people):
        places, there = _places(graph, ids.codes(people))
        marked[places[there]] = True
    return marked


def _eligible(graph: Graph, ids: Coded, exclude: Sequence[object], moved: Bools) -> Bools:
    eligible = ~(moved | _marked(graph, ids, exclude))
    if not eligible.any():
        raise Refused("nobody_may_be_chosen")
    return eligible


def _weights(graph: Graph, ids: Coded, targets: Mapping[object, float] | None) -> Floats:
    if targets is None:
        return np.empty(0)
    worth = np.fromiter(targets.values(), np.float64, len(targets))
    if not (np.isfinite(worth).all() and (worth >= 0).all()):
        raise Refused("target_weight_negative")
    weights = np.zeros(graph.n)
    places, there = _places(graph, ids.codes(list(targets)))
    weights[places[there]] = worth[there]
    if not weights.any():
        raise Refused("targets_unreachable")
    return weights
