"""How much evidence of a day counts on a later one: half of it after each half-life, in whole thousandths.

Counts are kept by day and never change; what they count is asked when they are read, so that sums are exact whatever
the order. Evidence fades in steps of an eighth of its half-life: between two steps no tie changes of which nothing
new was told, so that a day of news needs to look at no others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from guanxi.vocabulary.reasons import Refused

WHOLE = 1000
HALF_LIFE_MAX = 3650
_STEPS = 8


@dataclass(frozen=True)
class FadingStep:
    """How evidence counts on some day.

    Attributes:
        half_life_days: None where it counts whatever its age.
        since: the day of the last step: the age of evidence is asked up to here. None where nothing fades.
    """

    half_life_days: int | None
    since: date | None


def fading_on(today: date, half_life_days: int | None) -> FadingStep:
    """How evidence counts on a day, by its half-life.

    >>> fading_on(date(2026, 2, 3), 80) == fading_on(date(2026, 2, 11), 80)
    True
    """
    if half_life_days is None:
        return FadingStep(None, None)
    if not 1 <= half_life_days <= HALF_LIFE_MAX:
        raise Refused("half_life_out_of_range", str(half_life_days))
    step = max(1, half_life_days // _STEPS)
    return FadingStep(half_life_days, date.fromordinal(today.toordinal() // step * step))


def day_weights(days: Sequence[date], step: FadingStep) -> pa.Table:
    """For each day, how many thousandths of its evidence count; all of it where nothing fades.

    >>> day_weights([date(2026, 1, 1), date(2026, 1, 31)], FadingStep(30, date(2026, 1, 31)))["thousandths"].to_pylist()
    [500, 1000]
    """
    weight = np.ones(len(days))
    if step.half_life_days is not None and step.since is not None:
        age = np.asarray([max(0, (step.since - day).days) for day in days], np.float64)
        weight = 0.5 ** (age / step.half_life_days)
    thousandths = np.maximum(1, np.rint(weight * WHOLE)).astype(np.int64)
    return pa.table({"day": pa.array(list(days), pa.date32()), "thousandths": thousandths})
