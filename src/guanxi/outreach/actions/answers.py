"""Marks that a fan was answered where the platform does not tell, and takes that back.

Each is one transaction in relationship with its audit. Nothing is sent by it; who waits for nothing is not marked.
"""

from __future__ import annotations

from datetime import datetime

from guanxi.lake.engine import Engine
from guanxi.outreach.models import AnswerMark
from guanxi.outreach.queries.inbox import conversation
from guanxi.records.actor import Actor, Permission, require
from guanxi.records.audit import record
from guanxi.records.databases import RELATIONSHIP, transaction
from guanxi.vocabulary.reasons import Refused
from guanxi.vocabulary.time import aware


def mark_answered(actor: Actor, engine: Engine, fan: int, up_to: datetime, now: datetime) -> int:
    """What the fan wrote up to a moment waits no more; says the mark's number. What they write later waits again.

    Refused where nothing waits that was written until then: there is no such fan, or somebody was quicker.
    """
    require(actor, Permission.ANSWER)
    if aware(up_to) > aware(now):
        raise Refused("moment_ahead", up_to.isoformat())
    conversation(actor, engine, fan, up_to)
    with transaction(RELATIONSHIP):
        mark = AnswerMark.objects.create(fan=fan, up_to=up_to, marked_by=actor.name, marked_at=now)
        record(RELATIONSHIP, actor, "answer_marked", f"fan:{fan}", {"up_to": up_to.isoformat()})
    return int(mark.pk)


def unmark_answered(actor: Actor, mark: int) -> None:
    """It waits again."""
    require(actor, Permission.ANSWER)
    with transaction(RELATIONSHIP):
        found = AnswerMark.objects.select_for_update().filter(pk=mark).first()
        if found is None:
            raise Refused("no_such_answer", str(mark))
        record(RELATIONSHIP, actor, "answer_unmarked", f"fan:{found.fan}", {"up_to": found.up_to.isoformat()})
        found.delete()
