"""Calendar: what goes out this month, among which holidays, and how much of the platforms' quotas is left."""

from __future__ import annotations

import calendar as weeks
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from guanxi.console import words, written
from guanxi.console.access import Asked, page
from guanxi.console.act.holidays import holidays_on
from guanxi.console.figures import Figure
from guanxi.console.show import last_round, show, this_moment
from guanxi.outreach.queries import campaigns
from guanxi.outreach.queries.month import DayRow, QuotaRow, days_of, quotas
from guanxi.records.actor import Actor, Permission


@dataclass(frozen=True, slots=True)
class Note:
    """A line in a day: a holiday or a campaign."""

    text: str
    href: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """One square of the month."""

    day: date
    inside: bool
    today: bool
    notes: tuple[Note, ...]


@page(Permission.SEE_CAMPAIGNS)
def month(request: Asked) -> HttpResponseBase:
    """The month in the address, else the present one."""
    now = this_moment()
    first = _first_of(request.GET.get("month", ""), now.date())
    rows = days_of(request.actor, *_ends(first))
    found = quotas(request.actor, now)
    return show(
        request,
        "console/act/calendar.html",
        "calendar",
        month=first,
        before=_shifted(first, -1),
        after=_shifted(first, 1),
        weeks=_weeks(request.actor, first, now.date(), rows),
        weekdays=[_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")],
        figures=_figures(rows, found, first),
        quotas=found,
        as_of=last_round(),
    )


def _first_of(text: str, today: date) -> date:
    try:
        return datetime.strptime(text, "%Y-%m").date() if text else today.replace(day=1)  # noqa: DTZ007
    except ValueError:
        return today.replace(day=1)


def _shifted(first: date, months: int) -> str:
    place = first.year * 12 + first.month - 1 + months
    return f"{place // 12:04d}-{place % 12 + 1:02d}"


def _ends(first: date) -> tuple[date, date]:
    shown = list(weeks.Calendar().itermonthdates(first.year, first.month))
    return shown[0], shown[-1]


def _weeks(actor: Actor, first: date, today: date, rows: tuple[DayRow, ...]) -> list[list[Day]]:
    by_day: defaultdict[date, list[Note]] = defaultdict(list)
    for row in rows:
        by_day[row.day].append(_sent(row))
    for campaign in campaigns.campaigns(actor):
        if campaign.planned_as_of and campaign.state == "planned":
            by_day[campaign.planned_as_of.date()].append(_planned(campaign))
        for moment, note in openings(campaign):
            by_day[moment.date()].append(note)
    return [
        [_square(day, first, today, by_day[day]) for day in week]
        for week in weeks.Calendar().monthdatescalendar(first.year, first.month)
    ]


def _square(day: date, first: date, today: date, notes: list[Note]) -> Day:
    holidays = [Note(str(name), tone="holiday") for name in holidays_on(day)]
    return Day(day, day.month == first.month, day == today, (*holidays, *notes))


def _sent(row: DayRow) -> Note:
    href = reverse("campaign", args=[row.campaign])
    if row.sent:
        return Note(f"{written.number(row.sent)} · {row.name}", href, "sent")
    return Note(_("%(n)s wait · %(name)s") % {"n": written.number(row.waiting), "name": row.name}, href)


def _planned(row: campaigns.CampaignRow) -> Note:
    return Note(_("planned · %(name)s") % {"name": row.name}, reverse("campaign", args=[row.id]))


def openings(row: campaigns.CampaignRow) -> list[tuple[datetime, Note]]:
    """When a campaign opens, and when early access to it begins; nothing of one that was stopped."""
    if row.opens_at is None or row.first_at is None or row.state == "stopped":
        return []
    href = reverse("campaign", args=[row.id])

    def note(text: str, moment: datetime) -> tuple[datetime, Note]:
        return moment, Note(text % {"time": f"{moment:%H:%M}", "name": row.name}, href)

    found = [note(_("opens %(time)s · %(name)s"), row.opens_at)]
    if row.first_at < row.opens_at:
        found.append(note(_("early access %(time)s · %(name)s"), row.first_at))
    return found


def _figures(rows: tuple[DayRow, ...], found: tuple[QuotaRow, ...], first: date) -> list[Figure]:
    inside = [row for row in rows if row.day.month == first.month]
    sent, waiting = sum(row.sent for row in inside), sum(row.waiting for row in inside)
    shown = [
        Figure(_("Sent this month"), written.number(sent), href=reverse("campaigns"), side="love"),
        Figure(_("Waiting to go out"), written.number(waiting), href=reverse("leash"), side="love"),
    ]
    return [*shown, *(_quota(row) for row in found)]


def _quota(row: QuotaRow) -> Figure:
    label = {
        "calendar_month": _("%(platform)s: mass messages left this month"),
        "calendar_day": _("%(platform)s: mass messages left today"),
    }[row.over]
    return Figure(
        _text(label) % {"platform": words.word(words.PLATFORMS, row.platform)},
        _("%(left)s of %(max)s") % {"left": row.left, "max": row.sends_max},
        href=f"{reverse('settings')}?tab=rules&q={row.rule}",
        note=_("for whoever has got most; anew on %(day)s") % {"day": written.day(row.renews_on)},
    )


def _text(label: str | Promise) -> str:
    return str(label)
