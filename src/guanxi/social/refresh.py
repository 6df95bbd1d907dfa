"""Makes the social side's marts from its facts: daily activity, the two scores, content by platform, talk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from guanxi.lake.engine import Engine
from guanxi.lake.named import sql
from guanxi.records.databases import SOCIAL, raw
from guanxi.social import points
from guanxi.social.tables import ACTIVITY, CONTENT_PLATFORM, SCORE, SCORE_NOW, TALK
from guanxi.social.windows import decay_table, recent_window, whole_window
from guanxi.vocabulary.progress import Progress

_ROOM = "guanxi.social"
_DEPTHS = {
    "read_seconds": points.READ_SECONDS,
    "deep_seconds": points.DEEP_SECONDS,
    "read_percent": points.READ_PERCENT,
    "deep_percent": points.DEEP_PERCENT,
}


@dataclass(frozen=True, slots=True)
class ActivityReport:
    """How many rows each mart holds."""

    activities: int
    scores: int
    content_platforms: int


def refresh_activity(engine: Engine, as_of: datetime, tell: Progress) -> ActivityReport:
    """The marts say what the engagements up to ``as_of`` say, by the weights in force."""
    tell.begin("activity", 5)
    topics = dict(raw(SOCIAL).execute("SELECT topic, percent FROM topic_weight ORDER BY topic").fetchall())
    engine.offer("point", points.point_table(topics.values()))
    engine.offer("topic_weight", points.topic_table(topics))
    activities = engine.derive(ACTIVITY, sql(_ROOM, "activity"), as_of, until=as_of, **_DEPTHS)
    tell.advance()
    scores = engine.derive(SCORE, sql(_ROOM, "score"), as_of)
    tell.advance()
    engine.offer("decay", decay_table(whole_window(as_of.date())))
    engine.derive(SCORE_NOW, sql(_ROOM, "score_now"), as_of, from_day=recent_window(as_of.date()).first)
    tell.advance()
    contents = engine.derive(CONTENT_PLATFORM, sql(_ROOM, "content_platform"), as_of, until=as_of)
    tell.advance()
    engine.derive(TALK, sql(_ROOM, "talk"), as_of)
    tell.advance()
    tell.end()
    return ActivityReport(activities, scores, contents)
