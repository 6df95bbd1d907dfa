"""Map: who moves whom? The page with its tables, the graph as columns for the browser, and the search on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.console import words, written
from guanxi.console.access import Asked, page
from guanxi.console.act.faces import fan_number, visible_name
from guanxi.console.charts import Chart, Series
from guanxi.console.columns import Column
from guanxi.console.figures import Coverage, Figure
from guanxi.console.influence.communities import community_title, names_by_community
from guanxi.console.influence.map_columns import HUES, STANDINGS, encoded
from guanxi.console.influence.trials import line
from guanxi.console.show import last_round, show
from guanxi.console.tables import whole_table
from guanxi.console.wish import wish_of
from guanxi.influence import queries
from guanxi.influence.circles import queries as circle_queries
from guanxi.influence.learning import queries as tie_queries
from guanxi.influence.map.queries import UNKNOWN, MapView, map_view, standing_of
from guanxi.influence.weighing.bands import ORDER
from guanxi.lake.sight import lake_for
from guanxi.measurement.queries_sharing import sharing_results
from guanxi.records.actor import Actor, Permission
from guanxi.social.queries.asking import names_of
from guanxi.social.queries.fans import fans_called

NAMED = 400
FOUND, LOOKED_THROUGH = 8, 1_000
WEIGHTIEST = 200
CIRCLES = 40
TOPS = (0.01, 0.05, 0.1, 0.2, 0.5)
COLUMNS = (
    Column("name", gettext_lazy("Fan"), href=lambda row: reverse("fan", args=[row.fan])),
    Column("weight", gettext_lazy("Weight"), "decimal", "social", unit=gettext_lazy("people"), narrow=True),
    Column("band", gettext_lazy("Band"), "band", narrow=True),
    Column(
        "moves",
        gettext_lazy("Ties shown"),
        "number",
        "social",
        href=lambda row: reverse("map_fan", args=[row.fan]),
    ),
    Column("community", gettext_lazy("Community")),
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
    community: str
    state: str


@dataclass(frozen=True, slots=True)
class Circle:
    """A community of the map; hue is the number of its colour, or None for those that share the quiet one."""

    community: int
    name: str
    fans: int
    hue: int | None


@page(Permission.SEE_INFLUENCE)
def map_page(request: Asked) -> HttpResponseBase:
    """The graph of the strongest evidence, and beside it its weightiest fans, its circles and who brings how much."""
    wish, moment, actor = wish_of(request, sort="weight"), last_round(), request.actor
    with lake_for(actor) as engine:
        view = map_view(actor, engine)
        seen = queries.coverage(actor, engine)
        bands = queries.bands(actor, engine)
        likeness = tie_queries.likeness_of(actor, engine)
        tried = line(sharing_results(actor, engine))
        steps = queries.reach_steps(actor, engine)
        called = names_by_community(circle_queries.community_faces(actor, engine))
        standing = standing_of(actor, engine)
    return show(
        request,
        "console/influence/map.html",
        "map",
        as_of=moment,
        any=len(view.fan) > 0,
        bands=list(enumerate(words.word(words.BANDS, band.value) for band in ORDER)),
        ties=len(view.source),
        fans=len(view.fan),
        alike=view.alike,
        likeness=likeness,
        tried=tried,
        coverage_of_shares=Coverage(seen.named, seen.passed_on or None, _("shares"), floor=0.0),
        figures=_by_band(bands),
        circles=_circles(view, called),
        standings=_standings(view, standing),
        screened=sum(
            1 for fan, state in standing.items() if state == "screened" and view.place_of(fan) is not None
        ),
        reach=_curve(steps) if steps else None,
        tops=_tops(steps),
        seek=_("Find a fan in the list"),
        table=whole_table(request, COLUMNS, wish, _weightiest(actor, view, called, standing)),
    )


@page(Permission.SEE_INFLUENCE)
def map_graph(request: Asked) -> HttpResponseBase:
    """The graph in columns; names of the weightiest where they may be seen."""
    with lake_for(request.actor) as engine:
        view = map_view(request.actor, engine)
        standing = standing_of(request.actor, engine)
    weightiest = view.fan[:NAMED].tolist()
    names = names_of(request.actor, weightiest)
    shown = {fan: visible_name(names.get(fan), fan_number(fan)) for fan in weightiest}
    content = encoded(view, shown, standing)
    return HttpResponse(content, content_type="application/octet-stream")


@page(Permission.SEE_INFLUENCE)
def map_found(request: Asked) -> HttpResponseBase:
    """The fans whose name or number was typed: whoever is called just so first, then the weightiest on the map."""
    text = request.GET.get("q", "").strip()
    with lake_for(request.actor) as engine:
        view = map_view(request.actor, engine)
    names = names_of(request.actor, view.fan[:LOOKED_THROUGH].tolist())
    found = dict(fans_called(request.actor, text, LOOKED_THROUGH))
    found |= {fan: name for fan, name in names.items() if text and text.casefold() in name.casefold()}
    place = view.places_of(found)
    first = sorted(
        found, key=lambda fan: (fan not in place, text not in (found[fan], str(fan)), place.get(fan, 0))
    )
    return JsonResponse(
        {"fans": [{"fan": fan, "name": visible_name(found[fan], fan_number(fan))} for fan in first[:FOUND]]}
    )


def _by_band(bands: Mapping[str, int]) -> list[Figure]:
    return [
        Figure(
            words.word(words.BANDS, band),
            written.number(bands.get(band, 0)),
            href=f"{reverse('new_segment')}?text=band%20%3D%20{band}",
            unit=_("fans"),
            side="social",
        )
        for band in words.BANDS
    ]


def _circles(view: MapView, called: Mapping[int, str]) -> list[Circle]:
    return [
        Circle(community, community_title(community, called), fans, hue if hue < HUES else None)
        for hue, (community, fans) in enumerate(view.communities()[:CIRCLES])
    ]


def _standings(view: MapView, standing: Mapping[int, str]) -> list[tuple[int, str, int]]:
    """For each standing that somebody on the map has: its number, its word, how many."""
    there = set(view.fan.tolist())
    states = [state for fan, state in standing.items() if fan in there]
    return [
        (number, words.word(words.STATES, state), states.count(state))
        for number, state in enumerate(STANDINGS)
        if state and state in states
    ]


def _curve(steps: Sequence[queries.ReachStep]) -> Chart:
    places = [0.0, *(step.share_of_fans for step in steps)]
    return Chart(
        "lorenz",
        "lines",
        _("Share of all weight by share of the fans who moved anybody, the weightiest first"),
        _("share of fans who moved anybody"),
        _("share of weight"),
        places,
        [
            Series(_("the weightiest bring"), [0.0, *(step.share_of_weight for step in steps)], "social"),
            Series(_("if all brought the same"), places, "soft", dashed=True),
        ],
        share=True,
        x_share=True,
    )


def _tops(steps: Sequence[queries.ReachStep]) -> list[dict[str, object]]:
    """What the top 1, 5, 10, 20 and 50 % bring; a share that holds nobody yet is left out."""
    within = [[step for step in steps if step.share_of_fans <= top] for top in TOPS]
    return [
        {"top": written.share(top), "fans": found[-1].fans, "share": found[-1].share_of_weight}
        for top, found in zip(TOPS, within, strict=True)
        if found
    ]


def _weightiest(
    actor: Actor, view: MapView, called: Mapping[int, str], standing: Mapping[int, str]
) -> list[Node]:
    fans = view.fan[:WEIGHTIEST].tolist()
    names = names_of(actor, fans)
    return [
        Node(
            fan,
            visible_name(names.get(fan), fan_number(fan)),
            float(view.weight[i]),
            ORDER[view.band[i]].value if view.band[i] != UNKNOWN else "",
            int(view.moves[i]),
            community_title(int(view.community[i]), called) if view.community[i] != UNKNOWN else "",
            standing.get(fan, ""),
        )
        for i, fan in enumerate(fans)
    ]
