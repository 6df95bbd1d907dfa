"""Treatments: what each band of influence is given, in words, and the form that changes it."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.console import words, written
from guanxi.console.access import Asked, back, page
from guanxi.console.show import this_moment
from guanxi.influence.treatments.actions import set_treatment
from guanxi.influence.treatments.queries import treatments_in_force
from guanxi.influence.treatments.rules import Treatment
from guanxi.records.actor import Permission
from guanxi.vocabulary.reasons import Refused


@dataclass(frozen=True, slots=True)
class Given:
    """One band's treatment: its lines in words, and the numbers for the form."""

    band: str
    label: str
    lines: tuple[tuple[str, str], ...]
    treatment: Treatment


def given_to(band: str) -> Given | None:
    """What a band is given; None where there is no such band."""
    return next((one for one in all_given() if one.band == band), None)


def all_given() -> list[Given]:
    """What every band is given, the strongest first."""
    return [
        Given(band, words.word(words.BANDS, band), _lines(one), one)
        for band, one in treatments_in_force().items()
    ]


@page(Permission.CHANGE_SETTINGS, deed=True)
def change_treatment(request: Asked, band: str) -> HttpResponseBase:
    """The band is treated as the form says."""
    told = request.POST
    treatment = Treatment(
        _number(told.get("reply_hours", "")),
        told.get("goes_first") == "yes",
        _number(told.get("sends_max", "")),
        _number(told.get("window_days", "")) or Treatment().window_days,
        _number(told.get("early_hours", "")),
    )
    set_treatment(request.actor, band, treatment, this_moment())
    messages.success(request, _("The treatment is in force for every message from now on."))
    return back(request, "leash")


def _number(text: str) -> int | None:
    if not text.strip():
        return None
    if not text.strip().isdecimal() or len(text) > 6:
        raise Refused("treatment_out_of_bounds", text[:20])
    return int(text)


def _lines(one: Treatment) -> tuple[tuple[str, str], ...]:
    return (
        (_("Answered"), _answered(one.reply_hours)),
        (_("When a campaign goes out"), _("before others") if one.goes_first else _("in turn")),
        (_("Early access"), _early(one.early_hours)),
        (_("Their own leash"), _own(one)),
    )


def _answered(hours: int | None) -> str:
    if hours is None:
        return _("no promise")
    return ngettext("within %(n)s hour", "within %(n)s hours", hours) % {"n": written.number(hours)}


def _early(hours: int | None) -> str:
    if hours is None:
        return _("with all others")
    return ngettext("%(n)s hour earlier", "%(n)s hours earlier", hours) % {"n": written.number(hours)}


def _own(one: Treatment) -> str:
    if one.sends_max is None:
        return _("the brand's")
    return _("at most %(n)s in %(days)s days") % {"n": one.sends_max, "days": one.window_days}
