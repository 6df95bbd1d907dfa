"""What each kind of activity is worth, in tenths of a point: the deeper, the more.

Daily activity is clicking, reading, talking; campaign activity is passing on, and what came of it: each
distinct person moved counts once a month and kind. The two scores are never added.
"""

from __future__ import annotations

import pyarrow as pa

from guanxi.vocabulary.activity import CAMPAIGN, DAILY, MOVING, Kind

DAILY_TENTHS: dict[Kind, int] = {
    Kind.VIEWED: 1,
    Kind.CLICKED: 2,
    Kind.LIKED: 3,
    Kind.MENTIONED: 8,
    Kind.COMMENTED: 10,
    Kind.REPLIED: 10,
    Kind.MESSAGED: 10,
}
CAMPAIGN_TENTHS: dict[Kind, int] = {
    Kind.OPENED: 5,
    Kind.ANSWERED: 10,
    Kind.JOINED: 15,
    Kind.SHARED: 20,
    Kind.RESHARED: 20,
    Kind.ATTENDED: 40,
}
MOVED_TENTHS: dict[Kind, int] = {
    Kind.MENTIONED: 5,
    Kind.OPENED: 10,
    Kind.REPLIED: 10,
    Kind.RESHARED: 30,
}
SCORED = tuple(sorted(DAILY | CAMPAIGN | MOVING))


def point_table() -> pa.Table:
    """The worth of every scored kind, as columns kind, daily, campaign, moved."""
    return pa.table(
        {
            "kind": pa.array([kind.value for kind in SCORED], pa.string()),
            "daily": pa.array([DAILY_TENTHS.get(kind, 0) for kind in SCORED], pa.int64()),
            "campaign": pa.array([CAMPAIGN_TENTHS.get(kind, 0) for kind in SCORED], pa.int64()),
            "moved": pa.array([MOVED_TENTHS.get(kind, 0) for kind in SCORED], pa.int64()),
        }
    )


def daily_tenths(kind: str, n: int) -> int:
    """What doing something ``n`` times adds to the daily score."""
    return n * DAILY_TENTHS.get(Kind(kind), 0)


def campaign_tenths(kind: str, n: int, moved: int) -> int:
    """What doing something ``n`` times, and the ``moved`` people whom it moved, add to the campaign score."""
    return n * CAMPAIGN_TENTHS.get(Kind(kind), 0) + moved * MOVED_TENTHS.get(Kind(kind), 0)
