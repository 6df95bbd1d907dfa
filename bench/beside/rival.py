"""One rival library on one graph, in a process of its own: prints one JSON line (seconds of choosing, seeds).

python rival.py LIBRARY GRAPH.npz K, with the libraries on PYTHONPATH. Reading the graph and giving it to the
library is not counted.
"""

from __future__ import annotations

import heapq
import json
import sys
import time
from array import array
from collections.abc import Callable
from typing import Any

import numpy as np

TRIALS_FIRST, TRIALS = 50, 200
Chosen = Callable[[], list[int]]


def pynetim_imm(graph: Any, k: int) -> Chosen:
    """IMM (Tang et al. 2015) at epsilon 0.1."""
    import pynetim

    pairs = list(zip(graph["source"].tolist(), graph["target"].tolist(), strict=True))
    known = pynetim.IMGraph(pairs, graph["chance"].tolist(), renumber=False)
    return lambda: list(pynetim.IMMAlgorithm(known, "IC", epsilon=0.1, random_seed=1).run(k))


def cynetdiff_celf(graph: Any, k: int) -> Chosen:
    """CELF (Leskovec et al. 2007), written over cynetdiff's simulations as its examples do."""
    from cynetdiff.models import IndependentCascadeModel

    order = np.lexsort((graph["target"], graph["source"]))
    n = int(graph["n"])
    starts = np.concatenate([[0], np.cumsum(np.bincount(graph["source"], minlength=n))])[:-1]
    model = IndependentCascadeModel(
        array("I", starts.astype(np.uint32).tobytes()),
        array("I", graph["target"][order].astype(np.uint32).tobytes()),
        activation_probs=array("f", graph["chance"][order].astype(np.float32).tobytes()),
    )
    return lambda: _lazily(model, n, k)


def _lazily(model: Any, n: int, k: int) -> list[int]:
    queue = [(-model.compute_marginal_gains([], [v], TRIALS_FIRST)[1], v, 0) for v in range(n)]
    heapq.heapify(queue)
    chosen: list[int] = []
    while len(chosen) < k:
        gain, v, when = heapq.heappop(queue)
        if when == len(chosen):
            chosen.append(v)
        else:
            gain = -model.compute_marginal_gains(chosen, [v], TRIALS)[1]
            heapq.heappush(queue, (gain, v, len(chosen)))
    return chosen


def netmax_degree_discount(graph: Any, k: int) -> Chosen:
    """Degree discount (Chen et al. 2009): no guarantee."""
    import networkx as nx
    from netmax.influence_maximization import InfluenceMaximization

    known = nx.DiGraph()
    rows = zip(*(graph[c].tolist() for c in ("source", "target", "chance")), strict=True)
    known.add_edges_from((u, v, {"p": p}) for u, v, p in rows)
    asked = InfluenceMaximization(known, {"ours": k}, "degdis", "ic", r=1)

    def run() -> list[int]:
        return [int(v) for v in asked.run()[0]["ours"]]

    return run


LIBRARIES = {one.__name__: one for one in (pynetim_imm, cynetdiff_celf, netmax_degree_discount)}


def main(library: str, path: str, k: int) -> None:
    choose = LIBRARIES[library](np.load(path), k)
    begun = time.perf_counter()
    seeds = choose()
    sys.stdout.write(json.dumps({"seconds": time.perf_counter() - begun, "seeds": seeds}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
