"""Sets what a band is given."""

from __future__ import annotations

from datetime import datetime

from guanxi.influence.models import TreatmentSetting
from guanxi.influence.treatments.rules import Treatment, checked
from guanxi.influence.weighing.bands import Band
from guanxi.records.actor import Actor, Permission, require
from guanxi.records.audit import record
from guanxi.records.databases import RELATIONSHIP, transaction
from guanxi.vocabulary.reasons import Refused
from guanxi.vocabulary.time import aware


def set_treatment(actor: Actor, band: str, treatment: Treatment, now: datetime) -> None:
    """The band is treated so from now on: every plan and every send reserved later obeys its cap and early access.

    Segments know its early access from the next round.
    """
    require(actor, Permission.CHANGE_SETTINGS)
    if band not in set(Band):
        raise Refused("filter_unknown", band)
    given = checked(treatment)
    with transaction(RELATIONSHIP):
        TreatmentSetting.objects.create(
            band=band,
            reply_hours=given.reply_hours,
            goes_first=given.goes_first,
            sends_max=given.sends_max,
            window_days=given.window_days,
            early_hours=given.early_hours,
            set_by=actor.name,
            set_at=aware(now),
        )
        detail = {
            "reply_hours": given.reply_hours,
            "goes_first": given.goes_first,
            "sends_max": given.sends_max,
            "window_days": given.window_days,
            "early_hours": given.early_hours,
        }
        record(RELATIONSHIP, actor, "treatment_set", f"band:{band}", detail)
