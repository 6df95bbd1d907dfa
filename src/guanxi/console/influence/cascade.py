"""A content's cascade: who passed it on to whom, how deep and how fast, where it died and who revived it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.console import written
from guanxi.console.access import Asked, page
from guanxi.console.charts import Chart, Series
from guanxi.console.columns import Column
from guanxi.console.figures import Coverage, Figure
from guanxi.console.forest import forest
from guanxi.console.people.faces import fan_title
from guanxi.console.show import last_round, show
from guanxi.console.tables import whole_table
from guanxi.console.wish import wish_of
from guanxi.influence import queries
from guanxi.influence.cascades.forest import Branch, Generation, Revival, Telling, draw, tell
from guanxi.influence.cascades.queries import cascade_of
from guanxi.influence.kernels.cascade import ROOT, Cascade
from guanxi.lake.sight import lake_for
from guanxi.records.actor import Permission
from guanxi.social.queries.asking import names_of
from guanxi.social.queries.contents import content_title

NAMED = 3
_DAY = 86_400_000_000
COLUMNS = (
    Column("name", gettext_lazy("Fan"), href=lambda row: reverse("fan", args=[row.fan])),
    Column("below", gettext_lazy("Came through them"), "number", "social", narrow=True),
    Column("moved", gettext_lazy("Moved directly"), "number", "social", narrow=True),
    Column("hops", gettext_lazy("Hops from the start"), "number", narrow=True),
    Column("since", gettext_lazy("Came"), "moment"),
)


@dataclass(frozen=True, slots=True)
class BranchRow:
    """One person through whom others came."""

    fan: int
    name: str
    below: int
    moved: int
    hops: int
    since: datetime


@dataclass(frozen=True, slots=True)
class RevivalRow:
    """Who ended a pause."""

    name: str
    href: str
    at: datetime
    pause: str
    after: int


@page(Permission.SEE_INFLUENCE)
def cascade_page(request: Asked, pk: int) -> HttpResponseBase:
    """The cascade of one content."""
    wish, moment = wish_of(request, sort="below"), last_round()
    title = content_title(request.actor, pk) or _("content %(n)s") % {"n": pk}
    with lake_for(request.actor) as engine:
        cascade = cascade_of(request.actor, engine, pk, moment)
        seen = queries.coverage(request.actor, engine)
    told = tell(cascade)
    shown = told or _nothing()
    drawn = forest(cascade, draw(cascade)) if told else None
    people = {one.fan for one in shown.branches} | {one.fan for one in shown.revivals}
    people |= {one.fan for one in drawn.spots} if drawn else set()
    names = names_of(request.actor, people)
    spots = [(one, fan_title(one.fan, names.get(one.fan, ""))) for one in drawn.spots] if drawn else []
    return show(
        request,
        "console/influence/cascade.html",
        "content",
        as_of=moment,
        pk=pk,
        title=title,
        any=told is not None,
        figures=_figures(shown, Coverage(seen.named, seen.passed_on or None, _("shares"), floor=0.0)),
        forest=drawn,
        spots=spots,
        called=sorted(spots, key=lambda one: -one[0].below)[:NAMED],
        generations=[_generation(one) for one in shown.generations],
        worst=max(shown.generations, key=lambda one: one.ended, default=None),
        last_at=_moment(shown.last),
        revivals=[_revival(one, names) for one in shown.revivals],
        chart=_by_day(cascade) if told else None,
        seek=_("A fan's name"),
        table=whole_table(request, COLUMNS, wish, [_branch(one, names) for one in shown.branches]),
    )


def _nothing() -> Telling:
    return Telling(0, 0, 0, 0, 0, 0.0, (), (), ())


def _moment(microseconds: int) -> datetime:
    return datetime.fromtimestamp(microseconds / 1_000_000, UTC)


def _figures(told: Telling, coverage: Coverage) -> list[Figure]:
    deepest = max((one.hops for one in told.generations), default=0)
    return [
        Figure(
            _("Came through somebody"),
            written.number(told.came),
            "#sheet",
            _("fans"),
            "social",
            coverage=coverage,
        ),
        Figure(_("Began it"), written.number(told.began), "#generations", _("fans"), "social"),
        Figure(_("Hops at most"), written.number(deepest), "#generations"),
        Figure(_("Half of them within"), span(told.half_hours), "#pace"),
    ]


def span(hours: float) -> str:
    """So many hours in words, or days from two on."""
    if hours < 48:
        return _("%(n)s h") % {"n": written.number(hours, 1 if hours < 10 else 0)}
    return _("%(n)s days") % {"n": written.number(hours / 24, 1)}


def _generation(one: Generation) -> dict[str, object]:
    return {
        "hops": one.hops,
        "people": one.people,
        "movers": one.movers,
        "ended": one.ended,
        "median": "" if one.median_hours is None else span(one.median_hours),
        "share": one.ended / one.people,
    }


def _revival(one: Revival, names: Mapping[int, str]) -> RevivalRow:
    return RevivalRow(
        fan_title(one.fan, names.get(one.fan, "")),
        reverse("fan", args=[one.fan]),
        _moment(one.at),
        span(one.pause_hours),
        one.after,
    )


def _branch(one: Branch, names: Mapping[int, str]) -> BranchRow:
    return BranchRow(
        one.fan,
        fan_title(one.fan, names.get(one.fan, "")),
        one.below,
        one.moved,
        one.hops,
        _moment(one.since),
    )


def _by_day(cascade: Cascade) -> Chart:
    days = cascade.since[cascade.parent != ROOT] // _DAY
    first, last = int(days.min()), int(days.max())
    counts = np.bincount(days - first, minlength=last - first + 1)
    x = [str(date.fromordinal(date(1970, 1, 1).toordinal() + first + i)) for i in range(len(counts))]
    return Chart(
        "pace",
        "bars",
        _("Fans who came through somebody, by day (UTC)"),
        _("day"),
        _("fans"),
        x,
        [Series(_("fans"), counts.tolist(), "social")],
    )
