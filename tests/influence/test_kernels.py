"""Sets are drawn with the chances that ties have, however a node's ties are kept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from graphs import random_arcs

from guanxi.influence.kernels.covering import greedy_cover, renumbered
from guanxi.influence.kernels.drawing import Drawing
from guanxi.influence.kernels.graph import Graph, build_graph
from guanxi.vocabulary.reasons import Refused

DRAWS = 60_000


def _drawn(graph: Graph, weights: np.ndarray, sets: int = DRAWS) -> Drawing:
    with ThreadPoolExecutor(1) as crew:
        everybody, nobody = np.ones(graph.n, bool), np.zeros(graph.n, bool)
        drawing = Drawing(graph, weights, everybody, nobody, 5, crew, 1)
        drawing.extend(sets)
    return drawing


def _into_one(chances: np.ndarray, model: str) -> np.ndarray:
    """How often each of the influencers of node 0 was in a set of node 0."""
    d = len(chances)
    graph = build_graph(np.arange(1, d + 1), np.zeros(d, int), chances, model)  # type: ignore[arg-type]
    weights = np.zeros(d + 1)
    weights[0] = 1.0
    return np.bincount(_drawn(graph, weights).members, minlength=d + 1)[1:] / DRAWS


@pytest.mark.parametrize("ties", [1, 3, 12, 32, 33, 200])
@pytest.mark.parametrize("kind", ["alike", "unlike", "certain"])
def test_each_tie_fires_as_often_as_its_chance_says(ties: int, kind: str) -> None:
    rng = np.random.default_rng(ties)
    chances = {
        "alike": np.full(ties, 0.3),
        "unlike": rng.uniform(0, 0.6, ties) ** 2,
        "certain": np.where(np.arange(ties) % 3, 0.02, 1.0),
    }[kind]
    error = 5 * np.sqrt(chances * (1 - chances) / DRAWS) + 1e-9
    assert (np.abs(_into_one(chances, "ic") - chances) <= error).all()


@pytest.mark.parametrize("kind", ["alike", "unlike", "too much"])
def test_a_walk_takes_each_tie_as_often_as_its_chance_says(kind: str) -> None:
    chances = {
        "alike": np.full(5, 0.15),
        "unlike": np.array([0.4, 0.3, 0.1, 0.05]),
        "too much": np.array([0.9, 0.6, 0.5]),
    }[kind]
    expected = chances / max(chances.sum(), 1.0)
    error = 5 * np.sqrt(expected * (1 - expected) / DRAWS)
    assert (np.abs(_into_one(chances, "lt") - expected) <= error).all()


def test_two_ties_into_one_node_fire_without_regard_to_each_other() -> None:
    graph = build_graph(np.array([1, 2, 3]), np.zeros(3, int), np.array([0.5, 0.4, 0.2]), "ic")
    drawing = _drawn(graph, np.array([1.0, 0, 0, 0]))
    sizes = np.diff(np.concatenate([[0], drawing.ends])) - 1
    none = 0.5 * 0.6 * 0.8
    assert np.mean(sizes == 0) == pytest.approx(none, abs=0.01)
    assert np.mean(sizes == 3) == pytest.approx(0.5 * 0.4 * 0.2, abs=0.005)


def test_roots_are_drawn_by_their_weight() -> None:
    graph = build_graph(np.arange(4), np.array([4, 4, 4, 4]), np.full(4, 1e-9), "ic")
    for weights in ([1.0, 0, 3.0, 0, 4.0], [0, 2.0, 0, 2.0, 2.0]):
        drawn = np.bincount(_drawn(graph, np.array(weights)).members, minlength=5) / DRAWS
        assert drawn == pytest.approx(np.array(weights) / sum(weights), abs=0.01)


@pytest.mark.parametrize("weights", [[], [1.0] * 10, [0, 2.0, 0, 2.0, 2.0, 2.0, 0, 0, 0, 0]])
def test_roots_and_what_is_drawn_first_at_each_are_spread_evenly(weights: list[float]) -> None:
    graph = build_graph(np.zeros(9, int), np.arange(1, 10), np.full(9, 0.25), "ic")
    sets = 700
    drawing = _drawn(graph, np.array(weights), sets)
    starts = np.concatenate([[0], drawing.ends[:-1]])
    roots = np.bincount(drawing.members[starts], minlength=10)
    counting = np.array(weights or [1.0] * 10) > 0
    assert np.ptp(roots[counting]) <= 2
    moved = np.bincount(
        drawing.members[starts[np.diff(np.append(starts, len(drawing.members))) == 2]], minlength=10
    )
    assert (np.abs(moved[1:] - 0.25 * roots[1:]) <= 2).all()
    two = _drawn(graph, np.array(weights), sets)
    assert (two.members == drawing.members).all()


@pytest.mark.parametrize("threads", [2, 5])
@pytest.mark.parametrize("bound", [False, True])
def test_what_is_drawn_and_met_does_not_depend_on_threads(threads: int, bound: bool) -> None:
    arcs = random_arcs(np.random.default_rng(4), 60, 300)
    graph = build_graph(*arcs, "ic")
    nobody = np.zeros(60, bool)
    told = []
    for crowd in (1, threads):
        with ThreadPoolExecutor(crowd) as crew:
            active = nobody.copy()
            active[7] = bound
            drawing = Drawing(graph, np.empty(0), ~active, active, 5, crew, crowd)
            judging = drawing.apart()
            for one, sets in ((drawing, 3000), (judging, 40_000), (drawing, 150_000)):
                one.extend(sets)
        told.append((drawing, judging))
    for one, other in zip(*told, strict=True):
        assert (one.members == other.members).all()
        assert (one.ends == other.ends).all()
        sets = [set(members.tolist()) for members in np.split(one.members, one.ends[:-1])]
        assert one.met(np.array([3, 9], np.int32)) == sum(not found.isdisjoint((3, 9)) for found in sets)
    assert told[0][0].members[:500].tolist() != told[0][1].members[:500].tolist()


def test_greedy_chooses_the_same_however_wrong_the_hope_of_its_gains() -> None:
    rng = np.random.default_rng(6)
    for _ in range(20):
        sets = [np.unique(rng.integers(0, 30, size)) for size in rng.integers(0, 6, 60)]
        members, ends = np.concatenate(sets).astype(np.int32), np.cumsum([len(one) for one in sets])
        left, met = [set(one.tolist()) for one in sets], []
        nodes, gains, most = greedy_cover(members, ends, 30, 6, 1)
        for v, gain in zip(nodes.tolist(), gains.tolist(), strict=True):
            best = max(sum(w in one for one in left) for w in range(30))
            met.append(sum(v in one for one in left))
            assert met[-1] == gain == best
            left = [one for one in left if v not in one]
        for floor in (2, 5, 9, 10**6):
            others, gained, bound = greedy_cover(members, ends, 30, 6, floor)
            assert (others.tolist(), gained.tolist()) == (nodes.tolist(), gains.tolist())
            assert sum(met) <= most <= bound


def test_whoever_is_in_some_set_is_numbered_in_order_of_coming() -> None:
    there, places = renumbered(np.array([7, 3, 7, 9], np.int32), 10)
    assert (there.tolist(), places.tolist()) == ([7, 3, 9], [0, 1, 0, 2])


@pytest.mark.parametrize("dtype", [np.int32, np.int64, np.uint8])
def test_a_graph_holds_each_tie_once_in_any_order_of_rows(dtype: type) -> None:
    u, v, p = random_arcs(np.random.default_rng(2), 40, 700)
    u, v, p = np.append(u, [u[0], 9]), np.append(v, [v[0], 9]), np.append(p, [0.01, 1.0])
    order = np.random.default_rng(3).permutation(len(u))
    one = build_graph(u.astype(dtype), v.astype(dtype), p, "ic")
    two = build_graph(u[order].astype(dtype), v[order].astype(dtype), p[order], "ic")
    assert one.m == 700
    for name in ("offsets", "sources", "quiet", "scale", "strengths"):
        assert (getattr(one, name) == getattr(two, name)).all()
    plain = build_graph(u.astype(dtype), v.astype(dtype), None, "ic")
    assert (np.diff(plain.offsets) == np.bincount(v[:700], minlength=40)).all()
    rows = np.split(plain.sources, plain.offsets[1:-1])
    assert all((np.diff(row) > 0).all() for row in rows)


def test_a_graph_without_ties_is_one_where_nobody_moves_anybody() -> None:
    graph = build_graph(np.array([1, 2]), np.array([1, 3]), np.array([0.5, 0.0]), "ic")
    assert (graph.n, graph.m) == (3, 0)
    assert len(_drawn(graph, np.empty(0), 100).members) == 100
    with pytest.raises(Refused, match="graph_empty"):
        build_graph(np.empty(0, int), np.empty(0, int), None, "ic")
