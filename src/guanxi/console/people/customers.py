"""Customers: what are they worth? The RFM grid one can click into, who comes back, who is slipping away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.console import written
from guanxi.console.access import Asked, page
from guanxi.console.charts import Chart, Mark, Series
from guanxi.console.columns import Column
from guanxi.console.figures import PURCHASES, Coverage, Figure
from guanxi.console.grid import Grid, grid
from guanxi.console.people.faces import customer_title
from guanxi.console.show import show
from guanxi.console.tables import sort_key, table
from guanxi.console.wish import Wish, wish_of
from guanxi.customers.queries import cards, customers
from guanxi.lake.engine import Engine
from guanxi.lake.freshness import known_until
from guanxi.lake.sight import lake_for
from guanxi.records.actor import Actor, Permission
from guanxi.vocabulary.ids import Side

COLUMNS = (
    Column(
        "customer",
        gettext_lazy("Customer"),
        of=lambda row: customer_title(row.customer, row.name),
        href=lambda row: reverse("customer", args=[row.customer]),
    ),
    Column(
        "rfm", gettext_lazy("RFM"), "text", "customers", sortable=False, narrow=True, of=lambda row: _rfm(row)
    ),
    Column("monetary", gettext_lazy("Bought"), "money", "customers", narrow=True),
    Column("frequency", gettext_lazy("Days with orders"), "number", "customers"),
    Column("orders", gettext_lazy("Orders"), "number", "customers", narrow=True),
    Column(
        "recency_days", gettext_lazy("Since last order"), "number", "customers", unit=gettext_lazy("days")
    ),
    Column(
        "second_order_days", gettext_lazy("To second order"), "number", "customers", unit=gettext_lazy("days")
    ),
    Column("last_day", gettext_lazy("Last order"), "day", "customers"),
    Column("first_day", gettext_lazy("First order"), "day", "customers", optional=True),
)
LATE_DAYS = 365


@dataclass(frozen=True, slots=True)
class Money:
    """The currency in which most was bought, and how purchases of it are known."""

    currency: str
    rows: Sequence[cards.CurrencyRow]


@page(Permission.SEE_CUSTOMERS)
def customer_list(request: Asked) -> HttpResponseBase:
    """The grid, the curve of coming back, and the customers of a cell or filter."""
    wish, actor = wish_of(request, sort="monetary"), request.actor
    chosen = _chosen(wish)
    with lake_for(actor) as engine:
        rows = cards.currencies(actor, engine)
        cells = customers.rfm_grid(actor, engine)
        back = customers.repeat(actor, engine)
        found = _found(actor, engine, wish, chosen)
    money = Money(rows[0].currency if rows else "", rows)
    return show(
        request,
        "console/people/customers.html",
        "customers",
        as_of=known_until(Side.CUSTOMERS, "rfm"),
        figures=_figures(money, cells, back),
        grid=_grid(cells, chosen, money.currency),
        chart=_returning(back) if back.returned else None,
        chosen=_chosen_in_words(chosen),
        table=table(request, COLUMNS, wish, found.rows, found.total, money.currency),
        kept={name: wish.choices[name] for name in ("r", "f", "slipping") if name in wish.choices},
        seek=_("Find a customer by name or number"),
    )


def _chosen(wish: Wish) -> customers.CustomerFilter:
    r, f = wish.chosen_number("r") or 0, wish.chosen_number("f") or 0
    inside = 1 <= r <= 5 and 1 <= f <= 5
    return customers.CustomerFilter(
        r=r if inside else 0,
        f=f if inside else 0,
        slipping=wish.chosen("slipping") == "yes",
        text=wish.text,
    )


def _found(
    actor: Actor, engine: Engine, wish: Wish, chosen: customers.CustomerFilter
) -> customers.CustomerPage:
    sort = ("-" if wish.descending else "") + sort_key(COLUMNS, wish, "monetary")
    return customers.customers(actor, engine, chosen, sort, wish.offset, wish.limit)


def _chosen_in_words(chosen: customers.CustomerFilter) -> str:
    if chosen.slipping:
        return _("slipping away")
    return _("recency %(r)s, frequency %(f)s") % {"r": chosen.r, "f": chosen.f} if chosen.r else ""


def _figures(money: Money, cells: Sequence[customers.RfmCell], back: customers.Repeat) -> list[Figure]:
    slipping = sum(cell.customers for cell in cells if cell.r <= 2 and cell.f >= 4)
    best = sum(cell.monetary for cell in cells if cell.f == 5)
    everything = sum(cell.monetary for cell in cells)
    days = _("median %(n)s days to the second order") % {"n": written.number(back.median_days)}
    found = [
        Figure(_("Customers who ordered"), written.number(back.customers), "?", side="customers"),
        Figure(_("Came back"), written.share(back.rate), side="customers", note=days),
        Figure(
            _("The most frequent fifth brings"),
            written.share(best / everything if everything > 0 else None),
            "?sort=-frequency",
            unit=_("of revenue"),
            side="money",
        ),
        Figure(
            _("Slipping away"),
            written.number(slipping),
            "?slipping=yes",
            side="customers",
            note=_("came often, have stayed away"),
        ),
    ]
    for row in money.rows[:1]:
        known = Coverage(row.named, row.orders, PURCHASES)
        found.append(
            Figure(_("Revenue"), written.money(row.amount, row.currency, True), side="money", coverage=known)
        )
    return found


def _grid(cells: Sequence[customers.RfmCell], chosen: customers.CustomerFilter, currency: str) -> Grid:
    counted = {(c.r, c.f): (c.customers, written.money(c.monetary, currency, whole=True)) for c in cells}
    return grid(counted, (chosen.r, chosen.f))


def _returning(back: customers.Repeat) -> Chart:
    """The share of customers who came back, by days since their first order."""
    passed, days, shares = 0, [0.0], [0.0]
    for day, count in back.by_days:
        passed += count
        if day > LATE_DAYS:
            break
        days.append(float(day))
        shares.append(passed / back.customers)
    median = back.median_days
    marks = [] if median is None else [Mark(median, _("half of them"))]
    return Chart(
        "returning",
        "lines",
        _(
            "Share of customers who came back, by days since the first order; half of those who did by the mark"
        ),
        _("Days since the first order"),
        _("Came back"),
        _thinned(days),
        [Series(_("came back"), _thinned(shares), "customers")],
        marks,
        share=True,
    )


def _thinned(values: list[float]) -> list[float]:
    """At most some sixty of the values, the last one always."""
    step = max(1, len(values) // 60)
    return values[:-1:step] + values[-1:]


def _rfm(row: customers.CustomerRow) -> str:
    return f"{row.r}{row.f}{row.m}" if row.r else ""
