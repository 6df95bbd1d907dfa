"""Leash: are we a nuisance? The next days, who hears how much of us, and the restraint in force."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.consent import queries as consent
from guanxi.console import written
from guanxi.console.access import Asked, page
from guanxi.console.charts import Chart, Series
from guanxi.console.columns import Column
from guanxi.console.figures import Figure
from guanxi.console.show import last_round, show
from guanxi.console.tables import whole_table
from guanxi.console.trust.behind import PRESSURE_DAYS, ahead_href, reached_href
from guanxi.console.trust.treatments import all_given
from guanxi.console.wish import wish_of
from guanxi.lake.sight import lake_for
from guanxi.outreach.leash import Leash
from guanxi.outreach.queries import campaigns, pressure
from guanxi.outreach.queries.leash import leash_in_force
from guanxi.records.actor import Actor, Permission

COLUMNS = (
    Column("name", gettext_lazy("Campaign"), href=lambda row: reverse("campaign", args=[row.id])),
    Column("state", gettext_lazy("State"), "state", narrow=True),
    Column("persons", gettext_lazy("Persons"), "number"),
    Column("sends", gettext_lazy("Send"), "number", narrow=True),
    Column("holds", gettext_lazy("Hold"), "number", narrow=True),
    Column("drops", gettext_lazy("Not sent on purpose"), "number"),
    Column("planned_as_of", gettext_lazy("Planned"), "moment"),
)


@page(Permission.SEE_TRUST)
def leash(request: Asked) -> HttpResponseBase:
    """The next seven days, the pressure of the last thirty, and every campaign's restraint."""
    wish = wish_of(request, sort="planned_as_of")
    moment = last_round()
    with lake_for(request.actor) as engine:
        ahead = pressure.days_ahead(request.actor, engine, moment)
        heard = pressure.pressure(request.actor, engine, moment, PRESSURE_DAYS)
    return show(
        request,
        "console/trust/leash.html",
        "leash",
        as_of=moment,
        rules=_rules(leash_in_force()),
        treatments=all_given(),
        may_treat=request.actor.may(Permission.CHANGE_SETTINGS),
        figures=_figures(request.actor, ahead, heard),
        ahead=_ahead(ahead) if any(day.sends or day.holds or day.dues for day in ahead) else None,
        heard=_heard(heard),
        heard_any=bool(heard),
        seek=_("Find a campaign"),
        table=whole_table(request, COLUMNS, wish, campaigns.campaigns(request.actor)),
    )


def _rules(found: Leash) -> list[tuple[str, str]]:
    cap, hours = found.cap, found.hours
    most = (
        _("no cap")
        if cap.sends_max is None
        else _("%(n)s messages in %(days)s days") % {"n": cap.sends_max, "days": cap.days}
    )
    span = (
        _("from %(opens)s to %(closes)s where they are")
        % {"opens": f"{hours.opens:%H:%M}", "closes": f"{hours.closes:%H:%M}"}
        if hours
        else _("at any hour")
    )
    days = found.due_after_days
    due = _("after %(days)s days of silence") % {"days": days} if days is not None else _("never")
    return [(_("At most, to one person"), most), (_("We speak"), span), (_("Due to hear from us"), due)]


def _figures(
    actor: Actor, ahead: Sequence[pressure.DayAhead], heard: Sequence[pressure.PressureRow]
) -> list[Figure]:
    said = consent.totals(actor)
    people = sum(row.persons for row in heard)
    messages = sum(row.persons * row.sends for row in heard)
    each = written.number(messages / people, 2) if people else written.ABSENT
    reached = _("%(people)s people in %(days)s days") % {
        "people": written.number(people),
        "days": PRESSURE_DAYS,
    }
    return [
        Figure(_("Messages a person"), each, reached_href(), side="love", note=reached),
        Figure(
            _("Waiting to go out"), written.number(sum(day.sends for day in ahead)), "#ahead", side="love"
        ),
        Figure(
            _("Consented"),
            written.number(said.granted),
            _said("consented"),
            note=_("to at least one purpose and channel"),
        ),
        Figure(_("Withdrew"), written.number(said.withdrew), _said("withdrew")),
        Figure(_("On the suppression list"), written.number(said.suppressed), _said("suppressed")),
        Figure(_("Asked not to be profiled"), written.number(said.unprofiled), _said("unprofiled")),
    ]


def _said(standing: str) -> str:
    return reverse("said", args=[standing])


def _ahead(days: Sequence[pressure.DayAhead]) -> Chart:
    return Chart(
        "ahead",
        "stacked",
        _("Messages that go out, holds that end, and people whose silence grows too long, day by day (UTC)"),
        _("Day"),
        _("People"),
        [written.day(day.day) for day in days],
        [
            _bars(_("sends"), days, "sends", "love"),
            _bars(_("holds that end"), days, "holds", "money"),
            _bars(_("due"), days, "dues", "social"),
        ],
    )


def _bars(name: str, days: Sequence[pressure.DayAhead], what: str, tone: str) -> Series:
    """One sort of people, day by day; each bar opens them."""
    hrefs = [ahead_href(what, day.day) for day in days]
    return Series(name, [getattr(day, what) for day in days], tone, hrefs=hrefs)


def _heard(rows: Sequence[pressure.PressureRow]) -> Chart:
    return Chart(
        "heard",
        "bars",
        _("How many people got one message, two, three, within the last %(days)s days")
        % {"days": PRESSURE_DAYS},
        _("Messages"),
        _("People"),
        [str(row.sends) for row in rows],
        [
            Series(
                _("people"),
                [row.persons for row in rows],
                "love",
                hrefs=[reached_href(row.sends) for row in rows],
            )
        ],
    )
