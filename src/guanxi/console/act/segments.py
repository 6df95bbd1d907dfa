"""Segments: who exactly? The list, one segment with its members, and why somebody is in or out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from guanxi.audiences import queries
from guanxi.console import words, written
from guanxi.console.access import Asked, page
from guanxi.console.act.clauses import judged, spoken, worded
from guanxi.console.act.faces import named, page_of
from guanxi.console.act.spreading import may_spread
from guanxi.console.columns import Column
from guanxi.console.figures import Coverage, Figure
from guanxi.console.show import last_round, show
from guanxi.console.tables import Table, table, whole_table
from guanxi.console.wish import wish_of
from guanxi.lake.sight import lake_for
from guanxi.question.describe import describe
from guanxi.records.actor import Permission
from guanxi.vocabulary.ids import Side, identity, split

SUBJECTS = {"fans": gettext_lazy("fans"), "customers": gettext_lazy("customers")}
COLUMNS = (
    Column("name", gettext_lazy("Segment"), href=lambda row: reverse("segment", args=[row.id])),
    Column(
        "subject",
        gettext_lazy("Of whom"),
        "chips",
        of=lambda row: [words.word(SUBJECTS, row.subject)],
        sortable=False,
    ),
    Column("size", pgettext_lazy("segment", "Members"), "number", narrow=True),
    Column("coverage", gettext_lazy("Coverage"), "bar", narrow=True),
    Column(
        "question",
        gettext_lazy("The question"),
        "wrap",
        narrow=True,
        sortable=False,
        of=lambda row: spoken(describe(row.question)),
    ),
    Column("text", gettext_lazy("As it is written"), "wrap", sortable=False, optional=True),
    Column("evaluated_at", gettext_lazy("Asked"), "moment"),
    Column("is_current", gettext_lazy("Up to date"), "yes", optional=True),
    Column("version", gettext_lazy("Version"), "number", optional=True),
    Column("created_by", gettext_lazy("By"), optional=True),
    Column("changed_at", gettext_lazy("Changed"), "moment", optional=True),
)


@dataclass(frozen=True, slots=True)
class Member:
    """One member as the list shows it."""

    identity: int
    name: str
    side: str
    href: str
    why: str
    why_text: str


MEMBERS = (
    Column("name", gettext_lazy("Who"), href=lambda row: row.href, sortable=False),
    Column("side", gettext_lazy("Side"), "side", narrow=True, sortable=False),
    Column("why_text", gettext_lazy("Why"), narrow=True, sortable=False, href=lambda row: row.why),
)


@page(Permission.SEE_SEGMENTS)
def segments(request: Asked) -> HttpResponseBase:
    """The segments whose answers the reader may see, the last changed first."""
    wish = wish_of(request)
    rows = queries.segments(request.actor)
    return show(
        request,
        "console/act/segments.html",
        "segments",
        as_of=last_round(),
        any=bool(rows),
        seek=_("Find a segment"),
        table=whole_table(request, COLUMNS, wish, rows),
    )


@page(Permission.SEE_SEGMENTS)
def segment(request: Asked, pk: int) -> HttpResponseBase:
    """One segment: how many, of how many it can be said, condition by condition, and who."""
    found = queries.segment(request.actor, pk)
    moment = last_round()
    with lake_for(request.actor) as engine:
        counted = queries.count_segment(request.actor, engine, found, moment)
        members = _members(request, engine, found) if request.actor.may(Permission.SEE_CUSTOMERS) else None
    known = {
        place: (one.known, one.known / counted.asked if counted.asked else None)
        for place, one in enumerate(counted.conditions, start=1)
    }
    return show(
        request,
        "console/act/segment.html",
        "segments",
        as_of=found.evaluated_at or moment,
        segment=found,
        tree=worded(describe(found.question), known),
        asked=counted.asked,
        figures=_figures(found, counted.size),
        table=members,
        may_spread=bool(found.size) and may_spread(request.actor),
    )


@page(Permission.SEE_SEGMENTS)
def why(request: Asked, pk: int) -> HttpResponseBase:
    """Whether the question holds for one identity, condition by condition."""
    found = queries.segment(request.actor, pk)
    code = _code(wish_of(request).choices)
    side, ref = split(code)
    with lake_for(request.actor) as engine:
        answer = queries.why(request.actor, engine, code, pk, last_round())
    return show(
        request,
        "console/act/why.html",
        "segments",
        segment=found,
        who=named(request.actor, [code])[code],
        href=page_of(side, ref),
        answer=answer,
        judged=judged(describe(found.question), (one.truth for one in answer.conditions)),
    )


def _members(request: Asked, engine: Any, found: queries.SegmentRow) -> Table:
    wish = wish_of(request)
    members = queries.members_page(request.actor, engine, found.id, wish.offset, wish.limit)
    return table(request, MEMBERS, wish, _rows(request, found.id, members.members), members.total)


def _rows(request: Asked, pk: int, members: Sequence[tuple[Side, int]]) -> list[Member]:
    codes = [identity(side, ref) for side, ref in members]
    names = named(request.actor, codes)
    address = reverse("why_in_segment", args=[pk])
    return [
        Member(code, names[code], side.value, page_of(side, ref), f"{address}?identity={code}", _("why?"))
        for code, (side, ref) in zip(codes, members, strict=True)
    ]


def _figures(found: queries.SegmentRow, now: int) -> list[Figure]:
    who = SUBJECTS[found.subject.value]
    kept = Figure(
        pgettext("segment", "Members"),
        written.number(found.size),
        href="#sheet" if found.size else "",
        side="social" if found.subject.side is Side.SOCIAL else "customers",
        coverage=Coverage(found.decided or 0, found.asked, who, floor=0.0) if found.asked else None,
        note="" if found.is_current else _("asked before the question was last changed"),
    )
    return [
        kept,
        Figure(_("Would be members now"), written.number(now), note=_("as far as the last round knows")),
        Figure(_("Asked of"), written.number(found.asked), unit=who),
        Figure(_("Version"), written.number(found.version), note=_("by %(who)s") % {"who": found.created_by}),
    ]


def _code(choices: Any) -> int:
    """The identity asked for: its code, or a fan's or a customer's own number."""
    for name, code in (("identity", int), ("fan", lambda n: identity(Side.SOCIAL, int(n)))):
        if choices.get(name, "").isdecimal() and len(choices[name]) < 18:
            return int(code(choices[name]))
    value = choices.get("customer", "")
    return identity(Side.CUSTOMERS, int(value)) if value.isdecimal() and len(value) < 18 else 0
