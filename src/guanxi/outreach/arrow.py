"""Carries a crowd from Arrow columns into the leash's arrays, and its verdicts back. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from guanxi.outreach.crowd import DECISIONS, NEVER, NOBODY_KNOWS, Crowd, Moments, Verdicts, words
from guanxi.outreach.tables import CAMPAIGN_PERSON

_MOMENT = pa.timestamp("us", tz="UTC")
_DAY = 86_400_000_000


def crowd_of(standings: pa.Table, held_out: NDArray[np.int64]) -> Crowd:
    """The crowd that `sql/standing.sql` describes; ``held_out`` names the persons in the holdout."""
    zones = pc.dictionary_encode(standings["zone"].combine_chunks())
    bands = pc.dictionary_encode(standings["band"].combine_chunks())
    first_heard = _moments(standings["first_day"].cast(pa.date32()).cast(pa.int32()).cast(pa.int64()), _DAY)
    spoken = _moments(standings["last_at"])
    return Crowd(
        zones=tuple(zones.dictionary.to_pylist()),
        zone=zones.indices.to_numpy(zero_copy_only=False),
        has_address=_flags(standings, "has_address"),
        withdrew=_flags(standings, "withdrew"),
        granted=_flags(standings, "granted"),
        follows=_column(standings, "follows").astype(np.int8),
        is_customer=_flags(standings, "is_customer"),
        is_suppressed=_flags(standings, "is_suppressed"),
        is_held_out=np.isin(_column(standings, "person"), held_out),
        platform_sends=_column(standings, "platform_sends").astype(np.int64),
        platform_blocking=_moments(standings["platform_blocking"]),
        brand_sends=_column(standings, "brand_sends").astype(np.int64),
        brand_blocking=_moments(standings["brand_blocking"]),
        bands=tuple(bands.dictionary.to_pylist()),
        band=bands.indices.to_numpy(zero_copy_only=False),
        band_sends=_column(standings, "band_sends").astype(np.int64),
        band_blocking=_moments(standings["band_blocking"]),
        heard_at=_moments(standings["heard_at"]),
        sends_since_heard=_column(standings, "sends_since_heard").astype(np.int64),
        silent_since=np.where(spoken == NEVER, first_heard, spoken),
    )


def decisions_table(
    campaign: int, standings: pa.Table, crowd: Crowd, verdicts: Verdicts, planned_at: datetime
) -> pa.Table:
    """The verdicts as rows of `tables.CAMPAIGN_PERSON`."""
    size = len(verdicts.decision)
    masks, places = np.unique(verdicts.reasons, return_inverse=True)
    texts = pa.array([words(mask) for mask in masks.tolist()], pa.string())
    until = pa.array(verdicts.until, mask=verdicts.until == NOBODY_KNOWS).cast(_MOMENT)
    columns = {
        "campaign": pa.repeat(pa.scalar(campaign, pa.int64()), size),
        "person": standings["person"],
        "identity": standings["identity"],
        "verdict": pa.array([d.value for d in DECISIONS]).take(pa.array(verdicts.decision)),
        "reasons": texts.take(pa.array(places)),
        "until": until,
        "holdout": pa.array(crowd.is_held_out),
        "zone": standings["zone"],
        "planned_at": pa.repeat(pa.scalar(planned_at, _MOMENT), size),
    }
    return pa.table(columns).cast(CAMPAIGN_PERSON.schema)


def _column(standings: pa.Table, name: str) -> NDArray[Any]:
    values: NDArray[Any] = standings[name].to_numpy()
    return values


def _flags(standings: pa.Table, name: str) -> NDArray[np.bool_]:
    return _column(standings, name).astype(np.bool_)


def _moments(column: pa.ChunkedArray, scale: int = 1) -> Moments:
    plain = column.cast(_MOMENT).cast(pa.int64()) if pa.types.is_timestamp(column.type) else column
    known = pc.is_valid(plain).to_numpy().astype(np.bool_)
    values = pc.fill_null(plain, 0).to_numpy() * scale
    return np.where(known, values, NEVER).astype(np.int64)
