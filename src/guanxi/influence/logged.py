"""Ties learned from an action log: how often each pair was seen, how likely it is seen again; needs no installation.

A log says who moved whom, and never who was not moved, so chances are *credited*: of being seen in as many rows
again as the log has. Their level is what the log's first half says of its second.

Example:
    >>> log = ([1, 1, 1, 2, 1, 2], [7, 8, 7, 9, 8, 7], [1, 2, 3, 4, 5, 6])
    >>> learn_ties(log).table.select(["influencer", "influenced", "seen"]).to_pylist()[0]
    {'influencer': 1, 'influenced': 7, 'seen': 2}
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from guanxi.influence.edges import Log, as_log
from guanxi.influence.hindsight.fading import FadingFound, HalfLife, Known, Told, fading_of, fading_said
from guanxi.influence.kernels.graph import dense_ids
from guanxi.influence.terms import free
from guanxi.influence.ties import Brought

TOLD_BY = 50


@dataclass(frozen=True)
class Logged:
    """What a log says of its pairs.

    Attributes:
        table: by pair: ``influencer``, ``influenced``, ``seen`` (how often), ``probability``, and ``low`` and ``high``,
            the ends of its 90 % interval.
        fading: how sights of a pair counted.
    """

    table: pa.Table
    fading: FadingFound


def learn_ties(log: Log | Brought, half_life: HalfLife = None) -> Logged:
    """The ties of a log, as ``as_log`` takes it.

    ``half_life`` is that of a sight of a pair, in the log's own time: None where sights do not fade, as told best which
    pairs come again (docs/decisions/0021); ``TOLD`` where choices of 50 within the log are to tell.
    """
    log = as_log(log)
    ids, influencer, influenced = dense_ids(log.influencer, log.influenced)
    part = Told(len(ids), influencer, influenced, log.time)
    known, fading = Known(part), _fading(part, half_life)
    pairs = known.faded(fading.half_life)
    low, high = pairs.interval(fading.level)
    columns = {
        "influencer": log.ids.decoded(ids[pairs.influencer]),
        "influenced": log.ids.decoded(ids[pairs.influenced]),
        "seen": known.faded(None).seen.astype(np.int64),
        "probability": pairs.chances(fading.level),
        "low": low,
        "high": high,
    }
    return Logged(pa.table(columns), fading)


def _fading(part: Told, half_life: HalfLife) -> FadingFound:
    if isinstance(half_life, str):
        return fading_of(part, free(part.n), TOLD_BY)
    return fading_said(part, half_life)
