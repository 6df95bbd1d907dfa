"""Sets how fast evidence of ties fades."""

from __future__ import annotations

from datetime import datetime

from guanxi.influence.learning.decay import fading_on
from guanxi.influence.models import FadingSetting
from guanxi.records.actor import Actor, Permission, require
from guanxi.records.audit import record
from guanxi.records.databases import RELATIONSHIP, transaction
from guanxi.vocabulary.time import aware


def set_half_life(actor: Actor, days: int | None, now: datetime) -> None:
    """Evidence of ties counts half after so many days, whatever its age where None: from the next refresh on."""
    require(actor, Permission.CHANGE_SETTINGS)
    fading_on(now.date(), days)
    with transaction(RELATIONSHIP):
        FadingSetting.objects.create(half_life_days=days, set_by=actor.name, set_at=aware(now))
        record(RELATIONSHIP, actor, "half_life_set", "ties", {"days": days})
