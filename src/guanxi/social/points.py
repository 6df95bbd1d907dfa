"""What each kind of activity is worth, in tenths of a point; the one table of weights behind both scores.

Daily activity is clicking, reading, talking: a read weighs by how deep it went. Campaign activity is passing on,
and what came of it: each distinct person moved counts once a month and kind, each person moved by those again
once more, as a second hop. A topic can weigh more or less. Neither score is recency and count alone, and the two
are never added. Refuses nothing: what has no weight is worth nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyarrow as pa

from guanxi.vocabulary.activity import CAMPAIGN, DAILY, MOVING, Kind

UNKNOWN, GLANCE, READ, DEEP = "", "glance", "read", "deep"
DEPTHS = (UNKNOWN, GLANCE, READ, DEEP)
READ_SECONDS, DEEP_SECONDS = 15, 60
READ_PERCENT, DEEP_PERCENT = 50, 90
WHOLE_PERCENT, PERCENT_MAX = 100, 400

READ_TENTHS: dict[str, int] = {UNKNOWN: 10, GLANCE: 5, READ: 20, DEEP: 40}
DAILY_TENTHS: dict[Kind, int] = {
    Kind.CLICKED: 20,
    Kind.LIKED: 30,
    Kind.MENTIONED: 80,
    Kind.COMMENTED: 100,
    Kind.REPLIED: 100,
    Kind.MESSAGED: 100,
}
CAMPAIGN_TENTHS: dict[Kind, int] = {
    Kind.OPENED: 50,
    Kind.ANSWERED: 100,
    Kind.JOINED: 150,
    Kind.SHARED: 200,
    Kind.RESHARED: 200,
    Kind.ATTENDED: 400,
}
MOVED_TENTHS: dict[Kind, int] = {
    Kind.MENTIONED: 50,
    Kind.OPENED: 100,
    Kind.REPLIED: 100,
    Kind.RESHARED: 300,
}
SECOND_TENTHS: dict[Kind, int] = {
    Kind.MENTIONED: 20,
    Kind.OPENED: 40,
    Kind.REPLIED: 40,
    Kind.RESHARED: 100,
}
SCORED = tuple(sorted(DAILY | CAMPAIGN | MOVING))


@dataclass(frozen=True, slots=True)
class Weight:
    """One line of the table of weights, in tenths: for doing it, for each person moved, for each second hop."""

    kind: Kind
    depth: str
    daily: int
    campaign: int
    moved: int
    second: int


def weights() -> tuple[Weight, ...]:
    """The whole table, by kind and depth."""
    return tuple(
        Weight(
            kind,
            depth,
            READ_TENTHS[depth] if kind is Kind.VIEWED else DAILY_TENTHS.get(kind, 0),
            CAMPAIGN_TENTHS.get(kind, 0),
            MOVED_TENTHS.get(kind, 0),
            SECOND_TENTHS.get(kind, 0),
        )
        for kind in SCORED
        for depth in (DEPTHS if kind is Kind.VIEWED else (UNKNOWN,))
    )


def weighed(tenths: int, percent: int) -> int:
    """What a weight is worth for a topic of so many per cent, in whole tenths, half up.

    >>> weighed(5, 150), weighed(20, 50), weighed(20, 0)
    (8, 10, 0)
    """
    return (tenths * percent + 50) // 100


def point_table(percents: Iterable[int] = ()) -> pa.Table:
    """The table of weights for each per cent that a topic has, 100 always among them."""
    rows = [
        (w.kind.value, w.depth, p, *(weighed(t, p) for t in (w.daily, w.campaign, w.moved, w.second)))
        for w in weights()
        for p in sorted({WHOLE_PERCENT, *percents})
    ]
    names = ("kind", "depth", "percent", "daily", "campaign", "moved", "second")
    types = (pa.string(), pa.string(), *([pa.int64()] * 5))
    columns = zip(*rows, strict=True)
    return pa.table({n: pa.array(list(c), t) for n, c, t in zip(names, columns, types, strict=True)})


def topic_table(percents: Mapping[str, int]) -> pa.Table:
    """Topics that weigh other than 100 per cent."""
    return pa.table(
        {
            "topic": pa.array(list(percents), pa.string()),
            "percent": pa.array(list(percents.values()), pa.int64()),
        }
    )
