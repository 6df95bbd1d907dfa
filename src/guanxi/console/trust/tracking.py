"""Tracking: who may send to the front door, and what the brand's own events tell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.console import written
from guanxi.console.access import Asked, back, page
from guanxi.console.figures import Coverage, Figure
from guanxi.console.front_door import front_door
from guanxi.console.show import show, this_moment
from guanxi.console.words import KINDS, PLATFORMS, word
from guanxi.listen.track.actions import make_write_key, revoke_write_key
from guanxi.listen.track.actions_events import MAPPABLE, map_event, replay
from guanxi.listen.track.queries import Heard, heard_since, own_events, write_keys
from guanxi.records.actor import Permission
from guanxi.vocabulary.platform import Platform

HEARD_DAYS = 30


@page(Permission.SEE_TRUST)
def tracking(request: Asked) -> HttpResponseBase:
    """The keys for who may see settings, and the events that Segment's vocabulary does not hold."""
    return _shown(request)


@page(Permission.MAP_EVENTS, deed=True)
def map_one(request: Asked) -> HttpResponseBase:
    """The event tells of the kind that the form says."""
    asked = request.POST
    map_event(request.actor, asked.get("name", ""), asked.get("kind", ""), asked.get("content_property", ""))
    messages.success(request, _("Mapped. What comes from now on is read; what waits can be read again."))
    return back(request, reverse("tracking"))


@page(Permission.MAP_EVENTS, deed=True)
def replay_one(request: Asked) -> HttpResponseBase:
    """What waited for the event's mapping is read."""
    found = replay(request.actor, request.POST.get("name", ""))
    told = ngettext("%(n)s event was read.", "%(n)s events were read.", found.replayed)
    messages.success(request, told % {"n": written.number(found.replayed)})
    if found.still_unreadable:
        left = _("%(n)s still can't be read; their reason is in quarantine.")
        messages.warning(request, left % {"n": written.number(found.still_unreadable)})
    return back(request, reverse("tracking"))


@page(Permission.CHANGE_SETTINGS, deed=True)
def make_key(request: Asked) -> HttpResponseBase:
    """A new key is on the page, this once."""
    name, account = (request.POST.get(field, "").strip() for field in ("name", "account"))
    key = make_write_key(request.actor, name, request.POST.get("platform", ""), account)
    return _shown(request, key=key, key_name=name)


@page(Permission.CHANGE_SETTINGS, deed=True)
def revoke_key(request: Asked, pk: int) -> HttpResponseBase:
    """The key opens the door no more."""
    revoke_write_key(request.actor, pk, this_moment())
    messages.success(request, _("The key is revoked; within five seconds it opens nothing."))
    return back(request, reverse("tracking"))


def _shown(request: Asked, **more: str) -> HttpResponseBase:
    may_change = request.actor.may(Permission.CHANGE_SETTINGS)
    heard = heard_since(request.actor, this_moment().date() - timedelta(days=HEARD_DAYS))
    keys = write_keys(request.actor) if may_change else ()
    return show(
        request,
        "console/trust/tracking.html",
        "tracking",
        events=own_events(request.actor),
        kinds=[(kind.value, word(KINDS, kind)) for kind in MAPPABLE],
        may_map=request.actor.may(Permission.MAP_EVENTS),
        may_change=may_change,
        keys=[(key, heard.get(key.name, Heard())) for key in keys],
        figures=_figures(list(heard.values())),
        door=front_door(),
        platforms=[(one.value, word(PLATFORMS, one)) for one in Platform],
        **more,
    )


def _figures(heard: Sequence[Heard]) -> list[Figure]:
    understood, waiting = sum(one.activities for one in heard), sum(one.waiting for one in heard)
    days = _("in %(days)s days") % {"days": HEARD_DAYS}
    seen = Coverage(understood, understood + waiting or None, _("sent events"), 0.0)
    return [
        Figure(_("Understood"), written.number(understood), "#keys", note=days, coverage=seen),
        Figure(_("Kept, not understood"), written.number(waiting), reverse("quarantine"), note=days),
        Figure(
            _("Heard twice, counted once"),
            written.number(sum(one.repeats for one in heard)),
            "#keys",
            note=days,
        ),
    ]
