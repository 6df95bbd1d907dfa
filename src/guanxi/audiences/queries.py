"""What doors read of segments and the holdout; whoever may not see an answer does not see that it exists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa

from guanxi.audiences import asking
from guanxi.audiences.holdout import Codes
from guanxi.audiences.models import HoldoutMember, Segment
from guanxi.audiences.sight import may_see, require_sight, require_sight_of
from guanxi.lake.engine import Engine
from guanxi.question.nodes import Question, Subject
from guanxi.question.stored import from_json
from guanxi.records.actor import Actor, Permission, require
from guanxi.vocabulary.ids import Side, split
from guanxi.vocabulary.reasons import Refused

PAGE_ROWS = 50


@dataclass(frozen=True)
class SegmentRow:
    """One segment as lists and pages show it; sizes are None until it is evaluated.

    Attributes:
        is_current: the members in the lake answer the question as it now reads.
        known: of how many each condition's truth was known, in order.
    """

    id: int
    name: str
    question: Question
    text: str
    version: int
    subject: Subject
    created_by: str
    created_at: datetime
    changed_at: datetime
    evaluated_at: datetime | None
    size: int | None
    asked: int | None
    decided: int | None
    is_current: bool
    known: tuple[int, ...] | None

    @property
    def coverage(self) -> float | None:
        """The share of the asked for whom the answer is known; None where it cannot be said."""
        return self.decided / self.asked if self.asked and self.decided is not None else None


@dataclass(frozen=True)
class MembersPage:
    """One page of members as (side, id), ascending; doors ask the side's room for what to show."""

    total: int
    members: tuple[tuple[Side, int], ...]


def segments(actor: Actor) -> tuple[SegmentRow, ...]:
    """The live segments whose answers the actor may see, newest change first."""
    require(actor, Permission.SEE_SEGMENTS)
    live = Segment.objects.filter(archived_at=None).order_by("-changed_at", "-pk")
    return tuple(row for row in map(_row, live) if may_see(actor, row.question))


def segment(actor: Actor, segment_id: int) -> SegmentRow:
    """One live segment; refused where there is none or its answer may not be seen."""
    require(actor, Permission.SEE_SEGMENTS)
    found = Segment.objects.filter(pk=segment_id, archived_at=None).first()
    if found is None:
        raise Refused("no_such_segment", str(segment_id))
    row = _row(found)
    require_sight(actor, row.question)
    return row


def members_page(
    actor: Actor, engine: Engine, segment_id: int, offset: int = 0, rows: int = PAGE_ROWS
) -> MembersPage:
    """Members of the last evaluation, in order of identity."""
    segment(actor, segment_id)
    found = engine.ask(
        "SELECT identity, COUNT(*) OVER () AS total FROM relationship.segment_member"
        " WHERE segment = $segment ORDER BY identity LIMIT $rows OFFSET $start",
        segment=segment_id,
        rows=rows,
        start=offset,
    ).to_pylist()
    total = found[0]["total"] if found else 0
    return MembersPage(total, tuple(split(row["identity"]) for row in found))


def members(actor: Actor, engine: Engine, segment_id: int) -> pa.Table:
    """All members of the last evaluation: one column ``identity``, ascending."""
    segment(actor, segment_id)
    return engine.ask(
        "SELECT identity FROM relationship.segment_member WHERE segment = $segment ORDER BY identity",
        segment=segment_id,
    )


def platforms_of(actor: Actor, engine: Engine, segment_id: int) -> dict[str, int]:
    """How many members of the last evaluation are fans on each platform, the most first."""
    segment(actor, segment_id)
    found = engine.ask(
        "SELECT f.platform, COUNT(*) AS n FROM relationship.segment_member AS m"
        " JOIN social.fan AS f ON f.fan * 2 = m.identity WHERE m.segment = $segment"
        " GROUP BY f.platform ORDER BY n DESC, f.platform",
        segment=segment_id,
    ).to_pylist()
    return {row["platform"]: row["n"] for row in found}


def count_question(actor: Actor, engine: Engine, question: Question, as_of: datetime) -> asking.Counted:
    """Size and coverage of an answer that nobody stored, for who is still typing."""
    require(actor, Permission.SEE_SEGMENTS)
    require_sight(actor, question)
    return asking.count(engine, question, as_of)


def count_segment(actor: Actor, engine: Engine, row: SegmentRow, as_of: datetime) -> asking.Counted:
    """Size and coverage of a segment's answer at a moment: as they were kept, where it was evaluated at just that."""
    is_kept = row.is_current and row.evaluated_at == as_of
    if not is_kept or row.size is None or row.asked is None or row.decided is None or row.known is None:
        return count_question(actor, engine, row.question, as_of)
    require(actor, Permission.SEE_SEGMENTS)
    require_sight(actor, row.question)
    return asking.Counted(row.size, row.asked, row.decided, asking.known_of(row.question, row.known))


def why(actor: Actor, engine: Engine, identity: int, segment_id: int, as_of: datetime) -> asking.Why:
    """Whether the segment's question holds for one identity, condition by condition."""
    row = segment(actor, segment_id)
    require_sight_of(actor, identity)
    return asking.why(engine, row.question, identity, as_of)


def segments_of(actor: Actor, engine: Engine, identity: int) -> tuple[SegmentRow, ...]:
    """The segments that an identity was found in when they were last evaluated."""
    require_sight_of(actor, identity)
    found = engine.ask(
        "SELECT segment FROM relationship.segment_member WHERE identity = $identity", identity=identity
    )
    inside = set(found["segment"].to_pylist())
    return tuple(row for row in segments(actor) if row.id in inside)


def held_identities(period: str) -> Codes:
    """Every identity that is held out in the period, ascending; for planning and measuring, not for doors."""
    rows = HoldoutMember.objects.filter(period=period).order_by("identity")
    return np.fromiter(rows.values_list("identity", flat=True), dtype=np.int64)


def _row(found: Segment) -> SegmentRow:
    question = from_json(found.question)
    return SegmentRow(
        id=found.pk,
        name=found.name,
        question=question,
        text=found.text,
        version=found.version,
        subject=question.subject,
        created_by=found.created_by,
        created_at=found.created_at,
        changed_at=found.changed_at,
        evaluated_at=found.evaluated_at,
        size=found.size,
        asked=found.asked,
        decided=found.decided,
        is_current=found.evaluated_version == found.version,
        known=None if found.known is None else tuple(found.known),
    )
