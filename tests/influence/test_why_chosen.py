"""Why each was chosen: what sets one of the list apart from the others, with its numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest

from guanxi.correlation.tables import LINK
from guanxi.influence.choosing.actions import ask_choice, carry_out_choice
from guanxi.influence.choosing.choice import Wanted
from guanxi.influence.choosing.queries import whys
from guanxi.influence.choosing.seen import seen_again
from guanxi.influence.choosing.why import Marked, Seen, marked, reasons_of
from guanxi.influence.queries import ambassadors, latest_run
from guanxi.influence.refresh import refresh_communities, refresh_ties, refresh_weights
from guanxi.influence.whatif import Kept, apart
from guanxi.lake.engine import Engine
from guanxi.lake.store import Lake
from guanxi.lake.table import LakeTable
from guanxi.records.actor import SYSTEM, Actor, Role
from guanxi.records.databases import RELATIONSHIP, SOCIAL, transaction
from guanxi.social import tables as social
from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.progress import SILENT

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
AGENCY = Actor(8, "Outside", frozenset({Role.AGENCY}))
USUAL = Seen(0, 20.0, 14.0, 21.0, 30, 10, 20, 60, 60, 200, 4, 900, None, None, 0.7)


def _codes(chosen: list[Seen], with_customers: bool = True) -> dict[int, set[str]]:
    return {fan: {one.code for one in found} for fan, found in reasons_of(chosen, with_customers).items()}


def _list(*others: Seen) -> list[Seen]:
    """Eight alike, and those who differ in one thing."""
    return [*(replace(USUAL, fan=fan) for fan in range(8)), *others]


@pytest.mark.parametrize(
    ("differs", "code"),
    [
        ({"only": 19.5}, "only_they_reach"),
        ({"only": 2.0}, "shared_reach"),
        ({"strangers": 29}, "moves_strangers"),
        ({"strangers": 3}, "moves_customers"),
        ({"community": 7, "size": 1200}, "opens_community"),
        ({"city": Marked("成都", 12, 15, 0.1)}, "opens_city"),
        ({"topic": Marked("tea", 9, 10, 0.2)}, "moves_on_topic"),
        ({"direct": 90, "strangers": 60}, "moves_many"),
        ({"second": 70}, "moves_through_others"),
        ({"counted": 150}, "taken_up"),
        ({"successes": 3}, "thin_evidence"),
        ({"firm": 1.0}, "firm"),
        ({"firm": 0.2}, "not_firm"),
    ],
)
def test_what_only_one_of_the_list_is_like_is_said_of_nobody_else(
    differs: dict[str, object], code: str
) -> None:
    found = _codes(_list(replace(USUAL, fan=8, **differs)))  # type: ignore[arg-type]
    assert code in found[8]
    assert len(found[8]) <= 3
    if code not in {"only_they_reach", "shared_reach", "moves_strangers", "moves_many", "taken_up"}:
        assert not any(code in codes for fan, codes in found.items() if fan != 8)


def test_rows_of_a_mixed_list_do_not_say_the_same() -> None:
    rng = np.random.default_rng(3)
    chosen = []
    for fan in range(50):
        alone, direct = float(rng.gamma(3, 8)), int(rng.integers(5, 90))
        counted, given = int(rng.integers(10, 90)), int(rng.integers(90, 400))
        city = Marked("Oslo", 6, 9, 0.1) if rng.random() < 0.2 else None
        chosen.append(
            Seen(fan, alone, alone * float(rng.uniform(0.3, 1)), alone, direct, int(rng.integers(0, 99)),
                 int(direct * rng.random()), counted, counted, given, int(rng.integers(0, 40)),
                 int(rng.integers(20, 999)), city, None, float(rng.random()))
        )  # fmt: skip
    found = reasons_of(chosen, with_customers=True)
    told = [tuple(one.code for one in reasons if one.code != "circling") for reasons in found.values()]
    assert all(2 <= len(codes) <= 3 for codes in told)
    assert max(Counter(told).values()) <= 5
    assert max(Counter(code for codes in told for code in codes).values()) <= 50 / 3


def test_how_many_are_customers_is_not_told_to_who_may_not_see_them() -> None:
    chosen = _list(replace(USUAL, fan=8, strangers=29), replace(USUAL, fan=9, strangers=1))
    everything = set().union(*_codes(chosen).values())
    assert {"moves_strangers", "moves_customers"} <= everything
    assert not {"moves_strangers", "moves_customers"} & set().union(*_codes(chosen, False).values())
    unknown = [replace(one, strangers=None) for one in chosen]
    assert not {"moves_strangers", "moves_customers"} & set().union(*_codes(unknown).values())


def test_what_speaks_against_somebody_is_said_beside_what_sets_them_apart() -> None:
    found = _codes(_list(replace(USUAL, fan=8, weight=500.0), replace(USUAL, fan=9, direct=0, second=0)))
    assert "circling" in found[8]
    assert len(found[8]) >= 3
    assert found[9] == {"too_little_seen"}
    assert len(_codes([USUAL])[0]) == 2
    assert reasons_of([], with_customers=True) == {}


def test_a_mark_needs_three_people_and_a_tenth_more_than_the_others_have() -> None:
    counts = {1: {"Rome": 2}, 2: {"Rome": 5, "Oslo": 5}, 3: {"Oslo": 38, "Rome": 38}}
    assert marked(counts, {1: 2, 2: 10, 3: 76}) == {}
    found = marked(counts | {4: {"Bonn": 6, "Oslo": 2}}, {1: 2, 2: 10, 3: 76, 4: 8})
    assert found[4] == Marked("Bonn", 6, 8, 0.0)
    assert 1 not in found


def test_what_somebody_reaches_alone_is_told_from_what_nobody_else_reaches() -> None:
    kept = Kept(np.array([0, 0, 1, 2, 3]), np.array([7, 8, 7, 8, 9]), 10, 100.0)
    assert apart(kept, [8, 7]) == {7: (20.0, 10.0), 8: (20.0, 10.0)}
    assert apart(kept, [7, 9, 5]) == {7: (20.0, 20.0), 9: (10.0, 10.0), 5: (0.0, 0.0)}


def _rows(table: LakeTable, rows: Sequence[Mapping[str, object]]) -> pa.Table:
    return pa.Table.from_pylist(
        [{f.name: row.get(f.name) for f in table.schema} for row in rows], table.schema
    )


@pytest.fixture
def heard(house: object) -> None:
    """Fan 1 moved 10 to 29 on tea, fan 2 moved 30 to 41 on cars; those live in Oslo, five of them are customers."""
    told: list[tuple[int, int | None, str, int]] = [(1, None, "shared", 5), (2, None, "shared", 6)]
    told += [(fan, 1, "opened", 5) for fan in range(10, 30)] + [
        (fan, 2, "opened", 6) for fan in range(30, 42)
    ]
    engagements: list[dict[str, object]] = [
        {"id": i, "fan": fan, "account": 1, "platform": "echo", "kind": kind, "content": content,
         "through": through, "happened_at": NOW, "day": NOW.date(), "recorded_at": NOW}
        for i, (fan, through, kind, content) in enumerate(told, 1)
    ]  # fmt: skip
    fans = [
        {"fan": f, "account": 1, "platform": "echo", "first_day": NOW.date(), "last_day": NOW.date()}
        for f in (1, 2, *range(10, 42))
    ]
    facts = [
        {"fan": f, "name": "city", "value": "Oslo" if f >= 30 else "Rome", "source": "x", "confidence": 1.0,
         "best": True}
        for f in range(10, 42)
    ]  # fmt: skip
    contents = [
        {"content": c, "account": 1, "platform": "echo", "kind": "post", "topic": topic,
         "promotes_product": False, "published_day": NOW.date()}
        for c, topic in ((5, "tea"), (6, "cars"))
    ]  # fmt: skip
    links = [
        {"fan": 30 + i, "customer": i, "purpose": "contact", "probability": 1.0, "state": "confirmed"}
        for i in range(5)
    ]
    with transaction(SOCIAL) as connection:
        lake = Lake(Side.SOCIAL)
        lake.append(connection, social.ENGAGEMENT, _rows(social.ENGAGEMENT, engagements))
        for table, rows in ((social.FAN, fans), (social.FAN_FACT, facts), (social.CONTENT, contents)):
            lake.swap(connection, table, _rows(table, rows))
    with transaction(RELATIONSHIP) as connection:
        Lake(Side.RELATIONSHIP).swap(connection, LINK, _rows(LINK, links))


def test_a_choice_keeps_what_was_known_of_whom_it_took(heard: None) -> None:
    with Engine(memory="500MB") as engine:
        for refresh in (refresh_ties, refresh_weights, refresh_communities):
            refresh(engine, NOW, SILENT)
        carry_out_choice(engine, ask_choice(SYSTEM, Wanted("everybody", k=2), NOW), NOW)
        chosen = ambassadors(SYSTEM, engine)
    run = latest_run(SYSTEM)
    assert run is not None
    seen = {one.fan: one for one in seen_again(run.found["seen"])}
    assert set(seen) == {1, 2} == {row.fan for row in chosen}
    assert (seen[1].direct, seen[1].strangers, seen[2].direct, seen[2].strangers) == (20, 20, 12, 7)
    assert (seen[1].successes, seen[1].counted, seen[1].opportunities) == (20, 20, 20)
    assert seen[2].city == Marked("Oslo", 12, 12, 0.0)
    assert seen[1].topic == Marked("tea", 20, 20, 0.0)
    assert all(one.only == one.alone > 0 for one in seen.values())
    told = whys(SYSTEM, {run.run})
    assert set(told) == {(run.run, 1), (run.run, 2)}
    codes = {reason.code for reason in told[run.run, 2].reasons}
    assert codes <= {"opens_city", "opens_community", "moves_on_topic", "moves_customers", "only_they_reach"}
    assert 2 <= len(codes) <= 3
    without = {reason.code for why in whys(AGENCY, {run.run}).values() for reason in why.reasons}
    assert not without & {"moves_customers", "moves_strangers"}
    assert whys(SYSTEM, set()) == {}
