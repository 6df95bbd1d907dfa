"""The people around one fan, as a table: of what standing, taste and city, and in how much of that they are alike."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.console.access import Asked
from guanxi.console.choices import Choice, choice
from guanxi.console.columns import Column
from guanxi.console.people.faces import fan_title
from guanxi.console.tables import Table, sort_key, table
from guanxi.console.wish import Wish
from guanxi.influence.circles import queries as circles
from guanxi.lake.engine import Engine
from guanxi.social.queries.asking import names_of

ALIKE = {
    "band": gettext_lazy("Alike in band"),
    "taste": gettext_lazy("Alike in taste"),
    "city": gettext_lazy("Alike in city"),
}
COLUMNS = (
    Column("name", gettext_lazy("Fan"), href=lambda row: reverse("fan", args=[row.fan]), sortable=False),
    Column("platform", gettext_lazy("Platform"), "platform", sortable=False),
    Column("band", gettext_lazy("Band"), "band", sortable=False, narrow=True),
    Column("taste", gettext_lazy("Taste"), sortable=False, narrow=True),
    Column("city", gettext_lazy("City"), sortable=False, narrow=True),
    Column("alike", gettext_lazy("Alike in"), "number", "social", unit=gettext_lazy("of three")),
    Column("weight", gettext_lazy("Weight"), "decimal", "social", unit=gettext_lazy("people")),
)


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody around the fan, with a name."""

    fan: int
    name: str
    platform: str | None
    band: str | None
    taste: str | None
    city: str | None
    alike: int
    weight: float | None


def alike_in(wish: Wish) -> str:
    """In what those shown are to be alike; empty: all of them."""
    return wish.chosen("alike", ALIKE)


def alike_choices(wish: Wish) -> list[Choice]:
    """The selection above the table."""
    return [choice(wish, "alike", _("Everybody"), ALIKE)]


def peers_table(request: Asked, engine: Engine, wish: Wish, fan: int) -> Table:
    """One page of the people around a fan."""
    sort = ("-" if wish.descending else "") + sort_key(COLUMNS, wish, "alike")
    found = circles.peers(request.actor, engine, fan, alike_in(wish), sort, wish.offset, wish.limit)
    names = names_of(request.actor, [row.fan for row in found.rows])
    rows = [
        Row(
            row.fan,
            fan_title(row.fan, names.get(row.fan, "")),
            row.platform,
            row.band,
            row.taste,
            row.city,
            row.alike,
            row.weight,
        )
        for row in found.rows
    ]
    return table(request, COLUMNS, wish, rows, found.total)
