"""Seed sets on an R-MAT graph of so many arcs (Chakrabarti et al. 2004), weighted cascade, k = 50, epsilon = 0.1.

`--scale 100000000` is the large one: under 10 GB, drawn and built in 32 bits. Both models are chosen up to
BOTH_UP_TO arcs, above it only the independent cascade.
"""

from __future__ import annotations

from pathlib import Path

import numba as nb
import numpy as np

from guanxi.influence.kernels.choosing import Task, choose
from guanxi.influence.kernels.draws import GOLDEN, stream, unit
from guanxi.influence.kernels.graph import Graph, Nodes, build_graph
from guanxi.influence.seeds import choose_seeds
from guanxi.vocabulary.progress import Progress

SCALES = (1_000_000, 5_400_000, 10_000_000)
ARCS_PER_NODE = 10
BOTH_UP_TO = 20_000_000
CORNERS = (0.57, 0.76, 0.95)
K = 50
EPSILON = 0.1


def run(scale: int, folder: Path, tell: Progress) -> dict[str, int]:
    """A seed set under both models on a graph of ``scale`` arcs; says how far each spreads."""
    tell.begin("compile or load the kernels")
    choose_seeds((np.array([1], np.int32), np.array([2], np.int32)), 1)
    tell.end()
    counts = {}
    for model in ("ic", "lt") if scale <= BOTH_UP_TO else ("ic",):
        tell.begin("draw the ties")
        influencer, influenced = rmat(scale, np.random.default_rng(1))
        tell.end()
        tell.begin(f"build the graph {model}")
        graph = build_graph(influencer, influenced, None, model)  # type: ignore[arg-type]
        del influencer, influenced
        tell.end()
        task = everybody(graph)
        tell.begin(f"choose {model}")
        found = choose(graph, task)
        tell.end()
        counts |= {
            f"{model} nodes": graph.n,
            f"{model} arcs": graph.m,
            f"{model} spread": round(found.spread),
            f"{model} guarantee in thousandths": round(found.guarantee * 1000),
        }
    return counts


def everybody(graph: Graph) -> Task:
    """Fifty of all, everybody counting one."""
    return Task(K, EPSILON, 1 / graph.n, 1, np.empty(0), np.ones(graph.n, bool), np.zeros(graph.n, bool))


def rmat(arcs: int, rng: np.random.Generator) -> tuple[Nodes, Nodes]:
    """Arcs whose ends are drawn quadrant by quadrant; self-ties and repeats are among them."""
    levels = max(1, round(np.log2(arcs / ARCS_PER_NODE)))
    ends = np.empty((2, arcs), np.int32)
    drawn_ends(ends, levels, np.array(CORNERS), int(rng.integers(2**31)))
    return ends[0], ends[1]


@nb.njit(cache=True, nogil=True)
def drawn_ends(ends, levels, corners, seed):  # type: ignore[no-untyped-def]
    """Each arc in place, so that nothing is held but the arcs."""
    for e in range(ends.shape[1]):
        state = stream(np.uint64(seed), e)
        u, v = 0, 0
        for _ in range(levels):
            x = unit(state)
            state += GOLDEN
            corner = (x > corners[0]) + (x > corners[1]) + (x > corners[2])
            u, v = u * 2 + (corner >> 1), v * 2 + (corner & 1)
        ends[0, e], ends[1, e] = u, v
