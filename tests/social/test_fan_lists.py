"""Lists of fans say of every filter, order and page what a plain reading of the rows says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from guanxi.lake.engine import Engine
from guanxi.lake.store import Lake
from guanxi.lake.table import LakeTable
from guanxi.records.actor import SYSTEM
from guanxi.records.databases import SOCIAL, transaction
from guanxi.social.queries.fans import FanFilter, fans
from guanxi.social.tables import FAN, FAN_FACT, SCORE, SCORE_NOW
from guanxi.social.windows import month_window, recent_window
from guanxi.vocabulary.ids import Side

MONTH = date(2026, 11, 1)
DAY = date(2026, 11, 9)
ALL_FANS = range(1, 3_001)
Row = dict[str, Any]


def _laid(table: LakeTable, rows: Iterable[Row]) -> None:
    full = [{name: row.get(name) for name in table.schema.names} for row in rows]
    with transaction(SOCIAL) as connection:
        Lake(Side.SOCIAL).swap(connection, table, pa.Table.from_pylist(full, table.schema))


@pytest.fixture
def crowd(house: object) -> list[Row]:
    """Three thousand fans, a third without points; most follow, a half have a city, one in a hundred is on Weibo."""
    rng = np.random.default_rng(5)
    found: list[Row] = []
    for fan in ALL_FANS:
        found.append(
            {
                "fan": fan,
                "platform": "weibo" if fan % 100 == 0 else "wechat",
                "followed_day": None if fan % 7 == 0 else DAY,
                "unfollowed_day": DAY if fan % 11 == 0 else None,
                "city": ("Rome", "Oslo", None, None)[int(rng.integers(4))],
                "campaign": int(rng.integers(1, 400)) if fan % 3 else 0,
                "daily": int(rng.integers(0, 40)),
            }
        )
    _laid(FAN, [{**row, "account": 1, "last_day": DAY} for row in found])
    _laid(
        FAN_FACT,
        [{**row, "name": "city", "value": row["city"], "best": True} for row in found if row["city"]],
    )
    scored = [row for row in found if row["campaign"] + row["daily"]]
    _laid(SCORE, [{**row, "month": MONTH} for row in scored])
    now = {
        "daily_recent": "daily",
        "campaign_recent": "campaign",
        "daily_all": "daily",
        "campaign_all": "campaign",
    }
    _laid(SCORE_NOW, [{"fan": row["fan"], **{name: row[of] for name, of in now.items()}} for row in scored])
    return found


FILTERS = (
    FanFilter(),
    FanFilter(follows="yes"),
    FanFilter(follows="unknown"),
    FanFilter(platform="weibo"),
    FanFilter(fact="city"),
    FanFilter(fact="city", fact_value="Oslo"),
    FanFilter(fact="city", follows="no"),
    FanFilter(fact="city", fact_value="Rome", platform="weibo"),
    FanFilter(fact="shoe_size"),
)


def _is_left(row: Row, of: FanFilter) -> bool:
    gone, came = row["unfollowed_day"] is not None, row["followed_day"] is not None
    standing = "no" if gone else "yes" if came else "unknown"
    fact = row["city"] if of.fact == "city" else None
    return (
        of.platform in ("", row["platform"])
        and of.follows in ("", standing)
        and (not of.fact or fact == (of.fact_value or None))
    )


PAGES = (
    ("-campaign", 0, 50),
    ("-campaign", 50, 20),
    ("-campaign", -5, 50),
    ("-daily", 0, 10),
    ("campaign", 0, 30),
)


def test_every_page_is_the_page_of_all_rows_filtered_and_ordered(crowd: list[Row], engine: Engine) -> None:
    last = {7, 8, 9}
    for place, of in enumerate(FILTERS):
        window = (month_window(MONTH), recent_window(DAY))[place % 2]
        left = [row for row in crowd if _is_left(row, of)]
        for sort, start, limit in PAGES:
            offset = max(0, start if start >= 0 else len(left) + start)
            page = fans(SYSTEM, engine, window, of, sort, offset, limit, last)
            wanted = sorted(left, key=lambda row, sort=sort: _key(row, sort, last))[offset : offset + limit]
            assert page.total == len(left)
            assert [(row.fan, row.campaign, row.daily) for row in page.rows] == [
                (row["fan"], row["campaign"], row["daily"]) for row in wanted
            ]


def _key(row: Row, sort: str, last: set[int]) -> tuple[bool, int, int]:
    points = row[sort.removeprefix("-")]
    return row["fan"] in last, -points if sort.startswith("-") else points, row["fan"]
