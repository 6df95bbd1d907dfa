"""Links: are these two the same? The list, two cards face to face, and the decision with its consequences."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.console import written
from guanxi.console.access import Asked, back, page
from guanxi.console.columns import Column
from guanxi.console.figures import Coverage, Figure
from guanxi.console.people.faces import customer_face, fan_face, named_links
from guanxi.console.reasons import sentence
from guanxi.console.show import show, this_moment
from guanxi.console.tables import sort_key, table
from guanxi.console.wish import Wish, wish_of
from guanxi.correlation import actions, queries
from guanxi.correlation.evidence import Step
from guanxi.lake.sight import lake_for
from guanxi.records.actor import Actor, Permission
from guanxi.vocabulary.reasons import Refused

STANDINGS = {
    "open": gettext_lazy("To decide"),
    "automatic": gettext_lazy("Sure by evidence"),
    "confirmed": gettext_lazy("Confirmed"),
    "undone": gettext_lazy("Undone"),
    "all": gettext_lazy("All"),
}
COLUMNS = (
    Column("id", gettext_lazy("Link"), "text", "link", href=lambda row: reverse("link", args=[row.id])),
    Column("fan_name", gettext_lazy("Fan"), "text", "social", narrow=True, sortable=False),
    Column("customer_name", gettext_lazy("Customer"), "text", "customers", narrow=True, sortable=False),
    Column("probability", gettext_lazy("Probability"), "bar", "link", narrow=True),
    Column("kinds", gettext_lazy("Evidence"), "reasons", "link", sortable=False),
    Column("state", gettext_lazy("State"), "state", sortable=False),
    Column("made_at", gettext_lazy("Made"), "moment", optional=True),
    Column("decided_at", gettext_lazy("Decided"), "moment", optional=True),
    Column("decided_by", gettext_lazy("By"), "text", optional=True, sortable=False),
)
_SCALE = 27.7


@dataclass(frozen=True, slots=True)
class Fall:
    """One bar of the waterfall: where it starts and how far it goes, in per cent of the scale."""

    text: str
    note: str
    start: int
    width: int
    probability: str


@page(Permission.SEE_LINKS)
def links(request: Asked) -> HttpResponseBase:
    """The links of a standing, likeliest first, with what share of both sides they join."""
    wish = wish_of(request, sort="probability")
    counts = queries.standings(request.actor)
    standing = wish.chosen("standing", STANDINGS) or ("open" if counts.get("open") else "all")
    found = _found(request.actor, wish, standing)
    with lake_for(request.actor) as engine:
        joined = queries.coverage(request.actor, engine)
    return show(
        request,
        "console/people/links.html",
        "links",
        table=table(request, COLUMNS, wish, named_links(request.actor, found.rows), found.total),
        kept={"standing": standing},
        standings=_standings(counts, standing),
        figures=[_joined(each) for each in joined],
    )


@page(Permission.SEE_LINKS)
def link(request: Asked, pk: int) -> HttpResponseBase:
    """Two cards face to face, the evidence as a waterfall, and what undoing would do."""
    found = queries.link(request.actor, pk)
    with lake_for(request.actor) as engine:
        fan = fan_face(request.actor, engine, found.row.fan)
        customer = customer_face(request.actor, engine, found.row.customer)
    return show(
        request,
        "console/people/link.html",
        "links",
        link=found.row,
        fan=fan,
        customer=customer,
        falls=[_fall(step) for step in found.steps],
        preview=_preview(request.actor, pk) if found.row.state != "undone" else None,
    )


@page(Permission.DECIDE_LINKS, deed=True)
def decide_link(request: Asked, pk: int, decision: str) -> HttpResponseBase:
    """The link is confirmed, undone or restored, and the reader is told so."""
    reason = request.POST.get("reason", "").strip()[:500]
    moment = this_moment()
    if decision == "confirm":
        actions.confirm_link(request.actor, pk, moment)
        messages.success(request, _("The link is confirmed."))
    elif decision == "undo":
        actions.undo_link(request.actor, pk, reason, moment)
        messages.success(request, _("The link is undone; nobody is joined by it any more."))
    elif decision == "restore":
        actions.restore_link(request.actor, pk, reason, moment)
        messages.success(request, _("The link stands again as it stood."))
    else:
        raise Refused("not_found", decision)
    return back(request, reverse("link", args=[pk]))


def _found(actor: Actor, wish: Wish, standing: str) -> queries.LinkPage:
    key = sort_key(COLUMNS, wish, "probability")
    return queries.links(
        actor,
        standing=standing,
        kind=wish.chosen("kind"),
        sort=("-" if wish.descending else "") + key,
        offset=wish.offset,
        limit=wish.limit,
    )


def _standings(counts: dict[str, int], current: str) -> list[dict[str, object]]:
    return [
        {"key": key, "label": label, "count": counts.get(key, 0), "current": key == current}
        for key, label in STANDINGS.items()
    ]


def _joined(found: queries.Coverage) -> Figure:
    label = {"fans": _("Fans who are linked"), "customers": _("Customers who are linked")}.get(
        found.what, _("Revenue of linked customers")
    )
    what = {"fans": _("fans"), "customers": _("customers")}.get(found.what, _("revenue"))
    side = {"fans": "social", "customers": "customers"}.get(found.what, "money")
    value = (
        written.money(found.linked, found.currency, whole=True)
        if found.currency
        else written.number(found.linked)
    )
    return Figure(label, value, side=side, coverage=Coverage(found.linked, found.total, what, floor=0.0))


def _fall(step: Step) -> Fall:
    start = round((step.before + _SCALE / 2) / _SCALE * 100)
    width = max(1, round(step.weight / _SCALE * 100))
    note = _("shared by %(n)s") % {"n": step.crowd} if step.crowd > 1 else ""
    return Fall(sentence(step.kind), note, start, width, written.share(step.probability, 1))


def _preview(actor: Actor, pk: int) -> dict[str, object]:
    foreseen = actions.preview_undo(actor, pk)
    splits = [
        {"purpose": purpose, "before": len(before), "after": len(parts)}
        for purpose, (before, parts) in foreseen.persons.items()
        if len(parts) > 1
    ]
    consequences = [(sentence(code), count) for code, count in sorted(foreseen.consequences.items())]
    return {"splits": splits, "consequences": consequences}
