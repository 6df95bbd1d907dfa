"""Facts: how a profile fact is spread over all fans; unknown is a value of its own."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.console import words, written
from guanxi.console.access import Asked, page
from guanxi.console.choices import choice
from guanxi.console.columns import Column
from guanxi.console.figures import PEOPLE, Coverage, Figure
from guanxi.console.show import show
from guanxi.console.tables import whole_table
from guanxi.console.wish import wish_of
from guanxi.lake.freshness import known_until
from guanxi.lake.sight import lake_for
from guanxi.records.actor import Permission
from guanxi.social.queries import coverage
from guanxi.vocabulary.ids import Side


@dataclass(frozen=True, slots=True)
class Line:
    """One value of a fact, the fans who have it, and what share of all that is."""

    fact: str
    value: str | None
    fans: int
    share: float


COLUMNS = (
    Column(
        "value",
        gettext_lazy("Value"),
        of=lambda line: words.word(words.FACTS, line.value) if line.value else _("unknown"),
        href=lambda line: fans_href(line.fact, line.value or ""),
    ),
    Column("fans", gettext_lazy("Fans"), "number", "social", narrow=True),
    Column("share", gettext_lazy("Share of all fans"), "bar", "social", narrow=True),
)


def fans_href(fact: str, value: str) -> str:
    """The address of the fans of whom a fact has the value, or is not known where it is empty."""
    return f"{reverse('fans')}?{urlencode({'fact': fact, 'value': value})}"


@page(Permission.SEE_SOCIAL)
def fact_values(request: Asked) -> HttpResponseBase:
    """The values of one fact, the most frequent first, unknown among them."""
    wish, actor = wish_of(request), request.actor
    with lake_for(actor) as engine:
        known = [row for row in coverage.coverage(actor, engine) if row.what not in ("follow", "active")]
        names = {row.what: words.word(words.FACTS, row.what) for row in known}
        name = wish.chosen("name", names) or next(iter(names), "")
        rows = coverage.fact_values(actor, engine, name) if name else ()
    whole = sum(row.fans for row in rows)
    lines = [Line(name, row.value, row.fans, row.fans / whole) for row in rows if row.fans]
    return show(
        request,
        "console/people/facts.html",
        "fans",
        as_of=known_until(Side.SOCIAL, "fan_fact"),
        name=names.get(name, ""),
        figures=[
            Figure(
                names[row.what],
                written.number(row.seen),
                f"?{urlencode({'name': row.what})}",
                side="social",
                coverage=Coverage(row.seen, row.whole, PEOPLE, floor=0.0),
            )
            for row in known
        ],
        choices=[choice(wish, "name", names.get(name, _("Fact")), names)],
        table=whole_table(request, COLUMNS, wish, lines),
    )
