"""Behind the Leash's bars: the people of a day ahead, or those who got so many messages; each bar's own list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.console import written
from guanxi.console.access import Asked, page
from guanxi.console.act.faces import named, page_of
from guanxi.console.choices import Choice, choice
from guanxi.console.columns import Column
from guanxi.console.show import last_round, show
from guanxi.console.tables import sort_key, table
from guanxi.console.wish import Wish, wish_of
from guanxi.lake.engine import Engine
from guanxi.lake.sight import lake_for
from guanxi.outreach.queries import behind
from guanxi.records.actor import Actor, Permission
from guanxi.vocabulary.ids import split

PRESSURE_DAYS, DAYS_AHEAD = 30, 7
WHAT: dict[str, Promise] = {
    "sends": gettext_lazy("their message goes out"),
    "holds": gettext_lazy("their hold ends"),
    "dues": gettext_lazy("silent for too long"),
}
HEARD = "heard"


@dataclass(frozen=True, slots=True)
class Line:
    """One person with the name that the reader may see."""

    name: str
    row: behind.PersonRow


WHO = Column(
    "person",
    gettext_lazy("Who"),
    of=lambda line: line.name,
    href=lambda line: page_of(*split(line.row.person)),
)
NUMBER = Column(
    "identity", gettext_lazy("Number"), sortable=False, optional=True, of=lambda line: line.row.person
)
AHEAD = (
    WHO,
    Column("moment", gettext_lazy("When"), "moment", narrow=True, of=lambda line: line.row.moment),
    Column(
        "campaign",
        gettext_lazy("Campaign"),
        narrow=True,
        sortable=False,
        of=lambda line: line.row.campaign_name,
        href=lambda line: reverse("campaign", args=[line.row.campaign]) if line.row.campaign else "",
    ),
    NUMBER,
)
REACHED = (
    WHO,
    Column("sends", gettext_lazy("Messages"), "number", narrow=True, of=lambda line: line.row.sends),
    Column("moment", gettext_lazy("The last"), "moment", narrow=True, of=lambda line: line.row.moment),
    NUMBER,
)


def ahead_href(what: str, day: date) -> str:
    """The address of the people behind one bar of the days ahead."""
    return f"{reverse('behind_leash')}?{urlencode({'what': what, 'day': day.isoformat()})}"


def reached_href(sends: int | None = None) -> str:
    """The address of the people who got so many messages; of all who got any where none is said."""
    number = {} if sends is None else {"messages": sends}
    return f"{reverse('behind_leash')}?{urlencode({'what': HEARD, **number})}"


@page(Permission.SEE_TRUST)
def people(request: Asked) -> HttpResponseBase:
    """The people of one bar, soonest or most messages first."""
    wish, moment = wish_of(request), last_round()
    what = wish.chosen("what", WHAT)
    day = _day(wish, moment)
    with lake_for(request.actor) as engine:
        found = (
            _ahead(request.actor, engine, wish, moment, what, day)
            if what
            else _reached(request.actor, engine, wish, moment)
        )
    names = named(request.actor, [row.person for row in found.rows])
    lines = [Line(names[row.person], row) for row in found.rows]
    return show(
        request,
        "console/trust/behind.html",
        "leash",
        as_of=moment,
        title=_title(what, day, wish.chosen_number("messages") or 0),
        choices=_choices(wish, moment) if what else [],
        kept={} if what else {k: wish.choices[k] for k in ("what", "messages") if k in wish.choices},
        table=table(request, AHEAD if what else REACHED, wish, lines, found.total),
    )


def _ahead(
    actor: Actor, engine: Engine, wish: Wish, moment: datetime, what: str, day: date
) -> behind.PersonPage:
    falling = wish.descending and bool(wish.sort)
    sort = ("-" if falling else "") + sort_key(AHEAD, wish, "moment")
    return behind.people_ahead(actor, engine, moment, what, day, sort, wish.offset, wish.limit)  # type: ignore[arg-type]


def _reached(actor: Actor, engine: Engine, wish: Wish, moment: datetime) -> behind.PersonPage:
    sort = ("-" if wish.descending else "") + sort_key(REACHED, wish, "sends")
    sends = wish.chosen_number("messages") or 0
    return behind.people_reached(actor, engine, moment, PRESSURE_DAYS, sends, sort, wish.offset, wish.limit)


def _days(moment: datetime) -> Sequence[date]:
    return [moment.date() + timedelta(days=n) for n in range(DAYS_AHEAD)]


def _day(wish: Wish, moment: datetime) -> date:
    wanted = {day.isoformat(): day for day in _days(moment)}
    return wanted.get(wish.chosen("day"), moment.date())


def _choices(wish: Wish, moment: datetime) -> list[Choice]:
    return [
        choice(wish, "what", _("Why they are here"), WHAT),
        choice(wish, "day", _("Today"), {day.isoformat(): written.day(day) for day in _days(moment)}),
    ]


def _title(what: str, day: date, messages: int) -> str:
    when = {"day": written.day_in_words(day)}
    titles = {
        "sends": _("Whose message goes out on %(day)s") % when,
        "holds": _("Whose hold ends on %(day)s") % when,
        "dues": _("Whom we leave in silence for too long from %(day)s") % when,
    }
    if what in titles:
        return titles[what]
    span = {"n": written.number(messages), "days": PRESSURE_DAYS}
    if messages:
        return _("Who got %(n)s messages in %(days)s days") % span
    return _("Who heard from us in %(days)s days") % span
