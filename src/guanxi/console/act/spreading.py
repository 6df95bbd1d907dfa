"""Ripples around a segment: whom its people move, who is moved through those, and the part nobody can see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.audiences import queries
from guanxi.console import written
from guanxi.console.access import Asked, page
from guanxi.console.columns import Column
from guanxi.console.figures import PEOPLE, SHARES, Coverage, Figure
from guanxi.console.people.faces import fan_title
from guanxi.console.ripples import ripples
from guanxi.console.show import last_round, show
from guanxi.console.tables import whole_table
from guanxi.console.wish import wish_of
from guanxi.influence import queries as influence
from guanxi.influence.circles.ripples import CrowdRipples
from guanxi.influence.weighing import queries as weights
from guanxi.lake.sight import lake_for
from guanxi.records.actor import Actor, Permission, require
from guanxi.social.queries.asking import names_of

COLUMNS = (
    Column("name", gettext_lazy("Fan"), href=lambda row: reverse("fan", args=[row.fan])),
    Column("platform", gettext_lazy("Platform"), "platform", optional=True),
    Column("band", gettext_lazy("Band"), "band", narrow=True),
    Column("weight", gettext_lazy("Weight"), "decimal", "social", unit=gettext_lazy("people"), narrow=True),
    Column("direct", gettext_lazy("Moved directly"), "number", "social", narrow=True),
    Column("second", gettext_lazy("Through them"), "number", "social", optional=True),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One of those in the segment who move most people."""

    fan: int
    name: str
    platform: str
    band: str
    weight: float
    direct: int
    second: int


def may_spread(actor: Actor) -> bool:
    """Whether ripples around a segment may be shown: they need its members, who may be customers, and links."""
    return actor.may(Permission.SEE_INFLUENCE) and weights.sees_worth(actor)


@page(Permission.SEE_SEGMENTS)
def segment_ripples(request: Asked, pk: int) -> HttpResponseBase:
    """Two hops around a segment, each person counted once, and who of the segment carries most of it."""
    actor, wish = request.actor, wish_of(request, sort="weight")
    require(actor, Permission.SEE_INFLUENCE)
    found = queries.segment(actor, pk)
    with lake_for(actor) as engine:
        fans = weights.fans_behind(actor, engine, queries.members(actor, engine, pk))
        around = weights.ripples_around(actor, engine, fans)
        heaviest = weights.heaviest_of(actor, engine, fans)
        passed = influence.coverage(actor, engine)
    return show(
        request,
        "console/act/spreading.html",
        "segments",
        as_of=last_round(),
        segment=found,
        any=bool(around.direct),
        figures=_figures(pk, found.size or 0, around),
        ripples=ripples(around.direct, around.second, passed.share),
        seen=Coverage(passed.named, passed.passed_on or None, SHARES, floor=0.0),
        table=whole_table(request, COLUMNS, wish, _rows(actor, heaviest)),
    )


def _figures(segment: int, size: int, around: CrowdRipples) -> list[Figure]:
    href = reverse("segment", args=[segment])
    known = Coverage(around.members, size or None, PEOPLE, floor=0.0)
    moving = _("%(n)s of them were seen to move anybody outside") % {"n": written.number(around.moving)}
    expected = written.number(around.expected, 1)
    directly = _("%(n)s of them directly; each counted once") % {
        "n": written.number(around.expected_direct, 1)
    }
    return [
        Figure(
            _("Fans in it"), written.number(around.members), href, side="social", note=moving, coverage=known
        ),
        Figure(_("Moved directly"), written.number(around.direct), unit=_("people outside"), side="social"),
        Figure(_("Through them"), written.number(around.second), unit=_("people outside"), side="social"),
        Figure(_("Expected if each shares once"), expected, unit=_("people"), side="social", note=directly),
        Figure(_("Moved among themselves"), written.number(around.within), unit=_("members"), side="social"),
    ]


def _rows(actor: Actor, found: Sequence[weights.Heaviest]) -> list[Row]:
    names = names_of(actor, [one.fan for one in found])
    return [
        Row(
            one.fan,
            fan_title(one.fan, names.get(one.fan, "")),
            one.platform,
            one.band,
            one.weight,
            one.direct,
            one.second,
        )
        for one in found
    ]
