from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from buyings import NOON, bought

from guanxi.customers.mirror import refresh_mirror
from guanxi.customers.models import Customer
from guanxi.customers.queries.cards import coverage, currencies, customer_card, orders_of
from guanxi.customers.queries.customers import CustomerFilter, customers, repeat, rfm_grid
from guanxi.customers.refresh import refresh_rfm
from guanxi.lake.engine import Engine
from guanxi.records.actor import SYSTEM, Actor, Role
from guanxi.vocabulary.progress import SILENT
from guanxi.vocabulary.reasons import Refused

AGENCY = Actor(3, "Outside", frozenset({Role.AGENCY}))
ANALYST = Actor(5, "Counts", frozenset({Role.ANALYST}))


@pytest.fixture
def story(hear: Callable[..., None], engine: Engine) -> dict[str, int]:
    """Ten customers of whom number k ordered k times a day apart; number 3 is known, number 0 never ordered."""
    traits = {"facts": {"city": "Suzhou"}, "name": "Chen Mei", "source": "crm"}
    hear(bought("recorded", "n3", traits=json.dumps(traits)), bought("recorded", "n0"))
    hear(
        *(
            bought("ordered", f"n{k}", 100 * k, NOON - timedelta(days=10 * k + i))
            for k in range(1, 11)
            for i in range(k)
        )
    )
    hear(bought("ordered", "", 55), bought("refunded", "n3", 50, NOON))
    refresh_mirror(engine, NOON, SILENT)
    refresh_rfm(engine, NOON, SILENT)
    return dict(Customer.objects.values_list("number", "id"))


def test_the_grid_counts_every_customer_once_and_opens_into_its_rows(
    story: dict[str, int], engine: Engine
) -> None:
    cells = rfm_grid(SYSTEM, engine)
    assert len(cells) == 25
    assert sum(cell.customers for cell in cells) == 10
    assert sum(cell.monetary for cell in cells) == sum(100 * k * k for k in range(1, 11)) - 50
    for cell in cells:
        behind = customers(SYSTEM, engine, CustomerFilter(r=cell.r, f=cell.f))
        assert (behind.total, sum(row.monetary or 0 for row in behind.rows)) == (
            cell.customers,
            cell.monetary,
        )


def test_customers_are_filtered_sorted_and_paged(story: dict[str, int], engine: Engine) -> None:
    everybody = customers(SYSTEM, engine)
    assert everybody.total == 11
    assert everybody.rows[0].customer == story["n10"]
    assert everybody.rows[-1].customer == story["n0"]
    assert everybody.rows[-1].r is None
    named = customers(SYSTEM, engine, CustomerFilter(text="chen"))
    assert [(row.customer, row.name) for row in named.rows] == [(story["n3"], "Chen Mei")]
    assert [row.customer for row in customers(SYSTEM, engine, CustomerFilter(text="n7")).rows] == [
        story["n7"]
    ]
    slipping = customers(SYSTEM, engine, CustomerFilter(slipping=True), "customer")
    assert {row.customer for row in slipping.rows} == {story[f"n{k}"] for k in (7, 8, 9, 10)}
    with pytest.raises(Refused, match="filter_unknown"):
        customers(SYSTEM, engine, sort="name")


def test_those_who_came_back_are_counted_with_the_days_it_took(story: dict[str, int], engine: Engine) -> None:
    found = repeat(SYSTEM, engine)
    assert (found.customers, found.returned, found.median_days) == (10, 9, 1)
    assert found.rate == 0.9
    assert found.by_days == ((1, 9),)


def test_a_card_holds_worth_facts_and_orders(story: dict[str, int], engine: Engine) -> None:
    card = customer_card(SYSTEM, engine, story["n3"])
    assert card.worth is not None
    assert (card.worth.orders, card.worth.monetary, card.worth.recency_days) == (3, 850, 30)
    assert [(fact.name, fact.value, fact.source) for fact in card.facts] == [("city", "Suzhou", "crm")]
    page = orders_of(SYSTEM, engine, story["n3"], limit=2)
    assert (page.total, [row.amount for row in page.rows]) == (4, [-50, 300])
    assert customer_card(SYSTEM, engine, story["n0"]).worth is None


def test_money_and_facts_say_of_how_many_they_are_known(story: dict[str, int], engine: Engine) -> None:
    (one,) = currencies(SYSTEM, engine)
    assert (one.currency, one.orders, one.named) == ("CNY", 57, 56)
    assert [(c.what, c.seen, c.whole) for c in coverage(SYSTEM, engine)] == [("city", 1, 11)]


def test_an_agency_sees_no_customer_and_an_analyst_no_name(story: dict[str, int], engine: Engine) -> None:
    questions = (
        lambda actor: customers(actor, engine),
        lambda actor: rfm_grid(actor, engine),
        lambda actor: repeat(actor, engine),
        lambda actor: currencies(actor, engine),
        lambda actor: coverage(actor, engine),
        lambda actor: customer_card(actor, engine, story["n3"]),
        lambda actor: orders_of(actor, engine, story["n3"]),
    )
    for question in questions:
        with pytest.raises(Refused, match="not_permitted"):
            question(AGENCY)
        question(ANALYST)
    assert customer_card(ANALYST, engine, story["n3"]).name == ""
    assert customers(ANALYST, engine, CustomerFilter(text="Chen")).total == 0
