"""One rival library on one graph, in a process of its own: a JSON line when it holds the graph, one when it has chosen.

python rival.py LIBRARY GRAPH.npz K RUNS LIMIT, with the libraries on PYTHONPATH. Reading the graph and giving it to the
library is not counted. It chooses so many times, with another seed each, where it can and that takes not long, and is
ended by SIGXCPU when reading or one choice has taken LIMIT seconds of processor time.
"""

from __future__ import annotations

import heapq
import json
import math
import resource
import sys
import time
from array import array
from collections.abc import Callable
from typing import Any

import numpy as np

TRIALS_FIRST, TRIALS = 50, 200
MEMORY = 10 * 2**30
LONG_S = 5.0
Chosen = Callable[[int], list[int]]


def pynetim_imm(graph: Any, k: int) -> Chosen:
    """IMM (Tang et al. 2015) at epsilon 0.1."""
    import pynetim

    pairs = list(zip(graph["source"].tolist(), graph["target"].tolist(), strict=True))
    known = pynetim.IMGraph(pairs, graph["chance"].tolist(), renumber=False)
    return lambda seed: list(pynetim.IMMAlgorithm(known, "IC", epsilon=0.1, random_seed=seed).run(k))


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
    return lambda seed: _lazily(model, n, k)


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

    def run(seed: int) -> list[int]:
        return [int(v) for v in asked.run()[0]["ours"]]

    return run


# Only these choose anew when asked again; the others know no seed, or answer wrongly the second time.
AGAIN = ("pynetim_imm",)
LIBRARIES = {one.__name__: one for one in (pynetim_imm, cynetdiff_celf, netmax_degree_discount)}


def main(library: str, path: str, k: int, runs: int, limit: int) -> None:
    """It has said when it held the graph, and each time whom it chose, and how long that took."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    _allow(limit)
    choose = LIBRARIES[library](np.load(path), k)
    _say({"held": True})
    begun = time.process_time()
    for seed in range(1, (runs if library in AGAIN else 1) + 1):
        _allow(limit)
        wall, worked = time.perf_counter(), time.process_time()
        seeds = choose(seed)
        told = {"seconds": time.perf_counter() - wall, "processor": time.process_time() - worked}
        _say(told | {"seeds": seeds})
        if time.process_time() - begun > LONG_S:
            break


def _allow(seconds: int) -> None:
    """From now on it may work for so long."""
    used = math.ceil(time.process_time())
    resource.setrlimit(resource.RLIMIT_CPU, (used + seconds, resource.RLIM_INFINITY))


def _say(line: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *(int(word) for word in sys.argv[3:]))
