"""The treatments that are in force, for doors and for rooms that give them."""

from __future__ import annotations

from collections.abc import Mapping

from guanxi.influence.models import TreatmentSetting
from guanxi.influence.treatments.rules import FIRST_TREATMENTS, Treatment
from guanxi.influence.weighing.bands import Band


def treatments_in_force() -> Mapping[Band, Treatment]:
    """What each band is given: what was set last, else the first treatment."""
    found = dict(FIRST_TREATMENTS)
    for row in TreatmentSetting.objects.order_by("pk"):
        if row.band in set(Band):
            found[Band(row.band)] = Treatment(
                row.reply_hours, row.goes_first, row.sends_max, row.window_days, row.early_hours
            )
    return found


def bands_that_go_first() -> tuple[Band, ...]:
    """The bands that are written to before others."""
    return tuple(band for band, one in treatments_in_force().items() if one.goes_first)
