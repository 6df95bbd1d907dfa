"""Members: who stands at a cell of the love-money plane, or everybody; the rows behind Loyalty's numbers."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy

from guanxi.console.access import Asked, page
from guanxi.console.columns import Column
from guanxi.console.show import show
from guanxi.console.tables import table
from guanxi.console.wish import wish_of
from guanxi.lake.sight import lake_for
from guanxi.loyalty.queries.members import ANY, SORTS, members_at
from guanxi.records.actor import Permission
from guanxi.vocabulary.reasons import Refused

COLUMNS = (
    Column("person", gettext_lazy("Member"), href=lambda row: reverse("statement", args=[row.person])),
    Column("love", gettext_lazy("love points"), "number"),
    Column("spend", gettext_lazy("spend points"), "number"),
    Column("tier", gettext_lazy("Tier"), "plain"),
)


@page(Permission.SEE_LOYALTY)
def member_list(request: Asked) -> HttpResponseBase:
    """The members of the chosen cell, most love first."""
    wish = wish_of(request, sort="love")
    key = wish.sort if wish.sort in SORTS else "love"
    sort = f"-{key}" if wish.descending else key
    with lake_for(request.actor) as engine:
        rows, total = members_at(
            request.actor,
            engine,
            _step(request, "love"),
            _step(request, "spend"),
            sort,
            wish.offset,
            wish.limit,
        )
    return show(request, "console/members.html", "loyalty", table=table(request, COLUMNS, wish, rows, total))


def _step(request: Asked, name: str) -> int:
    text = request.GET.get(name, "")
    if not text:
        return ANY
    try:
        return int(text)
    except ValueError:
        raise Refused("filter_unknown", name) from None
