"""The brand's leash that is in force, and where it comes from."""

from __future__ import annotations

from datetime import time

from guanxi.channels.cap import Cap
from guanxi.channels.hours import OpenHours
from guanxi.outreach.leash import Leash
from guanxi.outreach.models import LeashSetting

FIRST_LEASH = Leash(cap=Cap(2, days=7), hours=OpenHours(time(9), time(21)), due_after_days=60)
"""In force until another is set: two messages a week, from nine to nine, due after two silent months."""


def leash_in_force() -> Leash:
    """The leash that was set last, else the first one."""
    setting = LeashSetting.objects.order_by("-pk").first()
    if setting is None:
        return FIRST_LEASH
    hours = OpenHours(setting.opens, setting.closes) if setting.opens and setting.closes else None
    return Leash(Cap(setting.sends_max, days=setting.window_days), hours, setting.due_after_days)
