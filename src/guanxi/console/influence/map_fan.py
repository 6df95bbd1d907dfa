"""One fan on the map in words and numbers: ripples hop by hop, the circle, and what came through them, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from django.http import HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guanxi.console import written
from guanxi.console.access import Asked, page
from guanxi.console.act.faces import fan_number, visible_name
from guanxi.console.columns import Column
from guanxi.console.figures import Coverage, Figure
from guanxi.console.show import last_round, show
from guanxi.console.tables import whole_table
from guanxi.console.wish import wish_of
from guanxi.influence import queries
from guanxi.influence.cascades.replays import Replay
from guanxi.influence.circles import queries as circles
from guanxi.influence.map.hops import hops_from
from guanxi.influence.map.queries import MapView, came_through, map_view
from guanxi.lake.sight import lake_for
from guanxi.records.actor import Actor, Permission
from guanxi.social.queries.asking import names_of
from guanxi.social.queries.contents import titles_of

REPLAYED = 4_000
CIRCLED = 20_000
SAME = {
    "band": gettext_lazy("the same band"),
    "taste": gettext_lazy("the same taste"),
    "city": gettext_lazy("the same city"),
}
COLUMNS = (
    Column("at", gettext_lazy("When"), "moment"),
    Column("name", gettext_lazy("Fan"), narrow=True, href=lambda row: reverse("fan", args=[row.fan])),
    Column("by", gettext_lazy("Through"), narrow=True, href=lambda row: reverse("fan", args=[row.through])),
    Column("hops", gettext_lazy("Hops"), "number", narrow=True),
    Column("title", gettext_lazy("Content"), href=lambda row: reverse("cascade", args=[row.content])),
)


@dataclass(frozen=True, slots=True)
class Step:
    """Somebody came to a content through somebody."""

    at: datetime
    fan: int
    name: str
    through: int
    by: str
    hops: int
    content: int
    title: str


@dataclass(frozen=True, slots=True)
class Hop:
    """So many steps away: fans of the map reached by its ties, and who came through the fan as it was seen."""

    hops: int
    on_map: int
    people: int
    came: int


@page(Permission.SEE_INFLUENCE)
def map_fan(request: Asked, fan: int) -> HttpResponseBase:
    """What the map shows of one fan, as tables."""
    wish, moment, actor = wish_of(request, sort="at"), last_round(), request.actor
    with lake_for(actor) as engine:
        view = map_view(actor, engine)
        known = queries.weights_of(actor, engine, [fan])
        seen = queries.coverage(actor, engine)
        came = came_through(actor, engine, fan, moment)
    coverage = Coverage(seen.named, seen.passed_on or None, _("shares"), floor=0.0)
    name = visible_name(names_of(actor, [fan]).get(fan), fan_number(fan))
    return show(
        request,
        "console/influence/map_fan.html",
        "map",
        as_of=moment,
        fan=fan,
        title=name,
        on_map=view.place_of(fan) is not None,
        figures=_figures(known[0] if known else None, came, coverage),
        hops=_hops(view, fan, came),
        seek=_("A fan's name or a content"),
        table=whole_table(request, COLUMNS, wish, _steps(actor, came)),
    )


@page(Permission.SEE_INFLUENCE)
def map_replay(request: Asked, fan: int) -> HttpResponseBase:
    """The same steps as the browser replays them: seconds, who, through whom, hops; the first so many."""
    with lake_for(request.actor) as engine:
        came = came_through(request.actor, engine, fan, last_round())
    shown = slice(0, REPLAYED)
    return JsonResponse(
        {
            "all": len(came),
            "at": (came.at[shown] // 1_000_000).tolist(),
            "fan": came.fan[shown].tolist(),
            "through": came.through[shown].tolist(),
            "hops": came.hops[shown].tolist(),
        }
    )


@page(Permission.SEE_INFLUENCE)
def map_circle(request: Asked, fan: int) -> HttpResponseBase:
    """Who shares a tie with the fan, and in how many of band, taste and city each is alike; all of it in words."""
    with lake_for(request.actor) as engine:
        found = circles.peers(request.actor, engine, fan, "", "-alike", 0, CIRCLED)
        around = circles.circle_of(request.actor, engine, fan)
    return JsonResponse(
        {
            "fan": [row.fan for row in found.rows],
            "alike": [row.alike for row in found.rows],
            "told": _alike_told(around, found.total),
        }
    )


def _alike_told(around: Sequence[circles.AroundRow], people: int) -> str:
    """How many are alike in what; what is not known of the fan is left out."""
    if not people:
        return _("Nobody is known around them.")
    said = [
        f"{SAME[row.trait]} {written.number(row.alike)}"
        for row in around
        if row.trait in SAME and row.value is not None
    ]
    whole = ngettext("%(n)s person around them", "%(n)s people around them", people)
    return _("; ").join([whole % {"n": written.number(people)}, *said])


def _figures(known: queries.FanWeight | None, came: Replay, coverage: Coverage) -> list[Figure]:
    return [
        Figure(
            _("Moved directly"),
            written.number(known.direct if known else 0),
            unit=_("fans"),
            side="social",
            coverage=coverage,
        ),
        Figure(
            _("Through them"),
            written.number(known.second if known else 0),
            unit=_("fans"),
            side="social",
            coverage=coverage,
        ),
        Figure(
            _("Came at any distance"), written.number(len(np.unique(came.fan))), "#steps", _("fans"), "social"
        ),
    ]


def _hops(view: MapView, fan: int, came: Replay) -> list[Hop]:
    reached = _reached(view, fan)
    seen = {hop: (people, steps) for hop, steps, people in came.by_hop()}
    last = max(len(reached) - 1, *seen, 0)
    on_map = dict(enumerate(reached))
    return [Hop(hop, on_map.get(hop, 0), *seen.get(hop, (0, 0))) for hop in range(1, last + 1)]


def _reached(view: MapView, fan: int) -> list[int]:
    """How many fans of the map are so many steps away, from 0 on."""
    place = view.place_of(fan)
    if place is None:
        return []
    found = hops_from(place, len(view.fan), view.source, view.target)
    counts: list[int] = np.bincount(found[found >= 0]).tolist()
    return counts


def _steps(actor: Actor, came: Replay) -> list[Step]:
    """The latest steps, with names."""
    last = slice(max(0, len(came) - REPLAYED), None)
    columns = [column[last].tolist() for column in (came.at, came.fan, came.through, came.hops, came.content)]
    names = names_of(actor, {*columns[1], *columns[2]})
    titles = titles_of(actor, set(columns[4]))
    return [
        Step(
            datetime.fromtimestamp(at / 1_000_000, UTC),
            fan,
            visible_name(names.get(fan), fan_number(fan)),
            through,
            visible_name(names.get(through), fan_number(through)),
            hops,
            content,
            titles.get(content) or _("content %(n)s") % {"n": content},
        )
        for at, fan, through, hops, content in zip(*columns, strict=True)
    ]
