"""Results over the lake's own tables equal what was put there; the mart's SQL means what the rules say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from guanxi.correlation.tables import PERSON
from guanxi.customers.tables import CUSTOMER, ORDERS, RFM
from guanxi.lake import catalog
from guanxi.lake.engine import Engine
from guanxi.lake.store import Lake
from guanxi.lake.table import LakeTable
from guanxi.measurement import queries
from guanxi.measurement.refresh import refresh_measures
from guanxi.outreach.tables import CAMPAIGN_PERSON, DELIVERY
from guanxi.records.actor import SYSTEM, Actor, Role
from guanxi.records.databases import alias_of, transaction
from guanxi.records.installation import Installation
from guanxi.social.tables import CONTENT, CONTENT_PLATFORM, ENGAGEMENT, FAN
from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.progress import SILENT
from guanxi.vocabulary.reasons import Refused

Row = dict[str, object]
AGENCY = Actor(2, "agency", frozenset({Role.AGENCY}))
WEIGHT = LakeTable(
    Side.SOCIAL,
    "weight",
    pa.schema(
        [
            ("fan", pa.int64()),
            ("platform", pa.string()),
            ("weight", pa.float64()),
            ("direct", pa.int64()),
            ("second", pa.int64()),
            ("band", pa.string()),
        ]
    ),
    derived=True,
)


def fill(table: LakeTable, rows: list[Row]) -> None:
    columns = {f.name: pa.array([row.get(f.name) for row in rows], f.type) for f in table.schema}
    with transaction(alias_of(table.side)) as connection:
        Lake(table.side).swap(connection, table, pa.table(columns, schema=table.schema))


def order(
    customer: int, amount: int, happened_at: datetime, currency: str = "CNY", kind: str = "ordered"
) -> Row:
    return {"customer": customer, "kind": kind, "amount": amount, "currency": currency} | {
        "happened_at": happened_at
    }


@pytest.fixture
def engine(house: Installation) -> Iterator[Engine]:
    with transaction(alias_of(Side.SOCIAL)) as connection:
        catalog.declare(connection, [WEIGHT])
    with Engine(threads=1, memory="500MB") as engine:
        yield engine


def test_a_campaigns_arms_are_counted_person_by_person(engine: Engine, now: datetime) -> None:
    # Fans 1..100 are planned for, the last forty held out; fans 1..50 and 61..90 are linked to customers.
    planned = now - timedelta(days=20)
    people = [
        {"campaign": 7, "person": fan * 2, "identity": fan * 2, "verdict": "send" if fan <= 60 else "drop"}
        | {"reasons": "", "holdout": fan > 60, "zone": "UTC", "planned_at": planned}
        for fan in range(1, 101)
    ]
    fill(CAMPAIGN_PERSON, [*people, {**people[0], "campaign": 8}])
    linked = [*range(1, 51), *range(61, 91)]
    rows = [{"person": n * 2, "identity": code} for n in linked for code in (n * 2, n * 2 + 1)]
    fill(PERSON, [{"purpose": "contact", **row} for row in rows])
    inside, late, before = planned + timedelta(days=3), planned + timedelta(days=15), planned
    seen = {"platform": "wechat", "account": 1, "day": date(2026, 10, 1), "recorded_at": now}
    acts = [(fan, "viewed", inside) for fan in (*range(1, 31), *range(61, 71))]
    acts += [(1, "liked", inside), (50, "viewed", late), (51, "viewed", before), (52, "unfollowed", inside)]
    fill(ENGAGEMENT, [{"fan": f, "kind": k, "happened_at": t, **seen} for f, k, t in acts])
    bought = [order(n, 1000 + n, inside) for n in range(1, 11)] + [order(61, 500, inside)]
    bought += [order(1, -300, inside, kind="refunded"), order(2, 9999, late), order(3, 9, inside, "USD")]
    fill(ORDERS, [*bought, order(99, 77777, inside)])

    refresh_measures(engine, now, SILENT)
    found = queries.campaign_results(SYSTEM, engine, 7, costs=100)
    treated, held = found.effect.treated, found.effect.held_out
    assert (found.currency, found.is_complete) == ("CNY", True)
    assert (treated.people, treated.responders, treated.buyers, treated.visible) == (60, 30, 10, 50)
    assert (held.people, held.responders, held.buyers, held.visible) == (40, 10, 1, 30)
    amounts = [1001 - 300, *(1000 + n for n in range(2, 11))]
    assert (treated.money, treated.money_squares) == (sum(amounts), sum(a * a for a in amounts))
    assert (held.money, held.money_squares) == (500, 250_000)
    assert found.effect.response_rate.estimate is not None
    assert found.effect.response_rate.estimate.value == pytest.approx(0.25)
    assert queries.campaign_results(SYSTEM, engine, 8).effect.treated.responders == 1
    refresh_measures(engine, inside - timedelta(days=1), SILENT)
    early = queries.campaign_results(SYSTEM, engine, 7)
    assert (early.effect.treated.responders, early.is_complete) == (0, False)
    nothing = queries.campaign_results(SYSTEM, engine, 9)
    assert nothing.effect.response_rate.code == "too_few_treated"


@pytest.mark.parametrize("planned_before", [0, 30])
def test_a_campaign_counts_from_its_first_message_whether_planned_anew_or_long_before_its_opening(
    engine: Engine, now: datetime, planned_before: int
) -> None:
    began, seen = now - timedelta(days=5), {"platform": "wechat", "account": 1, "recorded_at": now}
    planned_at = now - timedelta(days=planned_before)
    plan = {"campaign": 7, "verdict": "send", "reasons": "", "zone": "UTC", "planned_at": planned_at}
    fill(CAMPAIGN_PERSON, [{**plan, "person": n, "identity": n, "holdout": n == 4} for n in (2, 4)])
    sent = {"campaign": 7, "platform": "wechat", "channel": "echo", "state": "sent"}
    fill(DELIVERY, [{**sent, "person": 2, "identity": 2, "reserved_at": began, "sent_at": began}])
    moments = {1: began + timedelta(days=1), 2: began + timedelta(days=2)}
    acts = [{"fan": fan, "kind": "viewed", "happened_at": moment} | seen for fan, moment in moments.items()]
    fill(ENGAGEMENT, [{**act, "day": date(2026, 10, 28)} for act in acts])
    refresh_measures(engine, now, SILENT)
    found = queries.campaign_results(SYSTEM, engine, 7)
    assert (found.effect.treated.responders, found.effect.held_out.responders) == (1, 1)
    assert not found.is_complete


def test_a_planted_effect_is_found_within_its_interval(engine: Engine, now: datetime) -> None:
    rng = np.random.default_rng(3)
    planned, fans = now - timedelta(days=30), np.arange(1, 6001)
    held = rng.random(6000) < 0.2
    responded = rng.random(6000) < np.where(held, 0.10, 0.16)
    n = len(fans)
    with transaction(alias_of(Side.RELATIONSHIP)) as connection:
        columns = {
            "campaign": pa.array([1] * n),
            "person": pa.array(fans * 2),
            "identity": pa.array(fans * 2),
        }
        columns |= {name: pa.array([""] * n) for name in ("verdict", "reasons", "zone")}
        columns |= {"until": pa.nulls(n), "holdout": pa.array(held), "planned_at": pa.array([planned] * n)}
        Lake(Side.RELATIONSHIP).swap(connection, CAMPAIGN_PERSON, pa.table(columns))
    seen = {"platform": "x", "account": 1, "day": planned.date(), "recorded_at": now, "kind": "opened"}
    moment = planned + timedelta(days=2)
    fill(ENGAGEMENT, [{"fan": int(fan), "happened_at": moment, **seen} for fan in fans[responded]])
    refresh_measures(engine, now, SILENT)
    estimate = queries.campaign_results(SYSTEM, engine, 1).effect.response_rate.estimate
    assert estimate is not None
    assert estimate.low < 0.06 < estimate.high
    assert estimate.excludes_zero


def test_sends_are_saved_against_everybody_being_messaged(engine: Engine, now: datetime) -> None:
    verdicts = ["send"] * 4 + ["due"] + ["hold"] * 2 + ["drop"] * 3
    fill(
        CAMPAIGN_PERSON,
        [
            {"campaign": 7, "person": n, "identity": n, "verdict": verdict, "holdout": n == 9}
            | {"reasons": "", "zone": "UTC", "planned_at": now}
            for n, verdict in enumerate(verdicts)
        ],
    )
    sent = {"campaign": 7, "platform": "wechat", "channel": "echo", "state": "sent", "reserved_at": now}
    fill(
        DELIVERY, [{**sent, "person": n, "identity": n, "sent_at": now if n < 3 else None} for n in range(5)]
    )
    (row,) = queries.campaign_sends(SYSTEM, engine, now)
    assert (row.people, row.held_out, row.to_send, row.due, row.held, row.dropped) == (10, 1, 4, 1, 2, 3)
    assert (row.saved.sent, row.saved.waiting, row.saved.saved) == (3, 4, 3)


def fill_two_sides(now: datetime) -> None:
    fill(FAN, [{"fan": n, "account": 1, "platform": "wechat"} for n in range(1, 101)])
    bands = {1: "igniter", 2: "listener", 3: "listener"}
    fill(
        WEIGHT,
        [
            {"fan": n, "platform": "wechat", "direct": 100 - n, "band": bands.get(n, "listener")}
            for n in range(1, 51)
        ],
    )
    fill(CUSTOMER, [{"customer": n, "account": 2} for n in range(1, 41)])
    fill(RFM, [{"customer": n, "r": 5, "f": 5, "m": 5 if n <= 10 else 1} for n in range(1, 40)])
    fill(ORDERS, [order(n, 1000 if n <= 10 else 10, now) for n in range(1, 40)] + [order(1, -400, now)])
    # Customer 1 is fans 1 and 2; customer 40, who never ordered, is fan 60.
    pairs = [(2, 2), (2, 4), (2, 3), (81, 81), (81, 120)]
    fill(PERSON, [{"purpose": "contact", "person": p, "identity": i} for p, i in pairs])


def test_the_crosswalk_counts_every_fan_and_customer_once(engine: Engine, now: datetime) -> None:
    fill_two_sides(now)
    refresh_measures(engine, now, SILENT)
    found = queries.crosswalk_grid(SYSTEM, engine)
    cells = {(c.band, c.rfm_class): (c.people, c.money) for c in found.cells if c.people}
    assert cells == {
        ("igniter", "top"): (1, 600),
        ("listener", "unlinked"): (48, None),
        ("unknown", "unlinked"): (49, None),
        ("unknown", "no_orders"): (1, 0),
        ("unlinked", "top"): (9, 9000),
        ("unlinked", "high"): (29, 290),
    }
    assert (found.currency, found.fans_linked, found.customers_linked) == ("CNY", 0.03, 0.05)


def test_the_pareto_curves_rank_everybody(engine: Engine, now: datetime) -> None:
    fill_two_sides(now)
    refresh_measures(engine, now, SILENT)
    revenue = queries.pareto_of_revenue(SYSTEM, engine)
    assert (revenue.units, revenue.amount) == (39, 9 * 1000 + 600 + 29 * 10)
    assert revenue.by_fifth == pytest.approx(7.8 * 1000 / 9890)
    reach = queries.pareto_of_reach(SYSTEM, engine)
    direct = [100 - n for n in range(1, 51)]
    assert (reach.units, reach.amount, reach.coverage) == (100, sum(direct), 0.5)
    assert reach.by_fifth == pytest.approx(sum(direct[:20]) / sum(direct))


def test_content_shows_what_was_passed_on_and_where(engine: Engine, now: datetime) -> None:
    fill(
        CONTENT,
        [{"content": 1, "platform": "wechat", "kind": "article", "topic": "run", "promotes_product": False}],
    )
    counts = [("wechat", "viewed", 90, 40), ("wechat", "shared", 7, 5), ("weibo", "shared", 9, 9)]
    fill(
        CONTENT_PLATFORM,
        [{"content": 1, "platform": p, "kind": k, "n": n, "fans": f} for p, k, n, f in counts],
    )
    first, second = queries.content_by_platform(SYSTEM, engine)
    assert (first.platform, first.shares, first.reads, first.fans) == ("weibo", 9, 0, 9)
    assert (second.platform, second.shares, second.reads, second.topic) == ("wechat", 7, 90, "run")


def test_an_empty_house_says_nothing_rather_than_zero(engine: Engine, now: datetime) -> None:
    refresh_measures(engine, now, SILENT)
    assert queries.pareto_of_revenue(SYSTEM, engine).code == "too_few_people"
    assert queries.pareto_of_reach(SYSTEM, engine).coverage is None
    assert queries.crosswalk_grid(SYSTEM, engine).fans_linked is None
    assert queries.campaign_sends(SYSTEM, engine, now) == ()


def test_an_agency_sees_no_results(engine: Engine, now: datetime) -> None:
    for ask in (
        lambda: queries.campaign_results(AGENCY, engine, 1),
        lambda: queries.campaign_sends(AGENCY, engine, now),
        lambda: queries.pareto_of_revenue(AGENCY, engine),
        lambda: queries.pareto_of_reach(AGENCY, engine),
        lambda: queries.crosswalk_grid(AGENCY, engine),
        lambda: queries.content_by_platform(AGENCY, engine),
    ):
        with pytest.raises(Refused):
            ask()
