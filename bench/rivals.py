"""Our seed sets against Python libraries that offer them: seconds of choosing, and spread by one common judge.

Weighted cascade, k = 50, epsilon 0.1; ours as it goes on by itself, and once stopping as soon as epsilon is
guaranteed, where others have drawn far more sets than their guarantee needs. Each chooses RUNS times, with another
seed each, unless it takes long or knows no seed; seconds are the least, spread is the mean by cascades run forward,
with its standard error over the runs (of the judge where there is one). Graphs: R-MAT of so many arcs and, where
GUANXI_SHARED_DATA names a folder that has them, `nethept/hep.txt` and the retweets of
`higgs/higgs-activity_time.txt.gz`. A library may read for LIMIT_S seconds of processor time and choose for as many:
what takes longer is said to. Each is told as it is done, and the table so far after each graph.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numba as nb
import numpy as np
from beside.rival import LIBRARIES
from influence_seeds import K, everybody, rmat
from rich.console import Console
from rich.table import Table

from guanxi.influence.edges import read_edges, read_log
from guanxi.influence.kernels.choosing import Task, choose
from guanxi.influence.kernels.graph import Graph, build_graph
from guanxi.influence.seeds import choose_seeds
from guanxi.vocabulary.progress import Progress

SCALES = (5_000_000,)
RUNS = 5
LIMIT_S = 30
STEPS = 60_000_000
ROOT = Path(__file__).parents[1]
LIBRARY_FOLDER = ROOT / ".venv" / "rivals"


@dataclass(frozen=True)
class Run:
    """One choice."""

    seconds: float
    processor: float
    seeds: list[int]


@dataclass(frozen=True)
class Result:
    """How one library did on one graph; no seconds where it is absent, failed or took too long."""

    graph: str
    by: str
    runs: int = 0
    seconds: float | None = None
    processor: float = 0.0
    spread: float = 0.0
    error: float = 0.0
    note: str = ""


def run(scale: int, folder: Path, tell: Progress) -> dict[str, int]:
    """Every library chose on every graph; counts are milliseconds and spreads."""
    choose_seeds(([1], [2]), 1)
    results: list[Result] = []
    screen = Console(stderr=True, width=140)
    for name, graph in graphs(scale):
        for result in compared(name, graph, folder, tell):
            results.append(result)
            took = result.note if result.seconds is None else f"{result.seconds:.3f} s"
            screen.print(f"{name}, {result.by}: {took}", highlight=False)
        screen.print(drawn(results))
    return {key: n for one in results for key, n in counted(one)}


def graphs(scale: int) -> Iterator[tuple[str, Graph]]:
    """The graphs there are, by name."""
    given = os.environ.get("GUANXI_SHARED_DATA")
    hep, higgs = (Path(given or ".") / p for p in ("nethept/hep.txt", "higgs/higgs-activity_time.txt.gz"))
    if given and hep.exists():
        yield "nethept", read_edges(hep, undirected=True).graph("ic")
    if given and higgs.exists():
        log = read_log(higgs, "2", "1", "3", "4", ["RT"])
        yield "higgs retweets", build_graph(log.influencer, log.influenced, None, "ic")
    yield f"R-MAT {scale:,}", build_graph(*rmat(scale, np.random.default_rng(1)), None, "ic")


def compared(name: str, graph: Graph, folder: Path, tell: Progress) -> Iterator[Result]:
    """Ours first, then each library."""
    asked = everybody(graph)
    for by, task in (("guanxi", asked), ("guanxi, stopping at once", replace(asked, beyond=1.0))):
        tell.begin(f"{name}: {by}")
        choose(graph, task)
        yield told(name, by, graph, [_chosen(graph, replace(task, seed=seed + 1)) for seed in range(RUNS)])
        tell.end()
    target = np.repeat(np.arange(graph.n, dtype=np.int32), np.diff(graph.offsets))
    chance = 1.0 / np.diff(graph.offsets)[target]
    path = folder / "graph.npz"
    np.savez(path, source=graph.sources, target=target, chance=chance, n=graph.n)
    for library in LIBRARIES:
        tell.begin(f"{name}: {library}")
        yield rival(name, graph, library, path)
        tell.end()


def rival(name: str, graph: Graph, library: str, path: Path) -> Result:
    """One library, in a process of its own."""
    if not LIBRARY_FOLDER.exists():
        return Result(name, library, note="absent: make .venv/.stamp/rivals")
    words = (library, str(path), str(K), str(RUNS), str(LIMIT_S))
    command = [sys.executable, str(ROOT / "bench" / "beside" / "rival.py"), *words]
    places = {"PYTHONPATH": str(LIBRARY_FOLDER), "PATH": os.environ["PATH"]}
    ended = subprocess.run(command, env=places, capture_output=True, text=True, check=False)
    said = [json.loads(line) for line in ended.stdout.splitlines() if line.startswith("{")]
    runs = [Run(**line) for line in said if "seeds" in line]
    if runs:
        return told(name, library, graph, runs)
    if ended.returncode == -signal.SIGXCPU:
        doing = "choosing" if said else "taking the graph"
        return Result(name, library, note=f"over {LIMIT_S} s {doing}")
    last = (ended.stderr.strip().splitlines() or [f"ended by signal {-ended.returncode}"])[-1]
    return Result(name, library, note=last)


def _chosen(graph: Graph, task: Task) -> Run:
    wall, worked = time.perf_counter(), time.process_time()
    seeds = choose(graph, task).nodes.tolist()
    return Run(time.perf_counter() - wall, time.process_time() - worked, seeds)


def told(name: str, by: str, graph: Graph, runs: list[Run]) -> Result:
    """The least time, the mean spread and how surely it is known."""
    found = [judged(graph, one.seeds, STEPS // len(runs)) for one in runs]
    spreads = np.array([spread for spread, _ in found])
    error = float(spreads.std(ddof=1) / np.sqrt(len(runs))) if len(runs) > 1 else found[0][1]
    seconds, processor = min(one.seconds for one in runs), min(one.processor for one in runs)
    return Result(name, by, len(runs), seconds, processor, float(spreads.mean()), error)


def judged(graph: Graph, seeds: list[int], steps: int = STEPS) -> tuple[float, float]:
    """(spread, its standard error) by cascades run forward, the same for all; no reverse-reachable set in sight."""
    degree = np.diff(graph.offsets)
    target = np.repeat(np.arange(graph.n, dtype=np.int32), degree)
    order = np.argsort(graph.sources, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(graph.sources, minlength=graph.n))])
    chance = 1.0 / np.maximum(degree, 1)
    found = (starts, target[order], chance, np.asarray(seeds, np.int32), steps, graph.model == "lt")
    spread, error = simulated(*found)
    return float(spread), float(error)


@nb.njit(cache=True)
def simulated(starts, targets, chance, seeds, steps, walks):  # type: ignore[no-untyped-def]
    """(mean, standard error) of the spread over as many cascades as ``steps`` moved people allow, a hundred at least.

    Under LT a tie fires where the influenced has their threshold met: with even chances, once the active share of
    their influencers reaches a number drawn afresh, kept in ``left`` for as long as the cascade runs.
    """
    np.random.seed(7)
    marks, heard = np.zeros(len(starts), np.int32), np.zeros(len(starts), np.int32)
    left = np.zeros(len(starts))
    queue = np.empty(len(starts), np.int32)
    total, squares, runs = 0.0, 0.0, 0
    while runs < 100 or total < steps:
        runs += 1
        end, at = len(seeds), 0
        queue[:end] = seeds
        marks[seeds] = runs
        while at < end:
            for w in targets[starts[queue[at]] : starts[queue[at] + 1]]:
                fresh = not walks or heard[w] != runs
                left[w] = (np.random.random() if fresh else left[w]) - chance[w]
                heard[w] = runs
                if marks[w] != runs and left[w] < 0.0:
                    marks[w] = runs
                    queue[end] = w
                    end += 1
            at += 1
        total += end
        squares += end * end
    mean = total / runs
    return mean, np.sqrt(max(squares / runs - mean * mean, 0.0) / runs)


def drawn(results: list[Result]) -> Table:
    """The table people read."""
    table = Table("graph", "by", title=f"k = {K}, weighted cascade, epsilon 0.1, ours on two threads")
    for head in ("runs", "seconds", "processor s", "times ours", "spread", "± standard error", "of ours"):
        table.add_column(head, justify="right")
    ours = {one.graph: one for one in results if one.by == "guanxi"}
    for one in results:
        mine = ours[one.graph]
        if one.seconds is None or mine.seconds is None:
            table.add_row(one.graph, one.by, "", one.note)
            continue
        table.add_row(
            *(one.graph, one.by, str(one.runs), f"{one.seconds:.3f}", f"{one.processor:.3f}"),
            *(f"{one.seconds / mine.seconds:,.1f}", f"{one.spread:,.1f}", f"{one.error:,.1f}"),
            f"{one.spread / mine.spread:.2%}",
        )
    return table


def counted(one: Result) -> Iterator[tuple[str, int]]:
    """Milliseconds and spread, by graph and library; nothing where there is nothing to say."""
    if one.seconds is not None:
        yield f"{one.graph}, {one.by}: ms", round(one.seconds * 1000)
        yield f"{one.graph}, {one.by}: spread", round(one.spread)
        yield f"{one.graph}, {one.by}: standard error in thousandths", round(one.error * 1000)
