"""Makes the social side's marts from its facts: monthly activity, the two scores, content by platform."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from guanxi.lake.engine import Engine
from guanxi.lake.named import sql
from guanxi.social.points import point_table
from guanxi.social.tables import ACTIVITY, CONTENT_PLATFORM, SCORE
from guanxi.vocabulary.progress import Progress

_ROOM = "guanxi.social"


@dataclass(frozen=True, slots=True)
class ActivityReport:
    """How many rows each mart holds."""

    activities: int
    scores: int
    content_platforms: int


def refresh_activity(engine: Engine, as_of: datetime, tell: Progress) -> ActivityReport:
    """The marts say what the engagements up to ``as_of`` say."""
    tell.begin("activity", 3)
    engine.offer("point", point_table())
    activities = engine.derive(ACTIVITY, sql(_ROOM, "activity"), as_of, until=as_of)
    tell.advance()
    scores = engine.derive(SCORE, sql(_ROOM, "score"), as_of)
    tell.advance()
    contents = engine.derive(CONTENT_PLATFORM, sql(_ROOM, "content_platform"), as_of, until=as_of)
    tell.advance()
    tell.end()
    return ActivityReport(activities, scores, contents)
