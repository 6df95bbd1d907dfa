"""Said: who consented, withdrew, is suppressed or not profiled; the rows behind the Leash's totals."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.consent import queries as consent
from guanxi.console import words
from guanxi.console.access import Asked, page
from guanxi.console.act.faces import named, page_of
from guanxi.console.columns import Column
from guanxi.console.show import show
from guanxi.console.tables import table
from guanxi.console.wish import wish_of
from guanxi.records.actor import Permission
from guanxi.vocabulary.ids import split

TITLES = {
    "consented": gettext_lazy("Consented"),
    "withdrew": gettext_lazy("Withdrew"),
    "suppressed": gettext_lazy("On the suppression list"),
    "unprofiled": gettext_lazy("Asked not to be profiled"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row with the name that the reader may see."""

    name: str
    row: consent.Standing


def where(identity: int) -> str:
    """The address of whoever an identity stands for; empty where only a keyed hash is left."""
    return page_of(*split(identity)) if identity >= 0 else ""


COLUMNS = (
    Column(
        "identity",
        gettext_lazy("Who"),
        sortable=False,
        of=lambda line: line.name,
        href=lambda line: where(line.row.identity),
    ),
    Column(
        "purpose",
        gettext_lazy("Purpose"),
        narrow=True,
        sortable=False,
        of=lambda line: words.word(words.PURPOSES, line.row.purpose),
    ),
    Column(
        "channel",
        gettext_lazy("Channel"),
        narrow=True,
        sortable=False,
        of=lambda line: words.word(words.CHANNELS, line.row.channel),
    ),
    Column(
        "since", gettext_lazy("Since"), "moment", narrow=True, sortable=False, of=lambda line: line.row.since
    ),
)


@page(Permission.SEE_TRUST)
def said(request: Asked, standing: str) -> HttpResponseBase:
    """Everybody behind one total, the latest first; somebody may stand there for several channels."""
    wish = wish_of(request)
    rows, total = consent.standing_rows(request.actor, standing, wish.offset, wish.limit)
    names = named(request.actor, [row.identity for row in rows if row.identity >= 0])
    lines = [Line(names.get(row.identity, _("only a keyed hash is left")), row) for row in rows]
    return show(
        request,
        "console/trust/said.html",
        "leash",
        title=TITLES[standing],
        table=table(request, COLUMNS, wish, lines, total),
    )
