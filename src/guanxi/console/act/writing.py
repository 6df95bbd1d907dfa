"""Deeds on campaigns: written, planned, started, stopped, finished; each asks its room and says what became of it."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.audiences import queries as audiences
from guanxi.channels.registry import platforms
from guanxi.channels.rules import rules_of
from guanxi.consent.purpose import Purpose, purpose_of
from guanxi.console import words, written
from guanxi.console.access import Asked, page
from guanxi.console.act.openings import typed_opening
from guanxi.console.reasons import sentence
from guanxi.console.show import last_round, show, this_moment
from guanxi.lake.sight import lake_for
from guanxi.outreach.actions.campaigns import Draft, create_campaign, finish_campaign, stop_campaign
from guanxi.outreach.actions.plan import plan_campaign
from guanxi.outreach.actions.reserve import reserve_sends
from guanxi.outreach.queries.openings import brand_zone
from guanxi.records.actor import Permission
from guanxi.vocabulary.reasons import Refused

REHEARSAL = "echo"
PURPOSES: Mapping[str, Promise] = {
    "engage": gettext_lazy("engage: sell nothing"),
    "sell": gettext_lazy("sell: to customers only"),
}


@page(Permission.CHANGE_CAMPAIGNS)
def new_campaign(request: Asked) -> HttpResponseBase:
    """An empty form, with the segment that the address names."""
    return _form(request, {"segment": request.GET.get("segment", ""), "holdout": "10", "channel": REHEARSAL})


@page(Permission.CHANGE_CAMPAIGNS, deed=True)
def create(request: Asked) -> HttpResponseBase:
    """The campaign exists as a draft and, where the reader may see whom it is for, is planned at once."""
    typed = request.POST.dict()
    try:
        pk = create_campaign(request.actor, _draft(typed), this_moment())
    except Refused as refusal:
        if refusal.code == "not_permitted":
            raise
        messages.error(request, sentence(refusal.code, refusal.detail))
        return _form(request, typed, status=400)
    if request.actor.may(Permission.SEE_CUSTOMERS):
        with lake_for(request.actor) as engine:
            plan_campaign(request.actor, engine, pk, last_round())
        messages.success(request, _("The campaign is planned; nothing has been sent."))
    else:
        messages.success(request, _("The campaign is written; somebody who sees customers can plan it."))
    return HttpResponseRedirect(reverse("campaign", args=[pk]))


@page(Permission.CHANGE_CAMPAIGNS, deed=True)
def plan(request: Asked, pk: int) -> HttpResponseBase:
    """Everybody in the audience has a verdict as of the last round."""
    with lake_for(request.actor) as engine:
        found = plan_campaign(request.actor, engine, pk, last_round())
    told = _("Planned for %(n)s persons; nothing has been sent.") % {"n": written.number(found.persons)}
    messages.success(request, told)
    return HttpResponseRedirect(reverse("campaign", args=[pk]))


@page(Permission.SEND, deed=True)
def start(request: Asked, pk: int) -> HttpResponseBase:
    """Everybody whom the leash lets pass now has a message waiting."""
    with lake_for(request.actor) as engine:
        found = reserve_sends(request.actor, engine, pk, this_moment())
    told = _("%(sends)s messages go out; %(kept)s were kept back at the last moment.") % {
        "sends": written.number(found.sends),
        "kept": written.number(found.held + found.dropped),
    }
    messages.success(request, told)
    return HttpResponseRedirect(reverse("campaign", args=[pk]))


@page(Permission.CHANGE_CAMPAIGNS, deed=True)
def stop(request: Asked, pk: int) -> HttpResponseBase:
    """Nothing more leaves the house; what waited is cancelled."""
    cancelled = stop_campaign(request.actor, pk, this_moment())
    messages.success(
        request, _("Stopped; %(n)s waiting messages are cancelled.") % {"n": written.number(cancelled)}
    )
    return HttpResponseRedirect(reverse("campaign", args=[pk]))


@page(Permission.CHANGE_CAMPAIGNS, deed=True)
def finish(request: Asked, pk: int) -> HttpResponseBase:
    """The campaign is over; whoever is held stays unsent."""
    finish_campaign(request.actor, pk)
    messages.success(request, _("The campaign is finished."))
    return HttpResponseRedirect(reverse("campaign", args=[pk]))


def _form(request: Asked, typed: Mapping[str, str], status: int = 200) -> HttpResponseBase:
    answer = show(
        request,
        "console/act/new_campaign.html",
        "campaigns",
        typed=typed,
        segments=audiences.segments(request.actor),
        purposes=PURPOSES.items(),
        zone=brand_zone(),
        platforms=[(name, words.word(words.PLATFORMS, name)) for name in _writable()],
    )
    answer.status_code = status
    return answer


def _writable() -> list[str]:
    """Platforms on which a brand may write unasked at all."""
    return [name for name in platforms() if name != REHEARSAL and rules_of(name).campaign_kind()]


def _draft(typed: Mapping[str, str]) -> Draft:
    segment, holdout = typed.get("segment", ""), typed.get("holdout", "")
    if not segment.isdecimal() or len(segment) > 18 or not holdout.isdecimal() or len(holdout) > 3:
        raise Refused("form_incomplete")
    if typed.get("platform", "") not in _writable():
        raise Refused("form_incomplete")
    purpose: Purpose = purpose_of(typed.get("purpose", ""))
    return Draft(
        name=typed.get("name", ""),
        purpose=purpose,
        platform=typed["platform"],
        segment=int(segment),
        text=typed.get("text", ""),
        channel=REHEARSAL if typed.get("channel") == REHEARSAL else "",
        offer=typed.get("offer", "").strip()[:200],
        holdout_permille=int(holdout) * 10,
        opens_at=typed_opening(typed.get("opens_at", "")),
    )
