"""Map: who moves whom? The page, its table, and the graph as columns for the browser."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.console import words, written
from guanxi.console.access import Asked, page
from guanxi.console.act.faces import fan_number, visible_name
from guanxi.console.columns import Column
from guanxi.console.figures import Coverage, Figure
from guanxi.console.show import last_round, show
from guanxi.console.tables import whole_table
from guanxi.console.wish import wish_of
from guanxi.influence import queries, tie_queries
from guanxi.lake.sight import lake_for
from guanxi.records.actor import Permission
from guanxi.social.queries.asking import names_of

TIES = 4_000
NAMED = 400
WEIGHTIEST = 200
COLUMNS = (
    Column("name", gettext_lazy("Fan"), href=lambda row: reverse("fan", args=[row.fan])),
    Column("weight", gettext_lazy("Weight"), "decimal", "social", unit=gettext_lazy("people"), narrow=True),
    Column("band", gettext_lazy("Band"), "band", narrow=True),
    Column("moves", gettext_lazy("Ties shown"), "number", "social"),
    Column("community", gettext_lazy("Community"), "number", narrow=True),
    Column("state", gettext_lazy("Ambassador"), "state"),
)


@dataclass(frozen=True, slots=True)
class Node:
    """A fan of the map as its table shows it."""

    fan: int
    name: str
    weight: float
    band: str
    moves: int
    community: int | None
    state: str


@page(Permission.SEE_INFLUENCE)
def map_page(request: Asked) -> HttpResponseBase:
    """The graph of the strongest evidence, and beside it the weightiest fans on it."""
    wish, moment = wish_of(request, sort="weight"), last_round()
    with lake_for(request.actor) as engine:
        view = queries.map_view(request.actor, engine, TIES)
        seen = queries.coverage(request.actor, engine, moment)
        bands = queries.bands(request.actor, engine)
        likeness = tie_queries.likeness_of(request.actor, engine)
    return show(
        request,
        "console/influence/map.html",
        "map",
        as_of=moment,
        any=bool(view.fan),
        bands=words.BANDS.items(),
        ties=len(view.source),
        fans=len(view.fan),
        alike=_alike(view),
        likeness=likeness,
        coverage_of_shares=Coverage(seen.named, seen.passed_on or None, _("shares"), floor=0.0),
        figures=[
            Figure(
                words.word(words.BANDS, band),
                written.number(bands.get(band, 0)),
                href=f"{reverse('new_segment')}?text=band%20%3D%20{band}",
                unit=_("fans"),
                side="social",
            )
            for band in words.BANDS
        ],
        seek=_("Find a fan in the list"),
        table=whole_table(request, COLUMNS, wish, _weightiest(request, view)),
    )


@page(Permission.SEE_INFLUENCE)
def map_graph(request: Asked) -> HttpResponseBase:
    """The graph in columns: places, weights, bands, communities, names where they may be seen, ties."""
    with lake_for(request.actor) as engine:
        view = queries.map_view(request.actor, engine, TIES)
    order = sorted(range(len(view.fan)), key=lambda i: -view.weight[i])[:NAMED]
    names = names_of(request.actor, [view.fan[i] for i in order])
    return JsonResponse(
        {
            "fan": view.fan,
            "name": [names.get(fan, "") for fan in view.fan],
            "x": view.x,
            "y": view.y,
            "weight": [round(weight, 3) for weight in view.weight],
            "band": view.band,
            "community": view.community,
            "ambassador": view.ambassador,
            "source": view.source,
            "target": view.target,
            "successes": view.successes,
            "probability": [round(chance, 4) for chance in view.probability],
        }
    )


def _alike(view: queries.MapView) -> float | None:
    """The share of shown ties that stay within one community: how alike neighbours are."""
    within = sum(
        1
        for source, target in zip(view.source, view.target, strict=True)
        if view.community[source] == view.community[target] != -1
    )
    return within / len(view.source) if view.source else None


def _weightiest(request: Asked, view: queries.MapView) -> list[Node]:
    moves = [0] * len(view.fan)
    for source in view.source:
        moves[source] += 1
    order = sorted(range(len(view.fan)), key=lambda i: (-view.weight[i], view.fan[i]))[:WEIGHTIEST]
    names = names_of(request.actor, [view.fan[i] for i in order])
    return [
        Node(
            view.fan[i],
            visible_name(names.get(view.fan[i]), fan_number(view.fan[i])),
            view.weight[i],
            view.band[i],
            moves[i],
            view.community[i] if view.community[i] >= 0 else None,
            view.ambassador[i],
        )
        for i in order
    ]
