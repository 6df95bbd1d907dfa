"""The brand's leash that is in force, with what treatments give to bands, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import time, timedelta

from guanxi.channels.cap import Cap
from guanxi.channels.hours import OpenHours
from guanxi.influence.treatments.queries import treatments_in_force
from guanxi.influence.treatments.rules import Treatment
from guanxi.influence.weighing.bands import Band
from guanxi.outreach.leash import Leash
from guanxi.outreach.models import LeashSetting

FIRST_LEASH = Leash(cap=Cap(2, days=7), hours=OpenHours(time(9), time(21)), due_after_days=60)
"""In force until another is set: two messages a week, from nine to nine, due after two silent months."""


def leash_in_force() -> Leash:
    """The leash that was set last, else the first one; with the caps and early access that treatments give."""
    given = treatments_in_force()
    return replace(_own_leash(), bands=_caps(given), early_access=_early_access(given))


def _own_leash() -> Leash:
    setting = LeashSetting.objects.order_by("-pk").first()
    if setting is None:
        return FIRST_LEASH
    hours = OpenHours(setting.opens, setting.closes) if setting.opens and setting.closes else None
    return Leash(Cap(setting.sends_max, days=setting.window_days), hours, setting.due_after_days)


def _caps(given: Mapping[Band, Treatment]) -> Mapping[str, Cap]:
    return {
        band.value: Cap(one.sends_max, days=one.window_days)
        for band, one in given.items()
        if one.sends_max is not None
    }


def _early_access(given: Mapping[Band, Treatment]) -> Mapping[str, timedelta]:
    return {
        band.value: timedelta(hours=one.early_hours)
        for band, one in given.items()
        if one.early_hours is not None
    }
