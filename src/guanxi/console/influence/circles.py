"""Circles: who is around whom? Likeness of people with ties, what communities are about, who is near good customers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.console import words, written
from guanxi.console.access import Asked, page
from guanxi.console.columns import Column
from guanxi.console.figures import Coverage, Figure
from guanxi.console.influence.communities import told
from guanxi.console.influence.peers import ALIKE, alike_choices, peers_table
from guanxi.console.people.faces import fan_title
from guanxi.console.show import last_round, show
from guanxi.console.tables import sort_key, table
from guanxi.console.wish import wish_of
from guanxi.customers.queries.cards import currencies
from guanxi.influence.circles import queries as circles
from guanxi.influence.circles.homophily import Alike
from guanxi.lake.engine import Engine
from guanxi.lake.sight import lake_for
from guanxi.records.actor import Actor, Permission
from guanxi.social.queries.asking import names_of

TRAITS: Mapping[str, Promise] = {
    "band": gettext_lazy("band"),
    "city": gettext_lazy("city"),
    "language": gettext_lazy("language"),
    "taste": gettext_lazy("taste"),
    "spending": gettext_lazy("fifth of spending"),
    "tier": gettext_lazy("loyalty tier"),
}
OF_CUSTOMERS = ("spending", "tier")
COMMUNITIES_SHOWN = 12
STAY_DAYS = 30
MONEY = (
    Column("expected", gettext_lazy("People in their place spend"), "money", "customers", narrow=True),
    Column("low", gettext_lazy("19 in 20 more than"), "money", "customers", sortable=False),
    Column("high", gettext_lazy("19 in 20 less than"), "money", "customers", sortable=False),
)
COLUMNS = (
    Column("name", gettext_lazy("Fan"), href=lambda row: reverse("fan", args=[row.fan]), sortable=False),
    Column("platform", gettext_lazy("Platform"), "platform", sortable=False),
    Column("near_good", gettext_lazy("Good customers beside them"), "number", "customers", narrow=True),
    Column("near", gettext_lazy("Customers beside them"), "number", "customers", narrow=True),
    Column("weight", gettext_lazy("Weight"), "decimal", "social", unit=gettext_lazy("people")),
    Column("band", gettext_lazy("Band"), "band", sortable=False),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A warm prospect with a name."""

    fan: int
    name: str
    platform: str
    near_good: int
    near: int
    expected: int | None
    low: int | None
    high: int | None
    weight: float | None
    band: str | None


@dataclass(frozen=True, slots=True)
class Likeness:
    """One trait's bar: how often ties are alike, with its interval, against chance; widths of 100."""

    label: str
    says: bool
    share: str
    expected: str
    width: float
    low: float
    high: float
    chance: float
    told: str


@page(Permission.SEE_INFLUENCE)
def circles_page(request: Asked) -> HttpResponseBase:
    """Likeness of people with ties, faces of communities, and warm prospects for whoever may see customers."""
    wish, actor = wish_of(request, sort="near_good"), request.actor
    may_see = actor.may(Permission.SEE_CUSTOMERS) and actor.may(Permission.SEE_LINKS)
    moment = last_round()
    month_ago = (moment - timedelta(days=STAY_DAYS)).date()
    with lake_for(actor) as engine:
        alike = circles.homophily(actor, engine)
        stay = circles.community_stay(actor, engine, month_ago)
        faces = circles.community_faces(actor, engine)
        largest = circles.communities(actor, engine, COMMUNITIES_SHOWN, month_ago)
        buying = circles.community_customers(actor, engine) if may_see else None
        sort = ("-" if wish.descending else "") + sort_key((*COLUMNS, *MONEY), wish, "near_good")
        found = circles.prospects(actor, engine, sort, wish.offset, wish.limit) if may_see else None
        sold = currencies(actor, engine) if may_see else ()
    rows = _named(actor, found.rows if found else ())
    says_money = any(row.expected is not None for row in rows)
    columns = (*COLUMNS[:4], *MONEY, *COLUMNS[4:]) if says_money else COLUMNS
    return show(
        request,
        "console/influence/circles.html",
        "circles",
        as_of=moment,
        any=bool(alike),
        stay=_stay(*stay, month_ago),
        likeness=[_likeness(one) for one in _every(alike, may_see)],
        communities=told(largest, faces, TRAITS, buying, stay[2], month_ago),
        may_see=may_see,
        says_money=says_money,
        table=table(
            request, columns, wish, rows, found.total if found else 0, sold[0].currency if sold else ""
        ),
    )


@page(Permission.SEE_INFLUENCE)
def fan_circle(request: Asked, pk: int) -> HttpResponseBase:
    """Those who share a tie with one fan: who, how many, how alike, and how many are customers already."""
    wish, actor = wish_of(request, sort="alike"), request.actor
    with lake_for(actor) as engine:
        rows = circles.circle_of(actor, engine, pk)
        customers = _customers(actor, engine, pk)
        shown = peers_table(request, engine, wish, pk)
    name = fan_title(pk, names_of(actor, [pk]).get(pk, ""))
    return show(
        request,
        "console/influence/fan_circle.html",
        "fans",
        as_of=last_round(),
        fan=pk,
        title=name,
        figures=_figures(rows, customers),
        rows=[_around(row) for row in rows],
        choices=alike_choices(wish),
        table=shown,
    )


def _customers(actor: Actor, engine: Engine, fan: int) -> tuple[int, int] | None:
    if not (actor.may(Permission.SEE_CUSTOMERS) and actor.may(Permission.SEE_LINKS)):
        return None
    return circles.customers_near(actor, engine, fan)


def _figures(rows: Sequence[circles.AroundRow], customers: tuple[int, int] | None) -> list[Figure]:
    people = max((row.people for row in rows), default=0)
    shown = [
        Figure(
            _("Share a tie with them"),
            written.number(people),
            "#people",
            _("fans"),
            "social",
        )
    ]
    if customers is not None:
        share = written.share(customers[1] / customers[0]) if customers[0] else written.ABSENT
        note = _("%(share)s; of the others it is not known") % {"share": share}
        shown.append(
            Figure(
                _("Customers already"),
                written.number(customers[1]),
                reverse("links"),
                _("fans"),
                "customers",
                note,
            )
        )
    return shown


def _around(row: circles.AroundRow) -> dict[str, object]:
    seen = Coverage(row.known, row.people, _("people"), floor=0.0)
    return {
        "label": words.word(TRAITS, row.trait),
        "trait": row.trait if row.trait in ALIKE else "",
        "value": _value(row.trait, row.value),
        "known": row.known,
        "alike": row.alike,
        "share": row.alike / row.known if row.known and row.value is not None else None,
        "coverage": seen,
    }


def _value(trait: str, value: str | None) -> str:
    if value is None:
        return _("not known")
    return words.word(words.BANDS, value) if trait == "band" else value


def _stay(fans: int, stayed: int, oldest: date | None, month_ago: date) -> str:
    """Whether communities hold, or that they are not remembered for long enough to say so."""
    if oldest is None or oldest >= month_ago:
        return _("Whether communities hold can be said once they have been followed for %(n)s days.") % {
            "n": STAY_DAYS
        }
    return _("%(share)s of their people have been in the same one for more than %(n)s days.") % {
        "share": written.share(stayed / fans),
        "n": STAY_DAYS,
    }


def _named(actor: Actor, found: Sequence[circles.ProspectRow]) -> list[Row]:
    names = names_of(actor, [row.fan for row in found])
    return [
        Row(
            row.fan,
            fan_title(row.fan, names.get(row.fan, "")),
            row.platform,
            row.near_good,
            row.near,
            row.expected,
            row.low,
            row.high,
            row.weight,
            row.band,
        )
        for row in found
    ]


def _every(found: Sequence[Alike], sees_customers: bool) -> list[Alike]:
    """One for each trait that may be seen, in the order of the page; nothing is known of those not found."""
    by_trait = {one.trait: one for one in found}
    shown = [trait for trait in TRAITS if sees_customers or trait not in OF_CUSTOMERS]
    return [by_trait.get(trait, Alike(trait, 0, 0, 0, 0)) for trait in shown]


def _likeness(one: Alike) -> Likeness:
    low, high = one.interval
    seen = Coverage(one.known, one.ties or None, _("ties"), floor=0.0)
    by_chance = _("%(share)s by chance") % {"share": written.share(one.expected, 1)}
    return Likeness(
        words.word(TRAITS, one.trait),
        one.says,
        written.share(one.share, 1),
        written.share(one.expected, 1),
        round(one.share * 100, 1),
        round(low * 100, 1),
        round(high * 100, 1),
        round(one.expected * 100, 1),
        _("; ").join((f"{written.share(low, 1)}–{written.share(high, 1)}", by_chance, seen.text)),
    )
