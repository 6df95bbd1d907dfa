"""Health: can I trust these numbers? Coverage, lag, quarantine, jobs, and invariants with their last check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guanxi.composition.consumers import consumers
from guanxi.console import words, written
from guanxi.console.access import Asked, back, page
from guanxi.console.columns import Column
from guanxi.console.figures import Figure
from guanxi.console.show import last_round, show, this_moment
from guanxi.console.tables import whole_table
from guanxi.console.trust import checked
from guanxi.console.trust.alarms import account_alarms, failure_of
from guanxi.console.wish import wish_of
from guanxi.lake.freshness import freshness
from guanxi.listen import queries as listen
from guanxi.listen.hooks.actions import read_again
from guanxi.listen.hooks.queries import relays
from guanxi.records import queries as records
from guanxi.records.actor import Permission
from guanxi.social.queries import notices

BACKLOG = (
    Column("consumer", gettext_lazy("Consumer"), of=lambda row: words.word(checked.CONSUMERS, row.consumer)),
    Column("applied", gettext_lazy("Applied"), "number"),
    Column("waiting", gettext_lazy("Waiting"), "number"),
    Column("oldest_at", gettext_lazy("Oldest since"), "moment", optional=True),
    Column("moved_at", gettext_lazy("Last moved"), "moment"),
)
MARTS = (
    Column("table", gettext_lazy("Derived table"), of=lambda row: words.word(checked.MARTS, row.table)),
    Column("side", gettext_lazy("Database"), "side"),
    Column("as_of", gettext_lazy("Knows up to"), "moment"),
    Column("made_at", gettext_lazy("Made"), "moment"),
)
JOBS = (
    Column("name", gettext_lazy("Job"), of=lambda row: words.word(checked.JOBS, row.name)),
    Column("waiting", gettext_lazy("Waiting"), "number"),
    Column("running", gettext_lazy("Running"), "number"),
    Column("failed", gettext_lazy("Failed"), "number"),
    Column("ended_at", gettext_lazy("Last ended"), "moment"),
)
QUARANTINE = (
    Column("position", gettext_lazy("Where")),
    Column("source", gettext_lazy("Source"), narrow=True),
    Column("reason", gettext_lazy("Why"), "reasons", narrow=True),
    Column("raw", gettext_lazy("As it came"), "wrap", needs=Permission.SEE_PERSONAL),
    Column("kept_in", gettext_lazy("Database"), "side"),
    Column("heard_at", gettext_lazy("Heard"), "moment", narrow=True),
)
HEARD = (
    Column("source", gettext_lazy("Source")),
    Column("day", gettext_lazy("Day"), "day", narrow=True),
    Column("activities", gettext_lazy("Activities"), "number", narrow=True),
    Column("duplicates", gettext_lazy("Heard twice, counted once"), "number", narrow=True),
)
NOTICES = (
    Column("name", gettext_lazy("Notice"), "plain", of=lambda row: notice_name(row.name)),
    Column("platform", gettext_lazy("Platform"), "platform", narrow=True),
    Column("account_name", gettext_lazy("Account"), narrow=True),
    Column("count", gettext_lazy("Times"), "number", narrow=True),
    Column("fans", gettext_lazy("Of how many fans"), "number"),
    Column("last_at", gettext_lazy("Last noted"), "moment"),
)
RELAYS = (
    Column("name", gettext_lazy("Account")),
    Column("platform", gettext_lazy("Platform"), "platform", narrow=True),
    Column("passed", gettext_lazy("Relayed"), "number", narrow=True),
    Column("failed", gettext_lazy("Failed"), "number", narrow=True),
    Column("failure", gettext_lazy("Why the last one failed"), "wrap", narrow=True, of=failure_of),
    Column("last_failed_at", gettext_lazy("Last failed"), "moment", optional=True),
    Column("last_passed_at", gettext_lazy("Last relayed"), "moment"),
)
PROMISES: dict[str, Promise] = {
    "social_counted_once": gettext_lazy("Social side: nothing accepted is lost, nothing counted twice"),
    "customers_counted_once": gettext_lazy("Customers side: nothing accepted is lost, nothing counted twice"),
    "social_files_whole": gettext_lazy("Social side: every listed file is there, whole"),
    "customers_files_whole": gettext_lazy("Customers side: every listed file is there, whole"),
    "relationship_files_whole": gettext_lazy("Relationship: every listed file is there, whole"),
    "social_engagement_once": gettext_lazy("No engagement is in the lake twice"),
    "customers_orders_once": gettext_lazy("No order is in the lake twice"),
    "correlation_promises": gettext_lazy("Persons are what their links make them"),
    "loyalty_promises": gettext_lazy("The ledger sums to zero, and no balance is negative"),
    "outreach_promises": gettext_lazy("Nobody was sent more than the leash allows, or anything twice"),
    "derived_equal_rebuild": gettext_lazy("Every derived table equals its own rebuild"),
}


@dataclass(frozen=True, slots=True)
class Light:
    """One promise: its lamp, and what was checked."""

    text: str
    detail: str
    tone: str
    when: str


def notice_name(code: str) -> str:
    """A platform's notice in words; one that is not known keeps the platform's own name."""
    return str(words.NOTICES[code]) if code in words.NOTICES else code.replace("_", " ")


@page(Permission.SEE_TRUST)
def health(request: Asked) -> HttpResponseBase:
    """What waits, what could not be read, what runs, and what was promised."""
    backlog = listen.backlogs(request.actor, consumers())
    lights = [_light(row) for row in records.checks(request.actor)]
    aside = wish_of(request)
    return show(
        request,
        "console/trust/health.html",
        "health",
        as_of=last_round(),
        figures=_figures(request, backlog, lights),
        lights=lights,
        backlog=whole_table(request, BACKLOG, aside, backlog),
        marts=whole_table(request, MARTS, aside, freshness()),
        jobs=whole_table(request, JOBS, aside, records.jobs(request.actor)),
        alarms=[*_of_accounts(request), *map(_alarm, notices.alarms(request.actor, this_moment()))],
        relays=whole_table(request, RELAYS, aside, relays(request.actor)),
        notices=whole_table(request, NOTICES, aside, notices.notices(request.actor, this_moment())),
    )


@page(Permission.SEE_TRUST)
def quarantine(request: Asked) -> HttpResponseBase:
    """What could not be read, with place and reason."""
    wish = wish_of(request, sort="heard_at")
    shown = whole_table(request, QUARANTINE, wish, listen.quarantine(request.actor))
    return show(
        request,
        "console/trust/quarantine.html",
        "health",
        table=shown,
        seek=_("Find in quarantine"),
        pushes=listen.pushes_waiting(request.actor) if request.actor.may(Permission.MAP_EVENTS) else 0,
    )


@page(Permission.MAP_EVENTS, deed=True)
def read_pushes_again(request: Asked) -> HttpResponseBase:
    """What platforms pushed and nobody understood then is read by what is known today."""
    found = read_again(request.actor)
    told = ngettext("%(n)s push was read.", "%(n)s pushes were read.", found.replayed)
    messages.success(request, told % {"n": written.number(found.replayed)})
    if found.still_unreadable:
        left = _("%(n)s still can't be read and stay here.")
        messages.warning(request, left % {"n": written.number(found.still_unreadable)})
    return back(request, reverse("quarantine"))


@page(Permission.SEE_TRUST)
def heard(request: Asked) -> HttpResponseBase:
    """What each source sent, day by day."""
    wish = wish_of(request, sort="day")
    shown = whole_table(request, HEARD, wish, listen.heard(request.actor))
    return show(request, "console/trust/heard.html", "health", table=shown, seek=_("Find a source"))


def _figures(request: Asked, backlog: Sequence[listen.Backlog], lights: Sequence[Light]) -> list[Figure]:
    waiting = sum(row.waiting for row in backlog)
    broken = sum(light.tone == "stop" for light in lights)
    days = listen.heard(request.actor)
    return [
        Figure(
            _("Heard"),
            written.number(sum(row.activities for row in days)),
            reverse("heard"),
            note=_("%(n)s heard twice, counted once")
            % {"n": written.number(sum(r.duplicates for r in days))},
        ),
        Figure(_("Waiting to be applied"), written.number(waiting), note=_("by all consumers")),
        Figure(_("In quarantine"), written.number(listen.quarantined(request.actor)), reverse("quarantine")),
        Figure(
            _("Promises kept"),
            _("%(kept)s of %(all)s") % {"kept": len(lights) - broken, "all": len(lights)}
            if lights
            else written.ABSENT,
            note=_("as last checked") if lights else _("never checked yet"),
        ),
    ]


def _light(row: records.CheckRow) -> Light:
    tone = "go" if row.holds else "stop"
    return Light(
        words.word(PROMISES, row.name),
        checked.in_words(row.holds, row.detail),
        tone,
        written.moment(row.checked_at),
    )


def _of_accounts(request: Asked) -> list[Light]:
    found = account_alarms(request.actor, this_moment())
    return [Light(one.text, one.why, "stop", one.since) for one in found]


def _alarm(row: notices.Alarm) -> Light:
    platform = words.word(words.PLATFORMS, row.platform)
    return Light(
        notice_name(row.name), f"{platform} {row.account_name}", "stop", written.moment(row.happened_at)
    )
