"""How deep a page was read, where it was told: the seconds it stayed open, the part that was scrolled through."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from guanxi.social.tables import READING
from guanxi.vocabulary.activity import Kind
from guanxi.vocabulary.facts import read_traits

SECONDS_MAX = 86_400


def reading_rows(engagements: pa.Table, traits: pa.Array) -> pa.Table:
    """The depths told of the numbered engagements; a view that tells none has no row, so it stays unknown.

    Args:
        engagements: rows of the lake's engagements, with ids.
        traits: of each, as it was heard.
    """
    telling = pc.and_(pc.equal(engagements["kind"], Kind.VIEWED.value), pc.is_valid(traits))
    places = np.flatnonzero(telling.to_numpy(zero_copy_only=False))
    ids = engagements["id"].take(pa.array(places)).to_pylist()
    told = [
        (one, *depth_told(text))
        for one, text in zip(ids, traits.take(pa.array(places)).to_pylist(), strict=True)
    ]
    rows = [dict(zip(READING.schema.names, row, strict=True)) for row in told if row[1:] != (None, None)]
    return pa.Table.from_pylist(rows, READING.schema)


def depth_told(written: str | None) -> tuple[int | None, int | None]:
    """Seconds and per cent in a view's traits; what is absurd is as good as untold.

    >>> depth_told('{"dwell_seconds": 42}'), depth_told('{"read_percent": 180}')
    ((42, None), (None, None))
    """
    traits = read_traits(written)
    return _within(traits.get("dwell_seconds"), SECONDS_MAX), _within(traits.get("read_percent"), 100)


def _within(value: object, most: int) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        return None
    return int(value)
