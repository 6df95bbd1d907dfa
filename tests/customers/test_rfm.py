from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from buyings import NOON, Bought, bought, table
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanxi.customers import mirror
from guanxi.customers.digest import CustomersDigest
from guanxi.customers.mirror import refresh_mirror
from guanxi.customers.refresh import refresh_rfm
from guanxi.customers.tables import TABLES
from guanxi.lake import catalog
from guanxi.lake.engine import Engine
from guanxi.records.databases import CUSTOMERS, raw, transaction
from guanxi.records.installation import Installation
from guanxi.vocabulary.progress import SILENT

Hear = Callable[..., None]
CDNOW = Path(__file__).parents[2].parent / "shared" / "data" / "cdnow" / "CDNOW_master.txt"
AS_OF = NOON + timedelta(days=30)


def rfm(engine: Engine) -> list[dict[str, Any]]:
    return engine.ask("SELECT * FROM customers.rfm ORDER BY customer").to_pylist()


_purchase = st.builds(
    lambda kind, who, amount, days, reference: bought(
        kind, who, amount, NOON + timedelta(days=days), reference=reference
    ),
    st.sampled_from(["ordered", "ordered", "ordered", "refunded"]),
    st.sampled_from("abcdefg"),
    st.integers(0, 900),
    st.integers(-60, 40),
    st.sampled_from([None, "1", "2", "3"]),
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(_purchase, max_size=40))
def test_rfm_equals_the_one_counted_by_hand(house: Installation, rows: list[Bought]) -> None:
    raw(CUSTOMERS).execute(
        "TRUNCATE customer, contact_key, customer_change, account RESTART IDENTITY CASCADE"
    )
    with transaction(CUSTOMERS) as connection:
        catalog.declare(connection, TABLES)
        catalog.swap(connection, "orders", [], None)
        CustomersDigest(house.secrets.pepper).apply(connection, table(*rows))
    ids = dict(raw(CUSTOMERS).execute("SELECT number, id FROM customer").fetchall())
    with Engine(memory="500MB") as engine:
        refresh_rfm(engine, AS_OF, SILENT)
        assert rfm(engine) == by_hand([row for row in rows if row["happened_at"] <= AS_OF], ids)


def by_hand(rows: list[Bought], ids: dict[str, int]) -> list[dict[str, Any]]:
    purchases: dict[int, dict[Any, list[Bought]]] = defaultdict(lambda: defaultdict(list))
    for place, row in enumerate(rows):
        purchases[ids[row["actor"]]][row["reference"] or place].append(row)
    found = [one for who in sorted(purchases) if (one := worth(who, purchases[who].values()))["orders"]]
    for letter, key in (("r", "last_day"), ("f", "frequency"), ("m", "monetary")):
        ranked = sorted(found, key=lambda one: (one[key], one["customer"]))
        for one, quintile in zip(ranked, quintiles(len(ranked)), strict=True):
            one[letter] = quintile
    return found


def worth(who: int, purchases: Any) -> dict[str, Any]:
    days, frequency, monetary = [], 0, 0
    for lines in purchases:
        signed = [row["amount"] * (-1 if row["kind"] == "refunded" else 1) for row in lines]
        ordered = [row["happened_at"].date() for row in lines if row["kind"] == "ordered"]
        monetary += sum(signed)
        if ordered:
            days.append(min(ordered))
            frequency += sum(signed) > 0 or len(ordered) == len(lines)
    distinct = sorted(set(days))
    return {
        "customer": who,
        "recency_days": (AS_OF.date() - max(days)).days if days else None,
        "frequency": frequency,
        "monetary": monetary,
        **dict.fromkeys("rfm"),
        "orders": len(days),
        "first_day": min(days, default=None),
        "last_day": max(days, default=None),
        "second_order_days": (distinct[1] - distinct[0]).days if len(distinct) > 1 else None,
    }


def quintiles(n: int) -> list[int]:
    """Five groups as even as can be, the larger ones first."""
    sizes = [n // 5 + (group < n % 5) for group in range(5)]
    return [group + 1 for group, size in enumerate(sizes) for _ in range(size)]


def test_equal_customers_are_ranked_by_their_id_each_time(hear: Hear, engine: Engine) -> None:
    hear(*(bought("ordered", str(i), 100) for i in range(10)))
    refresh_rfm(engine, AS_OF, SILENT)
    first = rfm(engine)
    refresh_rfm(engine, AS_OF, SILENT)
    assert rfm(engine) == first
    assert [(row["r"], row["f"], row["m"]) for row in first] == [
        (q, q, q) for q in (1, 1, 2, 2, 3, 3, 4, 4, 5, 5)
    ]


def test_an_order_refunded_in_full_does_not_count_for_frequency(hear: Hear, engine: Engine) -> None:
    hear(bought("ordered", "1", 100, reference="A"), bought("ordered", "1", 50, reference="B"))
    hear(bought("refunded", "1", 100, reference="A"))
    refresh_rfm(engine, AS_OF, SILENT)
    assert [(r["orders"], r["frequency"], r["monetary"]) for r in rfm(engine)] == [(2, 1, 50)]


def test_a_customers_mirror_made_by_key_equals_one_made_from_nothing(
    hear: Hear, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def recorded(number: str, city: str) -> Bought:
        return bought("recorded", number, traits=f'{{"facts": {{"city": "{city}"}}, "name": "Secret"}}')

    def mirrored() -> list[Any]:
        names = ("customer", "customer_fact")
        return [engine.ask(f"SELECT * FROM customers.{name} ORDER BY ALL").to_pylist() for name in names]

    hear(*(recorded(str(i), "Shanghai") for i in range(9)))
    assert refresh_mirror(engine, AS_OF, SILENT).customers_read == 9
    hear(recorded("3", "Wuxi"), bought("ordered", "4", 5), bought("ordered", "new", 5))
    assert refresh_mirror(engine, AS_OF, SILENT).customers_read == 2
    by_key = mirrored()
    monkeypatch.setattr(mirror, "WHOLE_FROM", 0)
    refresh_mirror(engine, AS_OF, SILENT)
    assert mirrored() == by_key
    assert [row["first_day"] for row in by_key[0]].count(NOON.date()) == 2
    assert "Secret" not in str(by_key)


@pytest.mark.skipif(not CDNOW.exists(), reason="the CDNOW orders are not here")
def test_cdnow_counts_are_those_of_the_file(hear: Hear, engine: Engine) -> None:
    lines = [line.split() for line in CDNOW.read_text().splitlines() if line.strip()]
    hear(
        *(bought("ordered", who, round(float(dollars) * 100), moment(day)) for who, day, _, dollars in lines)
    )
    refresh_mirror(engine, moment("19980630"), SILENT)
    refresh_rfm(engine, moment("19980630"), SILENT)
    rows = rfm(engine)
    assert len(rows) == 23_570 == len({who for who, *_ in lines})
    assert sum(row["orders"] for row in rows) == 69_659
    assert sum(row["monetary"] for row in rows) == sum(round(float(d) * 100) for *_, d in lines)
    visits: dict[str, set[str]] = defaultdict(set)
    for who, day, *_ in lines:
        visits[who].add(day)
    assert sum(row["second_order_days"] is not None for row in rows) == sum(
        len(days) > 1 for days in visits.values()
    )
    assert {row["r"] for row in rows} == {1, 2, 3, 4, 5}
    assert min(row["first_day"] for row in rows) == date(1997, 1, 1)


def moment(day: str) -> datetime:
    return datetime(int(day[:4]), int(day[4:6]), int(day[6:]), 12, tzinfo=UTC)
