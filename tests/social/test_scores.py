"""The two scores: exact, the same for any order of hearing, fading, by depth and topic, and traced to their rows."""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tellings import NOON, Told, table, told

from guanxi.lake import catalog
from guanxi.lake.engine import Engine
from guanxi.records.actor import SYSTEM, Actor, Role
from guanxi.records.databases import SOCIAL, raw, transaction
from guanxi.records.installation import Installation
from guanxi.social import points
from guanxi.social.actions import set_topic_weight
from guanxi.social.digest import SocialDigest
from guanxi.social.mirror import refresh_mirror
from guanxi.social.queries.fans import fans
from guanxi.social.queries.scores import best, parts_of, topic_weights, trace, window_named
from guanxi.social.refresh import refresh_activity
from guanxi.social.tables import TABLES
from guanxi.social.windows import left_of
from guanxi.vocabulary.activity import CAMPAIGN, DAILY, MOVING, Kind
from guanxi.vocabulary.progress import SILENT
from guanxi.vocabulary.reasons import Refused

Hear = Callable[..., None]
LATER = NOON + timedelta(days=60)
WINDOWS = ("2026-11-01", "2026-10-01", "recent", "all")
POST = {"kind": "article", "topics": ["tea"]}


def test_every_scored_kind_has_a_weight_in_its_own_score_only() -> None:
    assert set(points.DAILY_TENTHS) | {Kind.VIEWED} == DAILY
    assert set(points.CAMPAIGN_TENTHS) == CAMPAIGN
    assert set(points.MOVED_TENTHS) == set(points.SECOND_TENTHS) == MOVING
    assert set(points.READ_TENTHS) == set(points.DEPTHS)
    assert not [w for w in points.weights() if w.daily and w.campaign]
    assert all(points.SECOND_TENTHS[kind] < points.MOVED_TENTHS[kind] for kind in MOVING)


def refreshed(engine: Engine, as_of: datetime = LATER) -> None:
    refresh_mirror(engine, as_of, SILENT, whole=True)
    refresh_activity(engine, as_of, SILENT)


def scores(engine: Engine, window: str) -> dict[int, tuple[int, int]]:
    found = fans(SYSTEM, engine, window_named(window), limit=100).rows
    return {row.fan: (row.daily, row.campaign) for row in found}


def test_a_read_weighs_by_its_depth_and_an_unknown_depth_stays_unknown(hear: Hear, engine: Engine) -> None:
    depths = (
        {"dwell_seconds": 3},
        {"dwell_seconds": 15},
        {"read_percent": 95},
        {"dwell_seconds": -4},
        {"lang": "zh"},
    )
    hear(
        *(told("viewed", f"f{i}", traits=json.dumps(one)) for i, one in enumerate(depths)),
        told("viewed", "f5"),
    )
    refreshed(engine)
    rows = engine.ask("SELECT fan, depth, daily FROM social.activity ORDER BY fan").to_pylist()
    assert [(r["depth"], r["daily"]) for r in rows] == [
        ("glance", 5),
        ("read", 20),
        ("deep", 40),
        *[("", 10)] * 3,
    ]


def test_whoever_is_moved_on_by_those_one_moved_counts_as_a_second_hop(hear: Hear, engine: Engine) -> None:
    hear(told("shared", "ann", content="p"))
    hear(told("opened", "bob", NOON + timedelta(hours=1), through="ann", content="p"))
    hear(told("opened", "cid", NOON + timedelta(hours=2), through="bob", content="p"))
    hear(told("opened", "dan", NOON + timedelta(hours=3), through="bob", content="other"))
    hear(told("opened", "ann", NOON + timedelta(hours=4), through="bob", content="p"))
    refreshed(engine)
    rows = engine.ask("SELECT fan, moved, second FROM social.activity WHERE moved + second > 0 ORDER BY fan")
    assert [tuple(r.values()) for r in rows.to_pylist()] == [(1, 1, 1), (2, 3, 0)]
    assert scores(engine, "2026-11-01")[1] == (0, 200 + 50 + 100 + 40)


def test_a_topic_weighs_as_much_as_somebody_decided_also_for_the_past(hear: Hear, engine: Engine) -> None:
    hear(told("published", "", content="p", traits=json.dumps(POST)))
    hear(told("liked", "ann", content="p"), told("liked", "bob"))
    refreshed(engine)
    set_topic_weight(SYSTEM, "tea", 150)
    refreshed(engine)
    assert scores(engine, "2026-11-01") == {1: (45, 0), 2: (30, 0)}
    set_topic_weight(SYSTEM, "tea", 100)
    refreshed(engine)
    assert scores(engine, "2026-11-01") == {1: (30, 0), 2: (30, 0)}
    assert topic_weights(SYSTEM) == {}
    for topic, percent, code in (("", 50, "topic_missing"), ("tea", 401, "topic_weight_out_of_range")):
        with pytest.raises(Refused) as refused:
            set_topic_weight(SYSTEM, topic, percent)
        assert refused.value.code == code
    with pytest.raises(Refused):
        set_topic_weight(Actor(9, "outside", frozenset({Role.AGENCY})), "tea", 50)


def test_points_fade_by_half_in_their_half_life_and_not_within_a_month(hear: Hear, engine: Engine) -> None:
    as_of = NOON + timedelta(days=90)
    for age in (0, 30, 60):
        hear(told("commented", "ann", as_of - timedelta(days=age)))
    hear(told("attended", "bob", NOON))
    refreshed(engine, as_of)
    assert scores(engine, "recent") == {1: (100 + 50 + 25, 0), 2: (0, 0)}
    assert scores(engine, "all") == {1: (175, 0), 2: (0, 200)}
    assert scores(engine, "2026-11-01")[2] == (0, 400)
    assert left_of(0, 30) == 1_000_000


def _heard(seed: int) -> list[Told]:
    dice = random.Random(seed)
    rows = [
        told("published", "", content=f"c{i}", traits=json.dumps({"topics": ["tea"] if i else []}))
        for i in range(3)
    ]
    for _ in range(150):
        kind = dice.choice(sorted(DAILY | CAMPAIGN | {"followed", "left"}))
        who, through = dice.sample("abcdef", 2)
        rows.append(
            told(
                kind,
                who,
                NOON + timedelta(hours=dice.randint(-1500, 1200)),
                through=through if kind in MOVING and dice.random() < 0.8 else None,
                content=dice.choice([None, "c0", "c1", "c2"]),
                traits=json.dumps({"dwell_seconds": dice.randint(0, 90)}) if dice.random() < 0.5 else None,
            )
        )
    return rows


def test_late_and_shuffled_activities_give_the_same_scores_as_those_in_order(
    house: Installation, hear: Hear, engine: Engine
) -> None:
    rows = _heard(7)
    found = []
    for seed in range(3):
        raw(SOCIAL).execute(
            "TRUNCATE fan, contact_key, fan_change, account, content RESTART IDENTITY CASCADE"
        )
        with transaction(SOCIAL) as connection:
            for name in ("engagement", "reading"):
                catalog.swap(connection, name, [], None)
        order = list(rows)
        random.Random(seed).shuffle(order)
        cuts = [0, 40, 41, 100, len(order)]
        digest = SocialDigest(house.secrets.pepper)
        for first, last in pairwise(cuts):
            with transaction(SOCIAL) as connection:
                digest.apply(connection, table(*order[first:last]))
            refreshed(engine)
        names = {i: name for i, name in raw(SOCIAL).execute("SELECT id, external_id FROM fan").fetchall()}
        found.append({(w, names[fan]): pair for w in WINDOWS for fan, pair in scores(engine, w).items()})
    assert found[0] == found[1] == found[2]
    assert len({pair for pair in found[0].values()}) > 10


def test_every_score_is_exactly_the_sum_of_the_rows_that_its_trace_shows(hear: Hear, engine: Engine) -> None:
    set_topic_weight(SYSTEM, "tea", 130)
    hear(*_heard(3))
    refreshed(engine)
    for name in WINDOWS:
        window = window_named(name)
        for fan, pair in scores(engine, name).items():
            shown = trace(SYSTEM, engine, fan, window)
            assert (shown.daily, shown.campaign) == pair
            assert pair == (sum(r.daily for r in shown.rows), sum(r.campaign for r in shown.rows))
            parts = parts_of(engine, [fan], window).get(fan, ())
            assert pair == (sum(p.daily for p in parts), sum(p.campaign for p in parts))
        one = best(SYSTEM, engine, window, "daily", limit=1)[0]
        assert one.daily == max(daily for daily, _ in scores(engine, name).values())
    with pytest.raises(Refused, match="no_such_fan"):
        trace(SYSTEM, engine, 999, window_named("all"))
    with pytest.raises(Refused, match="filter_unknown"):
        window_named("yesterday")


_engagement = st.builds(
    lambda kind, who, through, days: told(
        kind, who, NOON + timedelta(days=days), through=through if kind in MOVING else None
    ),
    st.sampled_from(sorted(DAILY | CAMPAIGN | {"followed", "left"})),
    st.sampled_from("abc"),
    st.sampled_from(["a", "b", None]),
    st.integers(-40, 40),
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(_engagement, max_size=30))
def test_scores_equal_those_counted_by_hand(house: Installation, rows: list[Told]) -> None:
    raw(SOCIAL).execute("TRUNCATE fan, contact_key, fan_change, account, content RESTART IDENTITY CASCADE")
    with transaction(SOCIAL) as connection:
        catalog.declare(connection, TABLES)
        catalog.swap(connection, "engagement", [], None)
        SocialDigest(house.secrets.pepper).apply(connection, table(*rows))
    names = {i: name for i, name in raw(SOCIAL).execute("SELECT id, external_id FROM fan").fetchall()}
    with Engine(memory="500MB") as engine:
        refresh_activity(engine, LATER, SILENT)
        kept = engine.ask("SELECT * FROM social.score").to_pylist()
    assert {(names[s["fan"]], s["month"]): (s["daily"], s["campaign"]) for s in kept} == by_hand(rows)


def by_hand(rows: list[Told]) -> dict[tuple[str, date], tuple[int, int]]:
    daily: Counter[tuple[str, date]] = Counter()
    campaign: Counter[tuple[str, date]] = Counter()
    moved: dict[tuple[str, date], set[tuple[str, str]]] = defaultdict(set)
    own = {**points.DAILY_TENTHS, Kind.VIEWED: points.READ_TENTHS[""]}
    for row in rows:
        kind, when = row["kind"], row["happened_at"]
        place = (row["actor"], when.date().replace(day=1))
        daily[place] += own.get(kind, 0)
        campaign[place] += points.CAMPAIGN_TENTHS.get(kind, 0)
        if row["through"] and row["through"] != row["actor"]:
            moved[row["through"], place[1]].add((kind, row["actor"]))
    for place, outcomes in moved.items():
        campaign[place] += sum(points.MOVED_TENTHS[kind] for kind, _ in outcomes)
    places = set(daily) | set(campaign)
    return {p: (daily[p], campaign[p]) for p in places if daily[p] or campaign[p]}
