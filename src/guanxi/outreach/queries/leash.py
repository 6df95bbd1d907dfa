"""The brand's leash that is in force, with the caps of bands, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import time

from guanxi.channels.cap import Cap
from guanxi.channels.hours import OpenHours
from guanxi.influence.treatments.queries import treatments_in_force
from guanxi.outreach.leash import Leash
from guanxi.outreach.models import LeashSetting

FIRST_LEASH = Leash(cap=Cap(2, days=7), hours=OpenHours(time(9), time(21)), due_after_days=60)
"""In force until another is set: two messages a week, from nine to nine, due after two silent months."""


def leash_in_force() -> Leash:
    """The leash that was set last, else the first one; with the caps that treatments give to bands."""
    setting = LeashSetting.objects.order_by("-pk").first()
    if setting is None:
        return replace(FIRST_LEASH, bands=_band_caps())
    hours = OpenHours(setting.opens, setting.closes) if setting.opens and setting.closes else None
    cap = Cap(setting.sends_max, days=setting.window_days)
    return Leash(cap, hours, setting.due_after_days, _band_caps())


def _band_caps() -> Mapping[str, Cap]:
    given = treatments_in_force().items()
    return {
        band: Cap(one.sends_max, days=one.window_days) for band, one in given if one.sends_max is not None
    }
