"""What a person decides of screening: a fan is no share farm after all; or that is taken back.

Each is one transaction in relationship with its audit. Ties count again, or no more, from the next round.
"""

from __future__ import annotations

from datetime import datetime

from guanxi.influence.models import ScreeningDecision
from guanxi.records.actor import Actor, Permission, require
from guanxi.records.audit import record
from guanxi.records.databases import RELATIONSHIP, transaction
from guanxi.vocabulary.reasons import Refused
from guanxi.vocabulary.time import aware

REASON_MAX = 300


def clear_fan(actor: Actor, fan: int, reason: str, decided_at: datetime) -> None:
    """The fan is no share farm, for a reason that is remembered: no round screens them again."""
    require(actor, Permission.DECIDE_AMBASSADORS)
    said = reason.strip()[:REASON_MAX]
    if not said:
        raise Refused("reason_missing")
    with transaction(RELATIONSHIP):
        decision = {"reason": said, "decided_by": actor.name, "decided_at": aware(decided_at)}
        ScreeningDecision.objects.update_or_create(fan=fan, defaults=decision)
        record(RELATIONSHIP, actor, "screening_cleared", f"fan:{fan}", {"reason": said})


def withdraw_clearing(actor: Actor, fan: int) -> None:
    """The fan is judged by the evidence again; nothing changes where nobody had cleared them."""
    require(actor, Permission.DECIDE_AMBASSADORS)
    with transaction(RELATIONSHIP):
        gone, _ = ScreeningDecision.objects.filter(fan=fan).delete()
        if gone:
            record(RELATIONSHIP, actor, "screening_withdrawn", f"fan:{fan}")
