from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tellings import NOON, Told, table, told

from guanxi.lake import catalog
from guanxi.lake.engine import Engine
from guanxi.records.databases import SOCIAL, raw, transaction
from guanxi.records.installation import Installation
from guanxi.social import mirror
from guanxi.social.digest import SocialDigest
from guanxi.social.mirror import refresh_mirror
from guanxi.social.points import CAMPAIGN_TENTHS, DAILY_TENTHS, MOVED_TENTHS
from guanxi.social.refresh import refresh_activity
from guanxi.social.tables import TABLES
from guanxi.vocabulary.activity import CAMPAIGN, DAILY, MOVING
from guanxi.vocabulary.progress import SILENT

Hear = Callable[..., None]
LATER = NOON + timedelta(days=90)
MIRRORS = ("fan", "fan_fact", "content")


def mirrored(engine: Engine) -> list[list[dict[str, object]]]:
    return [engine.ask(f"SELECT * FROM social.{name} ORDER BY ALL").to_pylist() for name in MIRRORS]


def said(actor: str, **facts: str) -> Told:
    return told("identified", actor, traits=json.dumps({"facts": facts, "name": "Secret Name"}))


def test_a_mirror_made_by_key_equals_one_made_from_nothing(hear: Hear, engine: Engine, monkeypatch) -> None:
    hear(*(said(f"f{i}", city="Shanghai", gender="female") for i in range(20)), told("followed", "f1"))
    first = refresh_mirror(engine, LATER, SILENT)
    assert (first.fans, first.facts, first.fans_read) == (20, 40, 20)
    hear(said("f3", city="Wuxi"), said("new", tier="gold"), told("unfollowed", "f1"), told("liked", "f2"))
    raw(SOCIAL).execute("DELETE FROM fan WHERE external_id = 'f4'")
    raw(SOCIAL).execute("INSERT INTO fan_change (fan) VALUES (5)")
    by_key = refresh_mirror(engine, LATER, SILENT)
    assert by_key.fans_read == 3
    after = mirrored(engine)
    monkeypatch.setattr(mirror, "WHOLE_FROM", 0)
    assert refresh_mirror(engine, LATER, SILENT).fans_read == 20
    assert mirrored(engine) == after
    assert not any(row["fan"] == 5 for row in after[0])
    assert raw(SOCIAL).execute("SELECT count(*) FROM fan_change").fetchone() == (0,)


def test_a_mirror_holds_days_of_activity_and_no_name(hear: Hear, engine: Engine) -> None:
    hear(said("ann", city="Shanghai"), told("liked", "ann"), told("viewed", "ann", NOON - timedelta(days=3)))
    hear(told("liked", "ann", NOON + timedelta(days=9)))
    refresh_mirror(engine, NOON + timedelta(days=1), SILENT)
    fans, facts, _ = mirrored(engine)
    assert (fans[0]["first_day"], fans[0]["last_day"]) == (date(2026, 10, 29), date(2026, 11, 1))
    assert [(f["name"], f["value"], f["source"], f["best"]) for f in facts] == [
        ("city", "Shanghai", "wechat", True)
    ]
    assert "Secret Name" not in str(mirrored(engine))


def test_every_scored_kind_has_a_weight_in_its_own_score_only() -> None:
    assert set(DAILY_TENTHS) == DAILY
    assert set(CAMPAIGN_TENTHS) == CAMPAIGN
    assert set(MOVED_TENTHS) == MOVING
    assert all(tenths > 0 for tenths in (*DAILY_TENTHS.values(), *MOVED_TENTHS.values()))


def test_each_person_moved_counts_once_and_nobody_moves_oneself(hear: Hear, engine: Engine) -> None:
    hear(told("shared", "ann"), told("opened", "bob", through="ann"), told("opened", "bob", through="ann"))
    hear(told("opened", "ann", through="ann"), told("opened", "cid", through="ann"), told("opened", ""))
    refresh_activity(engine, LATER, SILENT)
    rows = engine.ask("SELECT fan, kind, n, moved FROM social.activity ORDER BY fan, kind").to_pylist()
    assert [tuple(r.values()) for r in rows] == [
        (1, "opened", 1, 2),
        (1, "shared", 1, 0),
        (2, "opened", 2, 0),
        (3, "opened", 1, 0),
    ]
    scores = engine.ask("SELECT fan, daily, campaign FROM social.score ORDER BY fan").to_pylist()
    assert [tuple(r.values()) for r in scores] == [(1, 0, 20 + 5 + 2 * 10), (2, 0, 10), (3, 0, 5)]


_engagement = st.builds(
    lambda kind, who, through, days: told(
        kind, who, NOON + timedelta(days=days), through=through if kind in MOVING else None, content="c"
    ),
    st.sampled_from(sorted(DAILY | CAMPAIGN | {"followed", "left"})),
    st.sampled_from("abc"),
    st.sampled_from(["a", "b", None]),
    st.integers(-40, 40),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
        scores = engine.ask("SELECT * FROM social.score").to_pylist()
    found = {(names[s["fan"]], s["month"]): (s["daily"], s["campaign"]) for s in scores}
    assert found == by_hand(rows)


def by_hand(rows: list[Told]) -> dict[tuple[str, date], tuple[int, int]]:
    daily: Counter[tuple[str, date]] = Counter()
    campaign: Counter[tuple[str, date]] = Counter()
    moved: dict[tuple[str, date], set[tuple[str, str]]] = defaultdict(set)
    for row in rows:
        kind, when = row["kind"], row["happened_at"]
        assert isinstance(when, datetime)
        place = (row["actor"], when.date().replace(day=1))
        if kind in DAILY | CAMPAIGN:
            daily[place] += DAILY_TENTHS.get(kind, 0)
            campaign[place] += CAMPAIGN_TENTHS.get(kind, 0)
        if row["through"] and row["through"] != row["actor"]:
            moved[row["through"], place[1]].add((kind, row["actor"]))
    for place, outcomes in moved.items():
        daily[place] += 0
        campaign[place] += sum(MOVED_TENTHS[kind] for kind, _ in outcomes)
    return {place: (daily[place], campaign[place]) for place in daily}


def test_content_is_counted_by_platform(hear: Hear, engine: Engine) -> None:
    hear(told("liked", "ann", content="p"), told("liked", "ann", content="p"), told("liked", "", content="p"))
    hear(told("shared", "bob", content="p", platform="weibo"))
    refresh_activity(engine, LATER, SILENT)
    rows = engine.ask("SELECT platform, kind, n, fans FROM social.content_platform ORDER BY n").to_pylist()
    assert [tuple(r.values()) for r in rows] == [("weibo", "shared", 1, 1), ("wechat", "liked", 3, 1)]
