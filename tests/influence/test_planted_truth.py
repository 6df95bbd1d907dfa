"""What the map promises of a world of 10⁵ fans whose true ties are known: order, intervals, and whom to begin with.

``pytest --log-cli-level=INFO`` on this file tells the figures that docs/figures/planted-truth.md keeps.
"""

from __future__ import annotations

import logging

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from scipy.stats import spearmanr
from worlds import END, Block, block_of, told

from guanxi.influence.choosing.choice import Candidates, Wanted
from guanxi.influence.choosing.making import Question, choose_best
from guanxi.influence.choosing.unseen import unseen_beside
from guanxi.influence.refresh import refresh_ties
from guanxi.influence.screening.refresh import refresh_screening
from guanxi.influence.seeds import SeedSet, choose_seeds, kept_for
from guanxi.influence.whatif import Kept, reach
from guanxi.lake.engine import Engine
from guanxi.lake.named import sql
from guanxi.vocabulary.progress import SILENT
from guanxi.world.brand import BLOCK, World

WORLD = World(100_000, 7, END)
K = 50
NOBODY = np.empty(0, np.int64)
TELL = logging.getLogger(__name__).info


def _raised(block: Block, number: int, before: int) -> pa.Table:
    """The rows of a block under ids that no other block has."""
    rows = block.rows
    for name, by in (("id", before), ("fan", number * BLOCK), ("through", number * BLOCK)):
        place = rows.column_names.index(name)
        rows = rows.set_column(place, rows.schema.field(name), pc.add(rows[name], by))
    return rows


def _heard() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The whole world is told; who truly moves whom, by pair."""
    truth, before = [], 0
    for number in range(WORLD.blocks):
        block = block_of(WORLD, number)
        told(_raised(block, number, before))
        before += block.rows.num_rows
        bonds, by = block.bonds, number * BLOCK
        truth.append((bonds.influencer + by, bonds.influenced + by, bonds.probability))
    u, v, p = (np.concatenate(column) for column in zip(*truth, strict=True))
    return u, v, p


def _spread(judges: Kept, found: SeedSet) -> float:
    return reach(judges, [int(str(seed)) for seed in found.seeds]).spread


def _learned(engine: Engine) -> tuple[list[np.ndarray], tuple[np.ndarray, ...]]:
    """Ties with their intervals; by influencer how often they moved anybody, and on how many occasions."""
    refresh_ties(engine, END, SILENT)
    refresh_screening(engine, END)
    rows = engine.ask(sql("guanxi.influence", "tie_posteriors"))
    moved = engine.ask(sql("guanxi.influence", "moved_in_all"))
    ties = [rows[c].to_numpy() for c in ("influencer", "influenced", "probability", "low", "high")]
    return ties, tuple(moved[c].to_numpy() for c in ("influencer", "successes", "opportunities"))


def test_order_intervals_and_ambassadors_are_near_the_truth_in_a_world_of_a_hundred_thousand(
    engine: Engine,
) -> None:
    u, v, p = _heard()
    ties, counts = _learned(engine)
    place = np.searchsorted(u * WORLD.fans + v, ties[0] * WORLD.fans + ties[1])
    assert (u[place] == ties[0]).all()
    assert (v[place] == ties[1]).all()
    often = counts[2][np.searchsorted(counts[0], ties[0])] >= 5
    order = float(spearmanr(ties[2][often], p[place][often]).statistic)
    held = float(np.mean((ties[3] <= p[place]) & (p[place] <= ties[4])))
    TELL("%s ties, %s with 5 or more opportunities", len(ties[0]), int(often.sum()))
    TELL("rank correlation %.3f; 90 %% intervals hold %.1f %%", order, 100 * held)
    assert order >= 0.8
    assert 0.88 <= held <= 0.92

    unseen = unseen_beside(ties[0], ties[2], counts)  # type: ignore[arg-type]
    expected = float(ties[2].sum() + unseen.moved(ties[0], ties[2]).sum())
    truly = float(np.bincount(u, p, minlength=WORLD.fans)[np.unique(ties[0])].sum())
    TELL("one occasion of each moves %.0f; expected %.0f; ties alone %.0f", truly, expected, ties[2].sum())
    assert expected == pytest.approx(truly, rel=0.05)

    known = Candidates(
        ties[0], ties[1], ties[2], ties[3], ties[4], NOBODY, {}, NOBODY, None, {}, {}, {}, unseen
    )
    judges, silent = kept_for((u, v, p), seed=5, sets=300_000), np.setdiff1d(u, ties[0]).tolist()
    ours = _spread(judges, choose_best(Question(known, Wanted("everybody", k=K))))
    best = _spread(judges, choose_seeds((u, v, p), K, epsilon=0.05, seed=1, exclude=silent))
    TELL("%s ambassadors move %.0f; the best of those seen %.0f: %.3f", K, ours, best, ours / best)
    wise = choose_seeds((u, v, p), K, epsilon=0.05, seed=1)
    unheard, knowing = len(set(wise.seeds) & set(silent)), _spread(judges, wise)
    TELL("the best of all, %s of them never seen, %.0f: %.3f", unheard, knowing, ours / knowing)
    assert ours >= 0.95 * best
