"""Mirrors fans, their facts, groups, tags, contents and drawn lots into the lake: by key, or whole after much news.

A day of unfollowing stands only while it is the last word. Names, external ids and contacts stay behind.
A mirror made by key equals one made from nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from guanxi.lake.engine import Engine
from guanxi.lake.named import sql
from guanxi.listen.shares.trials import INVITED_NOBODY, QUIET_NOBODY
from guanxi.records.changes import forget_changes, read_changes
from guanxi.records.columns import copy_columns
from guanxi.records.databases import SOCIAL, raw
from guanxi.social.tables import CONTENT, FAN, FAN_FACT, FAN_TAG, GROUP_MEMBER, SHARE_ARM
from guanxi.vocabulary.progress import Progress

WHOLE_FROM = 200_000

_ROOM = "guanxi.social"
_FAN = pa.schema([FAN.schema.field(i) for i in range(5)])
_FACT = pa.schema(
    [
        ("fan", pa.int64()),
        ("name", pa.string()),
        ("value", pa.string()),
        ("source", pa.string()),
        ("confidence", pa.float64()),
        ("stated_at", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class MirrorReport:
    """How many rows the mirrors hold, and for how many fans the records were read."""

    fans: int
    facts: int
    contents: int
    fans_read: int


def refresh_mirror(engine: Engine, as_of: datetime, tell: Progress, whole: bool = False) -> MirrorReport:
    """The mirrors say what the records say; days of activity are those up to ``as_of``.

    Made by key after little news, unless ``whole`` asks for all of it.
    """
    tell.begin("mirror_social", 4)
    connection = raw(SOCIAL)
    changes = read_changes(connection, "fan_change", "fan")
    held = engine.ask("SELECT COUNT(*) AS n FROM social.fan")["n"][0].as_py()
    whole = whole or held == 0 or len(changes.refs) >= WHOLE_FROM
    clause, wanted = ("", ()) if whole else (" WHERE f.id = ANY(%s)", (changes.refs.to_pylist(),))
    read = copy_columns(connection, _READ_FANS + clause, _FAN, wanted)
    engine.offer("read_fan", read)
    engine.offer("changed_fan", pa.table({"fan": changes.refs}))
    engine.offer("read_fact", copy_columns(connection, _READ_FACTS + clause, _FACT, wanted))
    fans = engine.derive(FAN, sql(_ROOM, "fan"), as_of, whole=whole, until=as_of)
    tell.advance()
    stated = engine.derive(FAN_FACT, sql(_ROOM, "fan_fact"), as_of, whole=whole)
    tell.advance()
    _mirror_belonging(engine, as_of, whole, clause, wanted)
    tell.advance()
    engine.offer("read_content", copy_columns(connection, _READ_CONTENTS, CONTENT.schema))
    contents = engine.derive(CONTENT, sql(_ROOM, "content"), as_of)
    nobody = [INVITED_NOBODY, QUIET_NOBODY]
    engine.offer("read_share_arm", copy_columns(connection, _READ_ARMS, SHARE_ARM.schema, (nobody,)))
    engine.derive(SHARE_ARM, sql(_ROOM, "share_arm"), as_of, until=as_of)
    forget_changes(connection, "fan_change", changes)
    tell.advance()
    tell.end()
    return MirrorReport(fans, stated, contents, read.num_rows)


def _mirror_belonging(
    engine: Engine, as_of: datetime, whole: bool, clause: str, wanted: tuple[object, ...]
) -> None:
    connection = raw(SOCIAL)
    for table, question in ((GROUP_MEMBER, _READ_MEMBERS), (FAN_TAG, _READ_TAGS)):
        rows = copy_columns(connection, question + clause, table.schema, wanted)
        engine.offer(f"read_{table.name}", rows)
        engine.derive(table, sql(_ROOM, table.name), as_of, whole=whole)


_READ_FANS = (
    "SELECT f.id, f.account_id, a.platform, (f.followed_at AT TIME ZONE 'UTC')::date,"
    " CASE WHEN f.followed_at > f.unfollowed_at THEN NULL ELSE (f.unfollowed_at AT TIME ZONE 'UTC')::date END"
    " FROM fan f JOIN account a ON a.id = f.account_id"
)
_READ_FACTS = (
    "SELECT f.id, x.name, x.value, x.source, x.confidence, x.at FROM fan f CROSS JOIN LATERAL"
    " jsonb_to_recordset(f.facts) AS x(name text, value text, source text, confidence float8, at text)"
)
_READ_CONTENTS = (
    "SELECT c.id, c.account_id, a.platform, c.kind, c.topics[1], c.promotes_product,"
    " (c.published_at AT TIME ZONE 'UTC')::date FROM content c JOIN account a ON a.id = c.account_id"
)
# Who drew and was forgotten brought nobody: each is a fan that no other row knows, with a number below zero.
_READ_ARMS = (
    "SELECT t.trial, t.percent, c.id, t.platform,"
    " coalesce(f.id, -row_number() OVER (PARTITION BY f.id IS NULL ORDER BY s.trial, s.viewer)), s.invited,"
    " to_char(s.drawn_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US\"Z\"')"
    " FROM share_arm s JOIN share_trial t ON t.trial = s.trial"
    " JOIN account a ON a.platform = t.platform AND a.name = t.account"
    " JOIN content c ON c.account_id = a.id AND c.external_id = t.content"
    " LEFT JOIN fan f ON f.account_id = a.id AND f.external_id = s.viewer"
    " JOIN generate_series(1, s.viewers) ON f.id IS NOT NULL OR s.viewer = ANY(%s)"
)
_READ_MEMBERS = (
    "SELECT f.id, m.chat_group FROM fan f JOIN group_member m ON m.fan = f.id"
    " AND (m.left_at IS NULL OR greatest(m.joined_at, m.heard_at) > m.left_at)"
    " JOIN chat_group g ON g.id = m.chat_group AND (g.closed_at IS NULL OR g.opened_at > g.closed_at)"
)
_READ_TAGS = (
    "SELECT f.id, coalesce(nullif(t.name, ''), t.external_id) FROM fan f JOIN fan_tag x ON x.fan = f.id"
    " AND (x.untagged_at IS NULL OR x.tagged_at > x.untagged_at) JOIN tag t ON t.id = x.tag"
)
