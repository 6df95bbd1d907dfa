"""What a platform's own lists told of an account, and the button that has them read now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.channels.registry import can_be_asked
from guanxi.composition import jobs
from guanxi.console.access import Asked, back, page
from guanxi.console.reasons import sentence
from guanxi.console.show import this_moment
from guanxi.console.words import word
from guanxi.listen.calling.actions import ask_reading
from guanxi.listen.calling.queries import ReadingRow, reading_of
from guanxi.records.actor import Actor, Permission
from guanxi.records.register import Place

STEPS: dict[str, Promise] = {
    "waiting": gettext_lazy("waiting for the worker"),
    "groups": gettext_lazy("groups and their members"),
    "followers": gettext_lazy("who follows, and what the platform says of them"),
    "tags": gettext_lazy("tags"),
}
COUNTS: dict[str, Promise] = {
    "listed": gettext_lazy("in the list of those who follow"),
    "followed": gettext_lazy("follow and were not known to"),
    "unfollowed": gettext_lazy("follow no more"),
    "added": gettext_lazy("came to an employee"),
    "parted": gettext_lazy("parted from an employee"),
    "described": gettext_lazy("described anew by the platform"),
    "tagged": gettext_lazy("tags put on at the platform"),
    "untagged": gettext_lazy("tags taken off at the platform"),
    "groups": gettext_lazy("groups that are open"),
    "joined": gettext_lazy("joined a group unheard"),
    "left": gettext_lazy("left a group unheard"),
}
ALWAYS = ("listed", "followed", "unfollowed")
PARTS: dict[str, Promise] = {
    "followers": gettext_lazy("who follows"),
    "tags": gettext_lazy("tags"),
    "groups": gettext_lazy("groups"),
    "members": gettext_lazy("who is in a group"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A reading in words; ``step`` is empty where nobody reads, ``told`` where no reading has ended."""

    step: str
    ended_at: datetime | None
    told: tuple[tuple[str, int], ...]
    untold: str
    refused: str


def shown(actor: Actor, platform: str, name: str, now: datetime) -> Shown | None:
    """What the account's page says of readings; None for a platform that can't be asked."""
    if not can_be_asked(platform):
        return None
    found = reading_of(actor, Place(platform, name), now)
    if found is None:
        return Shown("", None, (), "", "")
    told = [(word(COUNTS, kind), found.counts.get(kind, 0)) for kind in COUNTS if _says(found, kind)]
    code, _colon, detail = found.refusal.partition(": ")
    return Shown(
        word(STEPS, found.step) if found.step else "",
        found.ended_at,
        tuple(told) if found.ended_at else (),
        ", ".join(word(PARTS, part) for part in found.untold),
        sentence(code, detail) if code else "",
    )


@page(Permission.CHANGE_SETTINGS, deed=True)
def read(request: Asked, platform: str, name: str) -> HttpResponseBase:
    """The account's lists are read as soon as the worker is free."""
    now = this_moment()
    ask_reading(request.actor, Place(platform, name), now)
    jobs.reading.defer(platform=platform, account=name, timestamp=int(now.timestamp()))
    messages.success(request, _("Asked: what the lists tell is shown here as soon as they are read."))
    return back(request, reverse("account", args=[platform, name]))


def _says(found: ReadingRow, kind: str) -> bool:
    """What was not read to the end says nothing by a zero."""
    return (kind in ALWAYS and not found.refusal) or bool(found.counts.get(kind))
