"""How much evidence of a day counts on a later one: half of it after each half-life, in whole thousandths.

Counts are kept by day and never change; decay is applied when they are read, so that sums are exact whatever
the order.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pyarrow as pa

WHOLE = 1000


def day_weights(days: Sequence[date], today: date, half_life_days: float | None = None) -> pa.Table:
    """For each day, how many thousandths of its evidence count ``today``; all of it where nothing decays.

    >>> day_weights([date(2026, 1, 1), date(2026, 1, 31)], date(2026, 1, 31), 30)["thousandths"].to_pylist()
    [500, 1000]
    """
    age = np.asarray([max(0, (today - day).days) for day in days], np.float64)
    weight = np.full(len(age), 1.0) if half_life_days is None else 0.5 ** (age / half_life_days)
    thousandths = np.maximum(1, np.rint(weight * WHOLE)).astype(np.int64)
    return pa.table({"day": pa.array(list(days), pa.date32()), "thousandths": thousandths})
