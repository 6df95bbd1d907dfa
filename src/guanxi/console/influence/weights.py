"""Weights: who moves most people, on which platform and topic, how deep and how soon, and what lies in their reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.console import words, written
from guanxi.console.access import Asked, page
from guanxi.console.choices import Choice, choice
from guanxi.console.columns import Column
from guanxi.console.figures import SHARES, Coverage, Figure
from guanxi.console.influence.counted import currency_of
from guanxi.console.influence.screening import SIGNS, sign_codes, told_of
from guanxi.console.people.faces import fan_title
from guanxi.console.show import last_round, show
from guanxi.console.tables import sort_key, table
from guanxi.console.wish import Wish, wish_of
from guanxi.influence import queries as influence
from guanxi.influence.screening.queries import screened_count
from guanxi.influence.weighing import queries as weights
from guanxi.lake.engine import Engine
from guanxi.lake.sight import lake_for
from guanxi.records.actor import Actor, Permission
from guanxi.social.queries.asking import names_of

COLUMNS = (
    Column(
        "fan", gettext_lazy("Fan"), of=lambda row: row.name, href=lambda row: reverse("fan", args=[row.fan])
    ),
    Column("platform", gettext_lazy("Platform"), "platform", sortable=False),
    Column("band", gettext_lazy("Band"), "band", sortable=False, narrow=True),
    SIGNS,
    Column("weight", gettext_lazy("Weight"), "decimal", "social", unit=gettext_lazy("people"), narrow=True),
    Column("reach", gettext_lazy("Directly, by content"), "decimal", "social", unit=gettext_lazy("people")),
    Column("direct", gettext_lazy("Moved directly"), "number", "social", unit=gettext_lazy("people")),
    Column("second", gettext_lazy("Through them"), "number", "social", unit=gettext_lazy("people")),
    Column("carried", gettext_lazy("Carried on"), "share", "social", sortable=False),
    Column("soon", gettext_lazy("Within a day"), "share", "social", sortable=False),
    Column("engagements", gettext_lazy("Engagements in reach, 90 days"), "number", "social"),
    Column("interval", gettext_lazy("9 in 10 between"), "text", "social", sortable=False, optional=True),
)
MONEY = (
    Column(
        *("expected", gettext_lazy("Network value"), "money", "customers"),
        narrow=True,
        needs=Permission.SEE_LINKS,
    ),
    Column(
        *("between", gettext_lazy("9 in 10 between"), "text", "customers"),
        sortable=False,
        needs=Permission.SEE_LINKS,
    ),
    Column(
        *("known", gettext_lazy("Spending known"), "text", "customers"),
        of=lambda row: row.coverage,
        needs=Permission.SEE_LINKS,
    ),
)
_SCREENING = {"trusted": gettext_lazy("Without the screened"), "screened": gettext_lazy("The screened alone")}


@dataclass(frozen=True, slots=True)
class Row:
    """A fan's weight with a name; shares and money are None where too little is known."""

    fan: int
    name: str
    platform: str
    band: str
    weight: float
    reach: float | None
    direct: int
    second: int
    carried: float | None
    soon: float | None
    engagements: float
    interval: str
    signs: tuple[str, ...]
    expected: int | None
    between: str
    coverage: str


@page(Permission.SEE_INFLUENCE)
def weight_list(request: Asked) -> HttpResponseBase:
    """Those who move people, of a platform, a band or a topic, the weightiest first."""
    wish, actor = wish_of(request, sort="weight"), request.actor
    columns = (*COLUMNS, *MONEY) if weights.sees_worth(actor) else COLUMNS
    with lake_for(actor) as engine:
        topics = weights.topics(actor, engine)
        of = _filter(wish, topics)
        sort = ("-" if wish.descending else "") + sort_key(columns, wish, "weight")
        found = weights.weight_list(actor, engine, of, sort, wish.offset, wish.limit)
        currency = currency_of(actor, engine)
        figures = _figures(actor, engine)
    return show(
        request,
        "console/influence/weights.html",
        "weights",
        as_of=last_round(),
        any=any(figure.value != "0" for figure in figures[:1]),
        figures=figures,
        sees_worth=weights.sees_worth(actor),
        topic=of.topic,
        choices=_choices(wish, topics),
        table=table(
            request,
            told_of(columns, (row.signs for row in found.rows)),
            wish,
            _rows(actor, found.rows, currency),
            found.total,
            currency,
        ),
    )


def _filter(wish: Wish, topics: Sequence[str]) -> weights.WeightFilter:
    return weights.WeightFilter(
        wish.chosen("platform", words.PLATFORMS),
        wish.chosen("band", words.BANDS),
        wish.chosen("topic", dict.fromkeys(topics)),
        wish.chosen("screening", _SCREENING),
    )


def _choices(wish: Wish, topics: Sequence[str]) -> list[Choice]:
    return [
        choice(wish, "platform", _("All platforms"), words.PLATFORMS),
        choice(wish, "band", _("All bands"), words.BANDS),
        choice(wish, "topic", _("All topics"), {topic: topic for topic in topics}),
        choice(wish, "screening", _("Screened at the end"), _SCREENING),
    ]


def _figures(actor: Actor, engine: Engine) -> list[Figure]:
    counted = influence.bands(actor, engine)
    passed = influence.coverage(actor, engine)
    moving = influence.movers(actor, engine)
    shown = [Figure(_("Move anybody"), written.number(moving), "?", unit=_("fans"), side="social")]
    for band in ("igniter", "amplifier"):
        href = f"?band={band}"
        label = words.word(words.BANDS, band)
        shown.append(Figure(label, written.number(counted.get(band, 0)), href, _("fans"), "social"))
    seen = Coverage(passed.named, passed.passed_on or None, SHARES, floor=0.0)
    held = screened_count(actor, engine)
    if held:
        shown.append(Figure(_("Screened"), written.number(held), "?screening=screened", _("fans"), "social"))
    shown.append(Figure(_("Shares with a name"), written.number(passed.named), side="social", coverage=seen))
    return shown


def _rows(actor: Actor, found: Sequence[weights.WeightRow], currency: str) -> list[Row]:
    names = names_of(actor, [row.fan for row in found])
    return [_row(row, names.get(row.fan, ""), currency) for row in found]


def _row(row: weights.WeightRow, name: str, currency: str) -> Row:
    return Row(
        row.fan,
        fan_title(row.fan, name),
        row.platform,
        row.band,
        row.weight,
        row.reach,
        row.direct,
        row.second,
        _part(row.carried, row.moves),
        _part(row.soon, row.timed),
        row.engagements,
        f"{written.number(row.engagements_low)}–{written.number(row.engagements_high)}",
        sign_codes(row.signs),
        row.expected,
        money_between(row.low, row.high, currency),
        _("%(seen)s of %(whole)s")
        % {"seen": written.number(row.known or 0), "whole": written.number(row.direct + row.second)},
    )


def _part(some: int | None, of: int | None) -> float | None:
    return some / of if some is not None and of else None


def money_between(low: int | None, high: int | None, currency: str) -> str:
    """An interval of money; empty where nothing is said."""
    if low is None or high is None:
        return ""
    return f"{written.money(low, currency, whole=True)}–{written.money(high, currency, whole=True)}"


def value_figure(found: weights.Worth | None, done: Any, currency: str) -> Figure:
    """A fan's network value: in money where enough of those in reach are known customers, else in engagements."""
    label = _("Network value")
    if found is not None and found.expected is not None:
        note = _("%(between)s; what those have spent whom they are expected to move") % {
            "between": money_between(found.low, found.high, currency)
        }
        seen = Coverage(found.known, found.people, _("people in reach"), floor=0.0)
        value = written.money(found.expected, currency, whole=True)
        return Figure(label, value, side="money", note=note, coverage=seen)
    expected, low, high = done
    between = f"{written.number(low, 1)}–{written.number(high, 1)}"
    note = _("%(between)s; what those do in 90 days whom they are expected to move") % {"between": between}
    return Figure(label, written.number(expected, 1), unit=_("engagements"), side="social", note=note)
