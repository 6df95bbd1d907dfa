from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta

from tellings import NOON, Told, told

from guanxi.lake.engine import Engine
from guanxi.records.databases import SOCIAL, raw
from guanxi.social import mirror
from guanxi.social.mirror import refresh_mirror
from guanxi.social.refresh import refresh_activity
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
    assert [tuple(r.values()) for r in scores] == [
        (1, 0, 200 + 50 + 2 * 100),
        (2, 0, 100),
        (3, 0, 50),
    ]


def test_content_is_counted_by_platform(hear: Hear, engine: Engine) -> None:
    hear(told("liked", "ann", content="p"), told("liked", "ann", content="p"), told("liked", "", content="p"))
    hear(told("shared", "bob", content="p", platform="weibo"))
    refresh_activity(engine, LATER, SILENT)
    rows = engine.ask(
        "SELECT platform, kind, n, named, fans, moved FROM social.content_platform ORDER BY n"
    ).to_pylist()
    assert [tuple(r.values()) for r in rows] == [
        ("weibo", "shared", 1, 1, 1, 0),
        ("wechat", "liked", 3, 2, 1, 0),
    ]
