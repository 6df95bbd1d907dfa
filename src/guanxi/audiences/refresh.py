"""The step of the round that answers every segment again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from guanxi.audiences.actions import evaluate_segment
from guanxi.audiences.queries import segments
from guanxi.lake.engine import Engine
from guanxi.records.actor import SYSTEM
from guanxi.vocabulary.progress import Progress


@dataclass(frozen=True)
class SegmentsReport:
    """How many segments were answered, and how many memberships they have together."""

    segments: int
    members: int


def refresh_segments(engine: Engine, as_of: datetime, tell: Progress) -> SegmentsReport:
    """Every live segment has the members that its question finds at ``as_of``."""
    live = segments(SYSTEM)
    tell.begin("segments", len(live))
    found = 0
    for row in live:
        found += evaluate_segment(SYSTEM, engine, row.id, as_of).size
        tell.advance(1)
    tell.end()
    return SegmentsReport(len(live), found)
