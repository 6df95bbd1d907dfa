"""The certificate many times over: exhaustive graphs under both models, and instances on which greedy is poor."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from graphs import random_arcs, spread_of, walks_of, worlds_of

from guanxi.influence.kernels.graph import Model
from guanxi.influence.seeds import choose_seeds

N, K, DELTA = 7, 2, 0.1


@pytest.mark.parametrize("model", ["ic", "lt"])
@pytest.mark.parametrize("beyond", [0.003, 1.0])
def test_no_end_of_it_is_wrong_more_often_than_delta_whatever_the_ids(model: Model, beyond: float) -> None:
    rng, wrong, runs = np.random.default_rng(17), 0, 0
    for _graph in range(5):
        u, v, p = random_arcs(rng, N, 9)
        worlds = worlds_of((u, v, p), N) if model == "ic" else walks_of((u, v, p), N)
        assert worlds[0].sum() == pytest.approx(1)
        best = max(spread_of(list(pair), worlds) for pair in itertools.combinations(range(N), K))
        ids = np.sort(rng.integers(-(10**15), 10**15, N))
        for seed in range(30):
            found = choose_seeds(
                (ids[u], ids[v], p), K, model, delta=DELTA, seed=seed, beyond=beyond, threads=1
            )
            truth = spread_of(np.searchsorted(ids, np.array(found.seeds, np.int64)).tolist(), worlds)
            wrong += not (found.low <= truth <= found.high and truth >= found.guarantee * best)
            runs += 1
    assert wrong <= DELTA * runs


@pytest.mark.parametrize(("k", "width"), [(2, 64), (3, 81), (4, 256)])
def test_where_greedy_is_poor_the_guarantee_is_what_was_reached_at_most(k: int, width: int) -> None:
    """k columns cover everything; rows that take 1/k of what is left lure greedy towards 1 - (1 - 1/k)^k of it."""
    ties, optimum = _luring(k, width)
    poor = 1.0
    for seed in range(20):
        for beyond in (0.003, 1.0):
            found = choose_seeds((*ties, np.ones(len(ties[0]))), k, seed=seed, beyond=beyond, delta=0.05)
            reached = k + len(np.unique(ties[1][np.isin(ties[0], np.array(found.seeds, np.int64))]))
            assert found.guarantee <= reached / optimum + 1e-9
            assert found.low <= reached + 1e-9
            assert found.guarantee >= 1 - 1 / np.e - 0.1
            poor = min(poor, reached / optimum)
    assert poor < 0.8


def _luring(k: int, width: int) -> tuple[tuple[np.ndarray, np.ndarray], int]:
    cells, left = np.arange(k * width).reshape(k, width), 0
    influencer = [10_000 + column for column in range(k) for _ in range(width)]
    influenced = cells.ravel().tolist()
    for row in range(k):
        takes = int(np.ceil((width - left) / k)) + (row == 0)
        chosen = cells[:, left : left + takes].ravel().tolist()
        influencer += [20_000 + row] * len(chosen)
        influenced += chosen
        left += takes
    return (np.array(influencer), np.array(influenced)), k * width + k
