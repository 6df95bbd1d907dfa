"""Seed sets on an R-MAT graph of so many arcs (Chakrabarti et al. 2004), weighted cascade, k = 50, epsilon = 0.1."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from guanxi.influence.kernels.choosing import Task, choose
from guanxi.influence.kernels.graph import Graph, Ints, build_graph
from guanxi.influence.seeds import choose_seeds
from guanxi.vocabulary.progress import Progress

SCALES = (500_000, 5_400_000)
ARCS_PER_NODE = 10
CORNERS = (0.57, 0.76, 0.95)
K = 50


def run(scale: int, folder: Path, tell: Progress) -> dict[str, int]:
    """A seed set under both models on a graph of ``scale`` arcs; says how far each spreads."""
    tell.begin("draw the graph")
    influencer, influenced = rmat(scale, np.random.default_rng(1))
    tell.end()
    tell.begin("compile or load the kernels")
    choose_seeds(([1], [2]), 1)
    tell.end()
    counts = {}
    for model in ("ic", "lt"):
        tell.begin(f"build the graph {model}")
        graph = build_graph(influencer, influenced, None, model)  # type: ignore[arg-type]
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
    return Task(K, 0.1, 1 / graph.n, 1, np.empty(0), np.ones(graph.n, bool), np.zeros(graph.n, bool))


def rmat(arcs: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Arcs whose ends are drawn quadrant by quadrant; self-ties and repeats are among them."""
    levels = max(1, round(np.log2(arcs / ARCS_PER_NODE)))
    u, v = np.zeros(arcs, np.int64), np.zeros(arcs, np.int64)
    for _ in range(levels):
        corner = np.searchsorted(CORNERS, rng.random(arcs))
        u, v = u * 2 + corner // 2, v * 2 + corner % 2
    return u, v
