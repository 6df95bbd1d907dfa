"""Writes in which ways fans follow, and what follows from it for each, in the digest's open transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.compute as pc

from guanxi.records.batches import plain_rows
from guanxi.records.register import Ids
from guanxi.social.ways import PLATFORMS, TELLING, Following, Way, following_by, news_of_ways
from guanxi.vocabulary.activity import KEY_BYTES, Kind

_TELLING = pa.array(TELLING, pa.string())
_PLATFORMS = pa.array(PLATFORMS, pa.string())
_MEET = """
INSERT INTO fan_way AS known (fan, way, began_at, ended_at)
SELECT * FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[], %s::timestamptz[])
ON CONFLICT (fan, way) DO UPDATE SET
    began_at = greatest(known.began_at, excluded.began_at),
    ended_at = greatest(known.ended_at, excluded.ended_at)
"""
_WAYS = "SELECT fan, way, began_at, ended_at FROM fan_way WHERE fan = ANY(%s)"
_FOLLOW = """
WITH turned AS (
    UPDATE fan f SET followed_at = h.followed_at, unfollowed_at = h.unfollowed_at
    FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[]) AS h (id, followed_at, unfollowed_at)
    WHERE f.id = h.id
        AND (f.followed_at, f.unfollowed_at) IS DISTINCT FROM (h.followed_at, h.unfollowed_at)
    RETURNING f.id
)
INSERT INTO fan_change (fan) SELECT id FROM turned ORDER BY id
"""


def of_platforms_with_ways(activities: pa.Table) -> pa.ChunkedArray:
    """Which of the activities are of a platform where one follows in ways."""
    return pc.is_in(activities["platform"], _PLATFORMS)


def learn_ways(
    connection: psycopg.Connection[Any], activities: pa.Table, fans: Ids, recorded_at: datetime
) -> pa.Table:
    """Fans follow as their ways say once the transaction commits; says so of everybody concerned, as published.

    A state is as of when it is recorded, for it may change by a word of earlier than the one that made it.
    """
    telling = activities.append_column("fan", pa.array(fans)).filter(
        pc.and_(
            pc.and_(of_platforms_with_ways(activities), pc.is_in(activities["kind"], _TELLING)),
            pa.array(fans != 0),
        )
    )
    news = news_of_ways(plain_rows(telling, ("fan", "kind", "happened_at", "traits")))
    if not news:
        return _published({}, recorded_at)
    rows = [(fan, way, one.began_at, one.ended_at) for (fan, way), one in sorted(news.items())]
    connection.execute(_MEET, [list(part) for part in zip(*rows, strict=True)])
    ways: dict[int, dict[str, Way]] = defaultdict(dict)
    for fan, way, began_at, ended_at in connection.execute(_WAYS, (sorted({fan for fan, _ in news}),)):
        ways[fan][way] = Way(began_at, ended_at)
    states = {fan: following_by(some) for fan, some in sorted(ways.items())}
    changed = [(fan, *state) for fan, state in states.items()]
    connection.execute(_FOLLOW, [list(part) for part in zip(*changed, strict=True)])
    return _published(states, recorded_at)


def _published(states: Mapping[int, Following], recorded_at: datetime) -> pa.Table:
    kinds = [Kind.FOLLOWED if state.follows else Kind.UNFOLLOWED for state in states.values()]
    return pa.table(
        {
            "ref": pa.array(list(states), pa.int64()),
            "key": pa.array([bytes(KEY_BYTES)] * len(states), pa.binary(KEY_BYTES)),
            "kind": pa.array([kind.value for kind in kinds], pa.string()),
            "happened_at": pa.array([recorded_at] * len(states), pa.timestamp("us", tz="UTC")),
        }
    )
