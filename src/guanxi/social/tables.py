"""What the social side keeps in the lake: engagements, talk in groups, mirrors of its records, and its marts."""

from __future__ import annotations

import pyarrow as pa

from guanxi.lake.table import GROUP_ROWS, LakeTable
from guanxi.vocabulary.ids import Side

_MOMENT = pa.timestamp("us", tz="UTC")


def _table(
    name: str, columns: list[tuple[str, pa.DataType]], derived: bool = True, group_rows: int = GROUP_ROWS
) -> LakeTable:
    schema = pa.schema([pa.field(n, t) for n, t in columns])
    return LakeTable(Side.SOCIAL, name, schema, derived, group_rows=group_rows)


ENGAGEMENT = _table(
    "engagement",
    [
        ("id", pa.int64()),
        ("fan", pa.int64()),
        ("account", pa.int32()),
        ("platform", pa.string()),
        ("kind", pa.string()),
        ("content", pa.int64()),
        ("through", pa.int64()),
        ("campaign", pa.string()),
        ("reference", pa.string()),
        ("happened_at", _MOMENT),
        ("day", pa.date32()),
        ("recorded_at", _MOMENT),
    ],
    derived=False,
)
READING = _table(
    "reading",
    [("id", pa.int64()), ("dwell_seconds", pa.int32()), ("read_percent", pa.int32())],
    derived=False,
)
FAN = _table(
    "fan",
    [
        ("fan", pa.int64()),
        ("account", pa.int32()),
        ("platform", pa.string()),
        ("followed_day", pa.date32()),
        ("unfollowed_day", pa.date32()),
        ("first_day", pa.date32()),
        ("last_day", pa.date32()),
    ],
)
FAN_FACT = _table(
    "fan_fact",
    [
        ("fan", pa.int64()),
        ("name", pa.string()),
        ("value", pa.string()),
        ("source", pa.string()),
        ("confidence", pa.float64()),
        ("best", pa.bool_()),
    ],
)
CONTENT = _table(
    "content",
    [
        ("content", pa.int64()),
        ("account", pa.int32()),
        ("platform", pa.string()),
        ("kind", pa.string()),
        ("topic", pa.string()),
        ("promotes_product", pa.bool_()),
        ("published_day", pa.date32()),
    ],
)
ACTIVITY = _table(
    "activity",
    [
        ("fan", pa.int64()),
        ("day", pa.date32()),
        ("month", pa.date32()),
        ("kind", pa.string()),
        ("depth", pa.string()),
        ("topic", pa.string()),
        ("n", pa.int64()),
        ("moved", pa.int64()),
        ("second", pa.int64()),
        ("daily", pa.int64()),
        ("campaign", pa.int64()),
    ],
    group_rows=GROUP_ROWS // 4,
)
SCORE_NOW = _table(
    "score_now",
    [
        ("fan", pa.int64()),
        ("daily_recent", pa.int64()),
        ("campaign_recent", pa.int64()),
        ("daily_all", pa.int64()),
        ("campaign_all", pa.int64()),
    ],
)
SCORE = _table(
    "score",
    [("fan", pa.int64()), ("month", pa.date32()), ("daily", pa.int64()), ("campaign", pa.int64())],
)
CONTENT_PLATFORM = _table(
    "content_platform",
    [
        ("content", pa.int64()),
        ("platform", pa.string()),
        ("kind", pa.string()),
        ("n", pa.int64()),
        ("named", pa.int64()),
        ("fans", pa.int64()),
        ("moved", pa.int64()),
    ],
)
SHARE_ARM = _table(
    "share_arm",
    [
        ("trial", pa.int64()),
        ("percent", pa.int32()),
        ("content", pa.int64()),
        ("platform", pa.string()),
        ("fan", pa.int64()),
        ("invited", pa.bool_()),
        ("drawn_at", _MOMENT),
    ],
)
GROUP_TALK = _table(
    "group_talk",
    [
        ("chat_group", pa.int64()),
        ("fan", pa.int64()),
        ("kind", pa.string()),
        ("happened_at", _MOMENT),
        ("day", pa.date32()),
    ],
    derived=False,
)
TALK = _table(
    "talk",
    [
        ("id", pa.int64()),
        ("fan", pa.int64()),
        ("platform", pa.string()),
        ("happened_at", _MOMENT),
        ("day", pa.date32()),
    ],
)
GROUP_MEMBER = _table("group_member", [("fan", pa.int64()), ("chat_group", pa.int64())])
FAN_TAG = _table("fan_tag", [("fan", pa.int64()), ("tag", pa.string())])

TABLES = (
    ENGAGEMENT,
    FAN,
    FAN_FACT,
    CONTENT,
    ACTIVITY,
    SCORE,
    SCORE_NOW,
    READING,
    CONTENT_PLATFORM,
    GROUP_TALK,
    TALK,
    GROUP_MEMBER,
    FAN_TAG,
    SHARE_ARM,
)
