"""Said: who consented, withdrew, is suppressed or not profiled; the rows behind the Leash's totals."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy

from guanxi.consent import queries as consent
from guanxi.console.access import Asked, page
from guanxi.console.columns import Column
from guanxi.console.show import show
from guanxi.console.tables import table
from guanxi.console.wish import wish_of
from guanxi.records.actor import Permission
from guanxi.vocabulary.ids import Side, split

TITLES = {
    "consented": gettext_lazy("Consented"),
    "withdrew": gettext_lazy("Withdrew"),
    "suppressed": gettext_lazy("On the suppression list"),
    "unprofiled": gettext_lazy("Asked not to be profiled"),
}


def where(identity: int) -> str:
    """The address of whoever an identity stands for; empty where only a keyed hash is left."""
    if identity < 0:
        return ""
    side, ref = split(identity)
    return reverse("fan" if side is Side.SOCIAL else "customer", args=[ref])


COLUMNS = (
    Column(
        "identity",
        gettext_lazy("Who"),
        sortable=False,
        of=lambda row: str(split(row.identity)[1]) if row.identity >= 0 else "",
        href=lambda row: where(row.identity),
    ),
    Column("purpose", gettext_lazy("Purpose"), "plain", sortable=False),
    Column("channel", gettext_lazy("Channel"), "plain", sortable=False),
    Column("since", gettext_lazy("Since"), "moment", sortable=False),
)


@page(Permission.SEE_TRUST)
def said(request: Asked, standing: str) -> HttpResponseBase:
    """Everybody behind one total, the latest first."""
    wish = wish_of(request)
    rows, total = consent.standing_rows(request.actor, standing, wish.offset, wish.limit)
    return show(
        request,
        "console/trust/said.html",
        "leash",
        title=TITLES[standing],
        table=table(request, COLUMNS, wish, rows, total),
    )
