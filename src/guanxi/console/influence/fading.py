"""How fast evidence of ties grows old: what is in force, what our own past says of it, and the form that changes it."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.console import written
from guanxi.console.access import Asked, back, page
from guanxi.console.show import this_moment
from guanxi.influence import queries
from guanxi.influence.learning.actions import set_half_life
from guanxi.influence.learning.queries import half_life_in_force
from guanxi.records.actor import Permission
from guanxi.vocabulary.reasons import Refused


@dataclass(frozen=True, slots=True)
class Told:
    """What the evidence in force is, in days and words, and how each half-life would have chosen in the past."""

    days: int | None
    said: str
    tried: tuple[tuple[str, float], ...]


def fading_told(run: queries.RunRow | None) -> Told:
    """The half-life in force, and what the back-test of the last choice says of others of a day or more."""
    days = half_life_in_force()
    tried = tuple(
        (_half_after(one), share) for one, share in (run.fading if run else ()) if one is None or one >= 1
    )
    return Told(days, _half_life(days), tried)


@page(Permission.CHANGE_SETTINGS, deed=True)
def change_half_life(request: Asked) -> HttpResponseBase:
    """Evidence fades as the form says, from the next refresh on."""
    text = request.POST.get("half_life", "").strip()
    if text and not (text.isdecimal() and len(text) < 6):
        raise Refused("half_life_out_of_range", text[:20])
    set_half_life(request.actor, int(text) if text else None, this_moment())
    messages.success(request, _("Set: ties are weighed so from the next refresh on."))
    return back(request, reverse("ambassadors"))


def _half_after(days: float | None) -> str:
    if days is None:
        return _("never")
    return ngettext("%(n)s day", "%(n)s days", round(days)) % {"n": written.number(round(days))}


def _half_life(days: float | None) -> str:
    if days is None:
        return _("whatever its age, evidence counts in full")
    return ngettext(
        "evidence counts half after %(n)s day", "evidence counts half after %(n)s days", round(days)
    ) % {"n": written.number(round(days))}
