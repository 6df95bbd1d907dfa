"""Small graphs with a known truth."""

from __future__ import annotations

import itertools

import numpy as np

Arcs = tuple[np.ndarray, np.ndarray, np.ndarray]


def random_arcs(rng: np.random.Generator, n: int, m: int) -> Arcs:
    """m distinct arcs on n nodes with chances from 0.1 to 0.9."""
    pairs = np.array([(u, v) for u in range(n) for v in range(n) if u != v])
    kept = pairs[rng.choice(len(pairs), m, replace=False)]
    return kept[:, 0], kept[:, 1], rng.uniform(0.1, 0.9, m)


def worlds_of(arcs: Arcs, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Every live-arc world: its probability, and which node reaches which in it."""
    u, v, p = arcs
    odds, reaches = [], []
    for live in itertools.product((False, True), repeat=len(u)):
        kept = np.array(live)
        odds.append(np.prod(np.where(kept, p, 1 - p)))
        reach = np.eye(n, dtype=bool)
        reach[u[kept], v[kept]] = True
        for w in range(n):
            reach |= np.outer(reach[:, w], reach[w])
        reaches.append(reach)
    return np.array(odds), np.array(reaches)


def walks_of(arcs: Arcs, n: int) -> tuple[np.ndarray, np.ndarray]:
    """The same under LT: each node keeps one arc into it at most; chances above 1 in sum are scaled to 1."""
    u, v, p = arcs
    into = [np.flatnonzero(v == w) for w in range(n)]
    share = p / np.maximum(np.bincount(v, p, minlength=n), 1)[v]
    odds, reaches = [], []
    for kept in itertools.product(*[(-1, *arcs_in) for arcs_in in into]):
        none = [1 - share[into[w]].sum() for w, e in enumerate(kept) if e < 0]
        live = np.array([e for e in kept if e >= 0], int)
        odds.append(np.prod(share[live]) * np.prod(none))
        reach = np.eye(n, dtype=bool)
        reach[u[live], v[live]] = True
        for w in range(n):
            reach |= np.outer(reach[:, w], reach[w])
        reaches.append(reach)
    return np.array(odds), np.array(reaches)


def spread_of(
    seeds: list[int], worlds: tuple[np.ndarray, np.ndarray], weight: np.ndarray | None = None
) -> float:
    """The exact expected spread of these seeds."""
    odds, reaches = worlds
    reached = reaches[:, seeds, :].any(axis=1)
    return float(odds @ (reached.sum(axis=1) if weight is None else reached @ weight))


def simulated(arcs: Arcs, n: int, seeds: list[int], runs: int, rng: np.random.Generator, model: str) -> float:
    """The spread by running cascades forward, with no reverse-reachable set in sight."""
    u, v, p = arcs
    total = 0
    for _ in range(runs):
        live = rng.random(len(u)) < p if model == "ic" else _one_each(v, p, n, rng)
        moved = np.zeros(n, bool)
        moved[seeds] = True
        while True:
            now = moved.copy()
            now[v[live & moved[u]]] = True
            if (now == moved).all():
                break
            moved = now
        total += int(moved.sum())
    return total / runs


def _one_each(v: np.ndarray, p: np.ndarray, n: int, rng: np.random.Generator) -> np.ndarray:
    """For each node at most one live arc, arc e with chance p[e]."""
    live = np.zeros(len(v), bool)
    draw = rng.random(n)
    running = np.zeros(n)
    for e in range(len(v)):
        w = v[e]
        live[e] = running[w] < draw[w] <= running[w] + p[e]
        running[w] += p[e]
    return live
