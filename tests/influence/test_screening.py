"""Share farms are told from circles of friends, count for nobody and are not chosen; a person may say otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from worlds import END, block_of, contents, fans_of, mirrored, told

from guanxi.influence.choosing.actions import choose_ambassadors
from guanxi.influence.map.queries import map_view, standing_of
from guanxi.influence.queries import ambassadors, weights_of
from guanxi.influence.refresh import refresh_communities, refresh_ties, refresh_weights
from guanxi.influence.screening.actions import clear_fan, withdraw_clearing
from guanxi.influence.screening.queries import cleared_list, screened_among, screened_count
from guanxi.influence.screening.refresh import refresh_screening
from guanxi.influence.screening.rules import screened
from guanxi.influence.weighing.queries import WeightFilter, weight_list
from guanxi.lake.engine import Engine
from guanxi.records.actor import SYSTEM, Actor, Role
from guanxi.records.databases import RELATIONSHIP, raw
from guanxi.social import tables as social
from guanxi.vocabulary.progress import SILENT
from guanxi.vocabulary.reasons import Refused
from guanxi.world.brand import World

MARKETER = Actor(1, "Mei", frozenset({Role.MARKETER}))
ANALYST = Actor(2, "Ana", frozenset({Role.ANALYST}))
RING, FRIENDS, LISTENERS = range(1, 11), range(21, 31), range(41, 101)
COLUMNS = ("fan", "people", "mutual", "idle", "timed", "soon", "moved_in_all", "idle_in_all")


def _judged(*rows: tuple[int, ...]) -> dict[int, str]:
    found = screened(pa.table(dict(zip(COLUMNS, np.array(rows, np.int64).T, strict=True))))
    return dict(zip(found["fan"].to_pylist(), found["signs"].to_pylist(), strict=True))


def test_one_strong_sign_is_no_suspicion_and_two_are() -> None:
    friends = (1, 10, 10, 0, 40, 3, 1000, 100)
    bought = (2, 100, 0, 95, 300, 290, 1000, 100)
    readers = (3, 10, 1, 9, 40, 3, 1000, 100)
    ring = (4, 10, 10, 10, 90, 90, 1000, 100)
    assert _judged(friends, bought, readers, ring) == {2: "soon|idle", 4: "mutual|soon|idle"}


def test_signs_that_could_not_be_seen_do_not_speak() -> None:
    untimed = (1, 10, 10, 2, 3, 3, 1000, 100)
    everybody_idle = (2, 10, 10, 10, 0, 0, 1000, 900)
    assert _judged(untimed, everybody_idle) == {}


def _rows(now: datetime) -> pa.Table:
    """A ring of ten that open each other's shares in seconds, ten friends who do so in hours, and their listeners."""
    rows: list[tuple[int, int | None, str, int | None, str | None, datetime]] = []
    for crowd, content, after in ((RING, 1, timedelta(seconds=20)), (FRIENDS, 2, timedelta(hours=3))):
        for i, fan in enumerate(crowd):
            at, token = now - timedelta(days=9, hours=i), f"{content}-{fan}"
            rows.append((fan, None, "shared", content, token, at))
            rows += [(other, fan, "opened", content, token, at + after) for other in crowd if other != fan]
    rows += [(fan, None, "liked", 2, None, now - timedelta(days=3)) for fan in (*FRIENDS, *LISTENERS)]
    rows += [
        (fan, 21 + fan % 10, "opened", 2, f"2-{21 + fan % 10}", now - timedelta(days=2)) for fan in LISTENERS
    ]
    told = [
        {"id": n, "fan": fan, "account": 1, "platform": "echo", "kind": kind, "content": content, "through": through,
         "campaign": None, "reference": reference, "happened_at": at, "day": at.date(), "recorded_at": at}
        for n, (fan, through, kind, content, reference, at) in enumerate(rows, 1)
    ]  # fmt: skip
    return pa.Table.from_pylist(told, social.ENGAGEMENT.schema)


def _refreshed(engine: Engine, at: datetime) -> None:
    refresh_ties(engine, at, SILENT)
    refresh_screening(engine, at)
    refresh_weights(engine, at, SILENT)
    refresh_communities(engine, at, SILENT)


@pytest.fixture
def engine(house: object, now: datetime) -> Iterator[Engine]:
    told(_rows(now))
    fans = [*RING, *FRIENDS, *LISTENERS]
    rows = [{"fan": fan, "account": 1, "platform": "echo", "first_day": now.date()} for fan in fans]
    schema = social.FAN.schema
    mirrored(social.FAN, pa.Table.from_pylist([{n: r.get(n) for n in schema.names} for r in rows], schema))
    with Engine(memory="500MB") as opened:
        _refreshed(opened, now)
        yield opened


def test_a_farm_counts_for_nobody_and_friends_do(engine: Engine) -> None:
    assert set(screened_among(MARKETER, engine, [*RING, *FRIENDS, *LISTENERS])) == set(RING)
    weights = {one.fan: one for one in weights_of(MARKETER, engine, [*RING, *FRIENDS])}
    assert all(weights[fan].weight == 0 and weights[fan].community is None for fan in RING)
    assert all(weights[fan].weight > 1 for fan in FRIENDS)


def test_the_list_has_the_screened_at_its_end_with_their_signs(engine: Engine) -> None:
    listed = weight_list(MARKETER, engine, WeightFilter(), "-weight", 0, 50)
    assert [row.fan in RING for row in listed.rows] == [False] * 10 + [True] * 10
    assert {row.signs for row in listed.rows[10:]} == {"mutual|soon|idle"}
    for screening, fans in (("screened", RING), ("trusted", FRIENDS)):
        rows = weight_list(MARKETER, engine, WeightFilter(screening=screening), "-weight", 0, 50).rows
        assert {row.fan for row in rows} == set(fans)


def test_the_map_shows_what_counts_before_what_does_not(engine: Engine) -> None:
    ties = weight_list(MARKETER, engine, WeightFilter(screening="trusted"), "-weight", 0, 50).rows
    counted = sum(row.direct for row in ties)
    assert set(RING).isdisjoint(map_view(MARKETER, engine, counted).fan.tolist())
    assert set(RING) <= set(map_view(MARKETER, engine, counted + 90).fan.tolist())
    assert {fan for fan, state in standing_of(MARKETER, engine).items() if state == "screened"} == set(RING)


def test_no_choice_takes_the_screened_until_a_person_clears_them(engine: Engine, now: datetime) -> None:
    choose_ambassadors(SYSTEM, engine, now, k=5)
    chosen = {one.fan for one in ambassadors(MARKETER, engine)}
    assert len(chosen) == 5
    assert chosen.isdisjoint(RING)
    for fan in RING:
        clear_fan(MARKETER, fan, "our own club", now)
    assert screened_among(MARKETER, engine, list(RING)) == {}
    _refreshed(engine, now)
    assert screened_count(MARKETER, engine) == 0
    assert all(one.weight > 1 for one in weights_of(MARKETER, engine, list(RING)))


def test_clearing_needs_a_reason_and_a_right_and_can_be_taken_back(engine: Engine, now: datetime) -> None:
    with pytest.raises(Refused, match="reason_missing"):
        clear_fan(MARKETER, 1, "  ", now)
    with pytest.raises(Refused, match="not_permitted"):
        clear_fan(ANALYST, 1, "I like them", now)
    clear_fan(MARKETER, 1, "a real club", now)
    assert [(one.fan, one.reason, one.decided_by) for one in cleared_list(MARKETER)] == [
        (1, "a real club", "Mei")
    ]
    withdraw_clearing(MARKETER, 1)
    withdraw_clearing(MARKETER, 1)
    assert cleared_list(MARKETER) == ()
    assert 1 in screened_among(MARKETER, engine, [1])
    verbs = [row[0] for row in raw(RELATIONSHIP).execute("SELECT verb FROM audit_entry ORDER BY id")]
    assert verbs == ["screening_cleared", "screening_withdrawn"]


def test_whoever_a_person_tagged_so_is_screened_too(engine: Engine, now: datetime) -> None:
    mirrored(social.FAN_TAG, pa.table({"fan": [25], "tag": ["风控"]}, social.FAN_TAG.schema))
    refresh_screening(engine, now)
    assert screened_among(MARKETER, engine, [25])[25].signs == ("tagged",)


def test_the_farms_of_a_world_are_found_and_nobody_else(house: object) -> None:
    block = block_of(World(3_000, 5, END))
    told(block.rows)
    mirrored(social.CONTENT, contents(block.world))
    mirrored(social.FAN, fans_of(block))
    with Engine(memory="1GB") as engine:
        refresh_ties(engine, END, SILENT)
        refresh_screening(engine, END)
        found = set(engine.ask("SELECT fan FROM social.screened")["fan"].to_pylist())
    assert found == set(np.flatnonzero(block.fans.farm >= 0).tolist())
    assert len(found) == 25
