"""Results: what did social bring? Pareto, the crosswalk, effects as intervals, sends saved; each with coverage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from guanxi.console import written
from guanxi.console.access import Asked, page
from guanxi.console.charts import Chart, Mark, Series
from guanxi.console.columns import Column
from guanxi.console.crossing import grid_of
from guanxi.console.effects import Shown, effects_of
from guanxi.console.figures import Coverage, Figure
from guanxi.console.reasons import sentence
from guanxi.console.show import last_round, show
from guanxi.console.tables import whole_table
from guanxi.console.wish import wish_of
from guanxi.lake.engine import Engine
from guanxi.lake.sight import lake_for
from guanxi.measurement import queries
from guanxi.measurement.crosswalk import Crosswalk
from guanxi.measurement.pareto import Curve
from guanxi.outreach.queries.campaigns import campaigns
from guanxi.records.actor import Actor, Permission, require

FIFTH = 0.2
EFFECTS_SHOWN = 12
BASELINES: dict[str, Promise] = {
    "everyone_once": gettext_lazy("everybody in the audience once, as a sender without a leash would"),
}


@dataclass(frozen=True, slots=True)
class SavedRow:
    """What one campaign did not send."""

    campaign: int
    name: str
    people: int
    sent: int
    waiting: int
    held_out: int
    saved: int
    share: float | None
    planned_last: datetime


SAVED = (
    Column("name", gettext_lazy("Campaign"), href=lambda row: reverse("campaign", args=[row.campaign])),
    Column("people", gettext_lazy("Baseline"), "number", unit=pgettext_lazy("unit", "sends")),
    Column("sent", gettext_lazy("Sent"), "number", narrow=True),
    Column("waiting", gettext_lazy("Waiting"), "number"),
    Column("saved", gettext_lazy("Not sent"), "number", narrow=True),
    Column("share", gettext_lazy("Saved"), "bar", "love", narrow=True),
    Column("held_out", gettext_lazy("of these in the holdout"), "number"),
    Column("planned_last", gettext_lazy("Planned"), "moment", optional=True),
)


@page(Permission.SEE_RESULTS)
def results(request: Asked) -> HttpResponseBase:
    """The whole page; refused for whoever may not see customers and links, for it tells of both."""
    for permission in (Permission.SEE_CUSTOMERS, Permission.SEE_LINKS):
        require(request.actor, permission)
    wish, moment = wish_of(request, sort="planned_last"), last_round()
    with lake_for(request.actor) as engine:
        revenue = queries.pareto_of_revenue(request.actor, engine)
        reach = queries.pareto_of_reach(request.actor, engine)
        cross = queries.crosswalk_grid(request.actor, engine)
        saved = _saved(request.actor, engine, moment)
        effects = _effects(request.actor, engine, saved)
    return show(
        request,
        "console/results.html",
        "results",
        as_of=moment,
        figures=_figures(revenue, reach, cross, saved, effects),
        curves=[_curve("revenue", revenue, cross.currency), _curve("reach", reach, "")],
        cannot=[(name, sentence(curve.code)) for name, curve in _unsaid(revenue, reach)],
        grid=grid_of(cross),
        covered=[
            Coverage(*_of_thousand(cross.fans_linked), _("fans, through links"), floor=0.0),
            Coverage(*_of_thousand(cross.customers_linked), _("customers, through links"), floor=0.0),
        ],
        currency=cross.currency,
        effects=effects,
        baseline=BASELINES["everyone_once"],
        seek=_("Find a campaign"),
        table=whole_table(request, SAVED, wish, saved),
    )


def _unsaid(revenue: Curve, reach: Curve) -> list[tuple[str, Curve]]:
    named = ((_("Revenue by customers"), revenue), (_("Reach by fans"), reach))
    return [(name, curve) for name, curve in named if curve.code]


def _saved(actor: Actor, engine: Engine, moment: datetime) -> list[SavedRow]:
    names = {row.id: row.name for row in campaigns(actor)}
    return [
        SavedRow(
            row.campaign,
            names.get(row.campaign, str(row.campaign)),
            row.people,
            row.saved.sent,
            row.saved.waiting,
            row.held_out,
            row.saved.saved,
            row.saved.share,
            row.planned_last,
        )
        for row in queries.campaign_sends(actor, engine, moment)
    ]


def _effects(actor: Actor, engine: Engine, rows: list[SavedRow]) -> list[Shown]:
    latest = rows[:EFFECTS_SHOWN]
    return [effects_of(row.name, queries.campaign_results(actor, engine, row.campaign)) for row in latest]


def _figures(
    revenue: Curve, reach: Curve, cross: Crosswalk, saved: list[SavedRow], effects: list[Shown]
) -> list[Figure]:
    linked = sum(cell.people for cell in cross.cells if "unlinked" not in (cell.band, cell.rfm_class))
    fifth = _("of revenue from the best 20 %% of customers") % ()
    reached = _("of people moved, by the best 20 %% of fans") % ()
    kept, of = sum(row.saved for row in saved), sum(row.people for row in saved)
    share = written.share(kept / of) if of else written.ABSENT
    return [
        Figure(
            _("Revenue"),
            written.share(revenue.by_fifth),
            href=f"{reverse('customers')}?sort=-monetary",
            side="money",
            note=fifth,
            coverage=_seen(revenue, _("orders")),
        ),
        Figure(
            _("Reach"),
            written.share(reach.by_fifth),
            href=f"{reverse('map')}#weightiest",
            side="social",
            note=reached,
            coverage=_seen(reach, _("fans' weights")),
        ),
        Figure(
            _("Seen on both sides"),
            written.number(linked),
            href=reverse("links"),
            unit=_("people"),
            side="customers",
            coverage=Coverage(*_of_thousand(cross.fans_linked), _("fans, through links"), floor=0.0),
        ),
        Figure(
            _("Not sent on purpose"), written.number(kept), "#saved", pgettext("unit", "sends"), "love", share
        ),
        _clear(effects),
    ]


def _clear(effects: list[Shown]) -> Figure:
    """How many campaigns changed something beyond doubt."""
    sure = sum(1 for one in effects if one.is_sure)
    text = _("%(sure)s of %(all)s") % {"sure": sure, "all": len(effects)}
    return Figure(
        _("Campaigns with a clear effect"), text, "#effects", note=_("an interval that leaves zero out")
    )


def _seen(curve: Curve, what: str) -> Coverage:
    return Coverage(*_of_thousand(curve.coverage), what, floor=0.0)


def _of_thousand(share: float | None) -> tuple[int, int | None]:
    """A known share as so many of a thousand; an unknown one as of an unknown whole."""
    return (0, None) if share is None else (round(share * 1000), 1000)


def _curve(name: str, curve: Curve, currency: str) -> Chart | None:
    if curve.code:
        return None
    is_money = name == "revenue"
    caption = (
        _("Net revenue (%(currency)s) by share of customers, the best first") % {"currency": currency}
        if is_money
        else _("People moved directly, by share of fans, the most moving first")
    )
    places = [place for place, _share in curve.shares]
    best = _("the best 20 %%: %(share)s") % {"share": written.share(curve.by_fifth)}
    return Chart(
        name,
        "lines",
        caption,
        _("share of customers") if is_money else _("share of fans"),
        _("share of revenue") if is_money else _("share of people moved"),
        places,
        [
            Series(
                _("the best bring"),
                [share for _place, share in curve.shares],
                "money" if is_money else "social",
            ),
            Series(_("if all brought the same"), places, "soft", dashed=True),
        ],
        marks=[Mark(FIFTH, best)],
        share=True,
        x_share=True,
    )
