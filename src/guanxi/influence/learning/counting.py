"""Counts of ties from their evidence, as it counts on a day: of all of it, of part of its days, or of who has news.

Days whose weight is not offered count nothing, so that the evidence up to a day is asked as all of it is.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from guanxi.influence.kernels.graph import Ints
from guanxi.influence.learning.decay import WHOLE, FadingStep, day_weights
from guanxi.influence.learning.occasions import Kept
from guanxi.influence.learning.rates import Ledger, ledger_of
from guanxi.lake.engine import Engine
from guanxi.lake.named import sql

_ROOM = "guanxi.influence"


def all_counts(engine: Engine, days: pa.ChunkedArray, step: FadingStep) -> pa.Table:
    """The counts of every tie, by the evidence of these days alone."""
    engine.offer("day_weight", day_weights(days.to_pylist(), step))
    return engine.ask(sql(_ROOM, "tie_counts"))


def counts_with(engine: Engine, news: Kept, days: pa.ChunkedArray, step: FadingStep) -> pa.Table:
    """The counts of the ties of influencers of whom anything new was told, as ``tie_counts`` has them.

    Where evidence fades all their ties are counted anew: what old counts are worth is not kept.
    """
    engine.offer("day_weight", day_weights(days.to_pylist(), step))
    engine.offer("affected", pa.table({"influencer": news.influencers}))
    engine.offer("touched_pair", news.pairs)
    if step.half_life_days is not None:
        engine.offer("touched_pair", engine.ask(sql(_ROOM, "tie_touched")))
    return engine.ask(sql(_ROOM, "tie_counts_day"))


def ledger_from(counts: pa.Table) -> Ledger:
    """The counts as what is learned from: what moved counts as an opportunity while it counts."""
    s, t = (_ints(counts, f"{name}_decayed") / WHOLE for name in ("successes", "opportunities"))
    ever = _ints(counts, "successes"), _ints(counts, "opportunities")
    return ledger_of(_ints(counts, "influencer"), s, np.where(t > 0, np.maximum(s, t), t), ever)


def _ints(rows: pa.Table, name: str) -> Ints:
    return np.asarray(rows[name].to_numpy(), np.int64)
