"""Today: what needs me? Who is to be thanked, by name and why; the next fortnight; the round in numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from guanxi.console import written
from guanxi.console.access import Asked, page
from guanxi.console.act.calendar import openings
from guanxi.console.act.holidays import holidays_on
from guanxi.console.figures import SHARES, Change, Coverage, Figure
from guanxi.console.influence.screening import suspects
from guanxi.console.people.faces import fan_title
from guanxi.console.people.fans import part_in_words
from guanxi.console.show import last_round, show, this_moment
from guanxi.console.today.waiting import waiting_for
from guanxi.customers.queries import cards
from guanxi.influence import queries as influence
from guanxi.lake.engine import Engine
from guanxi.lake.sight import lake_for
from guanxi.outreach.queries import campaigns
from guanxi.outreach.queries.month import days_of
from guanxi.records.actor import Actor, Permission
from guanxi.social.queries import scores
from guanxi.social.windows import month_window

THANKED, AHEAD_DAYS, PARTS = 5, 14, 3
SATURDAY = 5
Months = tuple[tuple[date, int], ...]


@dataclass(frozen=True, slots=True)
class Thanks:
    """Somebody to thank, and for what."""

    name: str
    href: str
    why: str
    band: str


@dataclass(frozen=True, slots=True)
class Ahead:
    """One of the next days: festivals, and campaigns that open then or have messages that wait for it."""

    day: date
    weekday: str
    is_rest: bool
    holidays: tuple[str, ...]
    plans: tuple[tuple[str, str], ...]


@page(Permission.SEE_SOCIAL)
def today(request: Asked) -> HttpResponseBase:
    """The day."""
    actor, moment = request.actor, this_moment()
    with lake_for(actor) as engine:
        months = scores.active_by_month(actor, engine)
        thanked = list(_thanks(actor, engine, months[0][0])) if months else []
        waiting = waiting_for(actor, engine)
        figures = list(_figures(actor, engine, months))
    return show(
        request,
        "console/today.html",
        "today",
        as_of=last_round(),
        today=moment.date(),
        month=months[0][0] if months else None,
        waiting=waiting,
        thanks=thanked,
        agenda=_agenda(actor, moment.date()),
        figures=figures,
    )


def _thanks(actor: Actor, engine: Engine, month: date) -> Iterator[Thanks]:
    held = suspects(actor, engine)
    best = scores.best(actor, engine, month_window(month), "campaign", limit=THANKED, without=held)
    sees = actor.may(Permission.SEE_INFLUENCE)
    known = (
        {w.fan: w.band for w in influence.weights_of(actor, engine, [f.fan for f in best])} if sees else {}
    )
    for fan in best:
        why = _("; ").join(part_in_words(part) for part in fan.parts[:PARTS])
        yield Thanks(
            fan_title(fan.fan, fan.name), reverse("fan", args=[fan.fan]), why, known.get(fan.fan, "")
        )


def _agenda(actor: Actor, first: date) -> list[Ahead]:
    plans: defaultdict[date, dict[str, str]] = defaultdict(dict)
    if actor.may(Permission.SEE_CAMPAIGNS):
        for row in days_of(actor, first, first + timedelta(days=AHEAD_DAYS - 1)):
            plans[row.day][row.name] = reverse("campaign", args=[row.campaign])
        for campaign in campaigns.campaigns(actor):
            for moment, note in openings(campaign):
                plans[moment.date()][note.text] = note.href
    days = (first + timedelta(days=n) for n in range(AHEAD_DAYS))
    return [
        Ahead(
            day,
            date_format(day, "D"),
            day.weekday() >= SATURDAY,
            tuple(str(name) for name in holidays_on(day)),
            tuple(plans[day].items()),
        )
        for day in days
    ]


def _figures(actor: Actor, engine: Engine, months: Months) -> Iterator[Figure]:
    yield from _heard(months)
    if actor.may(Permission.SEE_INFLUENCE):
        passed = influence.coverage(actor, engine)
        seen = Coverage(passed.named, passed.passed_on, SHARES)
        yield Figure(
            _("Moved, by name"), written.number(passed.named), reverse("fans"), side="social", coverage=seen
        )
    if actor.may(Permission.SEE_CUSTOMERS):
        for row in cards.currencies(actor, engine)[:1]:
            worth = written.money(row.amount, row.currency, whole=True)
            yield Figure(_("Paid"), worth, reverse("customers"), side="money", note=_("net of returns"))
    if actor.may(Permission.SEE_CAMPAIGNS):
        yield from _sent(actor)


def _heard(months: Months) -> Iterator[Figure]:
    if not months:
        return
    now, *before = months[:2]
    change = (
        Change(now[1], before[0][1], _("since %(month)s") % {"month": written.month_in_words(before[0][0])})
        if before
        else None
    )
    yield Figure(_("Heard from"), written.number(now[1]), reverse("fans"), _("fans"), "social", change=change)


def _sent(actor: Actor) -> Iterator[Figure]:
    rows = campaigns.campaigns(actor)
    sends, kept = sum(row.sends for row in rows), sum(row.drops + row.holds for row in rows)
    href = reverse("campaigns")
    yield Figure(_("To send"), written.number(sends), href, side="love", note=_("by the last plans"))
    yield Figure(
        _("Not sent on purpose"), written.number(kept), href, note=_("held or dropped, each with a reason")
    )
