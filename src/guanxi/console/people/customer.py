"""One customer: facts with sources, worth, orders, and which fans they may be."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.console import written
from guanxi.console.access import Asked, page
from guanxi.console.columns import Column
from guanxi.console.figures import Figure
from guanxi.console.people.faces import customer_title, fact_groups, named_links
from guanxi.console.show import show
from guanxi.console.tables import Table, table, whole_table
from guanxi.console.wish import Wish, wish_of
from guanxi.correlation import queries as correlation
from guanxi.customers.queries import cards
from guanxi.lake.freshness import known_until
from guanxi.lake.sight import lake_for
from guanxi.records.actor import Permission
from guanxi.vocabulary.ids import Side

ORDERS = (
    Column("happened_at", gettext_lazy("When"), "moment", sortable=False),
    Column("kind", gettext_lazy("What"), "kind", narrow=True, sortable=False),
    Column("amount", gettext_lazy("Amount"), "money", "customers", narrow=True, sortable=False),
    Column("quantity", gettext_lazy("Pieces"), "number", "customers", sortable=False),
    Column("reference", gettext_lazy("Order"), "text", "customers", narrow=True, sortable=False),
)
LINKS = (
    Column("fan_name", gettext_lazy("Fan"), href=lambda row: reverse("link", args=[row.id])),
    Column("probability", gettext_lazy("Probability"), "bar", "link"),
    Column("state", gettext_lazy("State"), "state"),
)


@page(Permission.SEE_CUSTOMERS)
def customer(request: Asked, pk: int) -> HttpResponseBase:
    """The customer's card."""
    wish, actor = wish_of(request), request.actor
    with lake_for(actor) as engine:
        card = cards.customer_card(actor, engine, pk)
        orders = cards.orders_of(actor, engine, pk, wish.offset, wish.limit)
    currency = orders.rows[0].currency if orders.rows else ""
    return show(
        request,
        "console/people/customer.html",
        "customers",
        as_of=known_until(Side.CUSTOMERS, "rfm"),
        card=card,
        title=customer_title(pk, card.name),
        figures=_figures(card.worth, currency),
        facts=fact_groups(card.facts),
        links=_links(request, wish, pk),
        table=table(request, ORDERS, wish, orders.rows, orders.total),
    )


def _figures(worth: cards.Worth | None, currency: str) -> list[Figure]:
    if worth is None:
        return [Figure(_("Orders"), "0", side="customers")]
    second = worth.second_order_days
    return [
        Figure(_("Bought"), written.money(worth.monetary, currency), side="money"),
        Figure(_("Orders"), written.number(worth.orders), "#orders", side="customers"),
        Figure(_("Since last order"), written.number(worth.recency_days), unit=_("days"), side="customers"),
        Figure(
            _("RFM"),
            f"{worth.r}{worth.f}{worth.m}",
            f"{reverse('customers')}?r={worth.r}&f={worth.f}",
            side="customers",
            note=_("recency, frequency, money; 5 is best"),
        ),
        Figure(
            _("To second order"),
            written.number(second),
            unit=_("days") if second is not None else "",
            side="customers",
            note="" if second is not None else _("has not come back yet"),
        ),
    ]


def _links(request: Asked, wish: Wish, pk: int) -> Table | None:
    if not request.actor.may(Permission.SEE_LINKS):
        return None
    rows = correlation.links_of(request.actor, Side.CUSTOMERS, pk)
    return whole_table(request, LINKS, wish, named_links(request.actor, rows))
