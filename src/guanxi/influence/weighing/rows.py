"""The rows of weights: each fan's expected people, what these do, and the band that follows. Pure."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from guanxi.influence.kernels.graph import Bools, Ints
from guanxi.influence.weighing.bands import ORDER, BandRule, banded
from guanxi.influence.weighing.network import network_value
from guanxi.influence.weighing.weights import outward, weighed

_COLUMNS = ("weight", "direct", "second", "engagements", "engagements_low", "engagements_high")
_COUNTS = ("direct", "second")
Values = npt.NDArray[Any]


def weight_rows(standing: pa.Table, ties: pa.Table) -> pa.Table:
    """Rows of `tables.WEIGHT` for everybody in ``standing`` (fan, platform, engagements, band before)."""
    fan = _ints(standing, "fan")
    found = _found(standing, ties) if ties.num_rows else {}
    columns = {name: _of(fan, found, name) for name in _COLUMNS}
    before = pc.fill_null(pc.index_in(standing["band"], value_set=pa.array([str(b) for b in ORDER])), -1)
    acted: Bools = _ints(standing, "engagements") > 0
    band = banded(columns["weight"], acted, np.asarray(before.to_numpy(), np.int64), BandRule())
    words = pa.array([str(b) for b in ORDER]).take(pa.array(band))
    return pa.table({"fan": fan, "platform": standing["platform"], **columns, "band": words})


def _found(standing: pa.Table, ties: pa.Table) -> dict[str, Values]:
    """What ties say of those they name, by column; ``fan`` ascending."""
    chance = np.asarray(ties["probability"].to_numpy())
    paths = outward(_ints(ties, "influencer"), _ints(ties, "influenced"), chance)
    weights = weighed(paths)
    low, high = (np.asarray(ties[end].to_numpy())[paths.order] for end in ("low", "high"))
    done = _ints(standing, "engagements").astype(np.float64)
    worth = network_value(paths, low, high, _ints(standing, "fan"), done)
    values = {"engagements": worth.expected, "engagements_low": worth.low, "engagements_high": worth.high}
    counts = {"weight": weights.weight, "direct": weights.direct, "second": weights.second}
    return {"fan": weights.fan, **counts, **values}


def _of(fan: Ints, found: dict[str, Values], name: str) -> Values:
    """A column for these fans; nothing where no tie names one."""
    kind = np.int64 if name in _COUNTS else np.float64
    if not found:
        return np.zeros(len(fan), kind)
    place = np.minimum(np.searchsorted(found["fan"], fan), len(found["fan"]) - 1)
    return np.where(found["fan"][place] == fan, found[name][place], 0).astype(kind)


def _ints(rows: pa.Table, name: str) -> Ints:
    return np.asarray(rows[name].to_numpy(), np.int64)
