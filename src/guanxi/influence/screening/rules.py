"""Which accounts look like a share farm: rules over counted evidence. Pure; whoever is judged keeps their evidence.

Two signs of three must be strong: friends open each other's shares too, but not within the minute; a circle that only
reads what friends send does nothing else, but does not send everything back.
"""

from __future__ import annotations

from enum import StrEnum
from functools import reduce

import numpy as np
import pyarrow as pa

from guanxi.influence.kernels.graph import Bools, Ints

PEOPLE_MIN = 8
SOON_SECONDS = 60
STRONG_PERCENT = 80
SIGNS_MIN = 2
USUAL_PERCENT_MAX = 50
TAGS = ("screened", "风控")


class Sign(StrEnum):
    """What speaks for a share farm, or that somebody said so."""

    MUTUAL = "mutual"
    SOON = "soon"
    IDLE = "idle"
    TAGGED = "tagged"


def screened(evidence: pa.Table) -> pa.Table:
    """The suspects among the fans of ``evidence`` (rows of ``screening_evidence.sql``), with their signs joined by |.

    Moments speak only where enough openings came after a known moment of sharing; that people do nothing else speaks
    only where most others do.
    """
    people, timed = _ints(evidence, "people"), _ints(evidence, "timed")
    everybody, usual = _ints(evidence, "moved_in_all"), _ints(evidence, "idle_in_all")
    rare = usual * 100 < everybody * USUAL_PERCENT_MAX
    found = (
        (Sign.MUTUAL, _strong(_ints(evidence, "mutual"), people)),
        (Sign.SOON, _strong(_ints(evidence, "soon"), timed) & (timed >= PEOPLE_MIN)),
        (Sign.IDLE, _strong(_ints(evidence, "idle"), people) & rare),
    )
    suspect = sum(strong.astype(np.int64) for _, strong in found) >= SIGNS_MIN
    words = [np.where(strong, f"{sign}|", "") for sign, strong in found]
    signs = [text.rstrip("|") for text in reduce(np.char.add, words)[suspect].tolist()]
    kept = evidence.filter(pa.array(suspect))
    return kept.drop_columns(["moved_in_all", "idle_in_all"]).append_column(
        "signs", pa.array(signs, pa.string())
    )


def _strong(some: Ints, of: Ints) -> Bools:
    strong: Bools = (some * 100 >= of * STRONG_PERCENT) & (of > 0)
    return strong


def _ints(rows: pa.Table, name: str) -> Ints:
    return np.asarray(rows[name].to_numpy(), np.int64)
