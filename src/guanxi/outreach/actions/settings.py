"""Sets the brand's own leash."""

from __future__ import annotations

from datetime import datetime

from guanxi.outreach.leash import Leash
from guanxi.outreach.models import LeashSetting
from guanxi.records.actor import Actor, Permission, require
from guanxi.records.audit import record
from guanxi.records.databases import RELATIONSHIP, transaction
from guanxi.vocabulary.time import aware


def set_leash(actor: Actor, leash: Leash, now: datetime) -> None:
    """The leash is in force for every plan and every send reserved from now on."""
    require(actor, Permission.CHANGE_SETTINGS)
    with transaction(RELATIONSHIP):
        setting = LeashSetting.objects.create(
            sends_max=leash.cap.sends_max,
            window_days=leash.cap.days,
            opens=leash.hours.opens if leash.hours else None,
            closes=leash.hours.closes if leash.hours else None,
            due_after_days=leash.due_after_days,
            set_by=actor.name,
            set_at=aware(now),
        )
        detail = {"sends_max": setting.sends_max, "window_days": setting.window_days}
        record(RELATIONSHIP, actor, "leash_set", f"leash:{setting.pk}", detail)
