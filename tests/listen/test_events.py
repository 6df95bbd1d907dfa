from __future__ import annotations

import asyncio
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from guanxi.listen.door.front import open_door
from guanxi.listen.parcel import unpack
from guanxi.listen.track.actions import make_write_key
from guanxi.listen.track.actions_events import MAPPABLE, Replayed, map_event, replay
from guanxi.listen.track.events import EVENTS
from guanxi.listen.track.queries import own_events
from guanxi.records.actor import SYSTEM, Actor, Role
from guanxi.records.databases import CUSTOMERS, SOCIAL, raw
from guanxi.records.installation import Installation
from guanxi.vocabulary.reasons import Refused

EARLIER = datetime(2026, 10, 1, 8, tzinfo=UTC)
MARKETER = Actor(7, "mia", frozenset({Role.MARKETER}))


@pytest.fixture
def key(house: Installation) -> str:
    return make_write_key(SYSTEM, "site", "web", "main")


def send(key: str, *events: dict[str, Any], **frame: Any) -> int:
    """The status of a batch at a door that was just opened, and so knows every mapping."""

    async def sent() -> int:
        transport = httpx.ASGITransport(open_door())
        async with httpx.AsyncClient(transport=transport, base_url="http://door", auth=(key, "")) as client:
            return (await client.post("/v1/batch", json={"batch": events, **frame})).status_code

    return asyncio.run(sent())


def danced(number: int, **more: Any) -> dict[str, Any]:
    told = {"type": "track", "event": "Danced  Along", "messageId": f"m{number}", "userId": "ann"}
    return {**told, "timestamp": EARLIER.isoformat(), "properties": {"song": "s1", "total": "9.90"}, **more}


def heard(alias: str = SOCIAL) -> list[dict[str, Any]]:
    bodies = [body for (body,) in raw(alias).execute("SELECT body FROM inbox ORDER BY xid, seq")]
    return unpack(bodies).to_pylist() if bodies else []


def states() -> list[tuple[str, str]]:
    return raw(SOCIAL).execute("SELECT state, reason FROM quarantine ORDER BY id").fetchall()


def test_an_unknown_event_waits_whole_and_is_read_once_it_is_mapped(key: str) -> None:
    late = timedelta(days=2)
    sent_at = datetime.now(UTC) - late
    assert send(key, danced(1), danced(2), danced(1), sentAt=sent_at.isoformat()) == 200
    (waiting,) = own_events(MARKETER)
    assert (waiting.name, waiting.waiting, waiting.sources, waiting.kind) == ("danced along", 2, 1, "")
    map_event(MARKETER, "danced ALONG", "attended", "song")
    assert replay(MARKETER, "Danced Along") == Replayed(2, 0)
    assert replay(MARKETER, "Danced Along") == Replayed(0, 0)
    rows = heard()
    assert [(row["kind"], row["actor"], row["content"]) for row in rows] == [("attended", "ann", "s1")] * 2
    assert abs(rows[0]["happened_at"] - (EARLIER + late)) < timedelta(minutes=1)
    assert states() == [("replayed", "event_unknown")] * 2
    assert raw(SOCIAL).execute("SELECT source, activities FROM inbox").fetchall() == [("track:site", 2)]


def test_what_is_sent_again_after_it_was_replayed_is_a_duplicate(key: str) -> None:
    send(key, danced(1))
    map_event(MARKETER, "danced along", "attended")
    replay(MARKETER, "danced along")
    assert send(key, danced(1), danced(2)) == 200
    assert len(heard()) == 2


def test_what_came_again_between_mapping_and_replay_is_counted_once(key: str) -> None:
    send(key, danced(1))
    map_event(MARKETER, "danced along", "attended")
    assert send(key, danced(1)) == 200
    assert replay(MARKETER, "danced along").replayed == 1
    assert len(heard()) == 1


def test_an_event_mapped_to_buying_is_replayed_on_the_customers_side(key: str) -> None:
    send(key, danced(1), danced(2, properties={"song": "s1"}))
    map_event(MARKETER, "danced along", "ordered")
    assert replay(MARKETER, "danced along") == Replayed(1, 1)
    assert [row["amount"] for row in heard(CUSTOMERS)] == [990]
    assert heard() == []
    assert sorted(states()) == [("open", "amount_unreadable"), ("replayed", "event_unknown")]


@pytest.mark.parametrize(
    ("name", "kind", "code"),
    [
        ("Order  Completed", "clicked", "event_known"),
        (" ", "clicked", "event_name_unfit"),
        ("x" * 201, "clicked", "event_name_unfit"),
        ("danced", "identified", "kind_not_mappable"),
        ("danced", "", "kind_not_mappable"),
    ],
)
def test_what_cannot_be_mapped_is_refused(house: Installation, name: str, kind: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        map_event(MARKETER, name, kind)


def test_only_who_may_map_does_and_nothing_is_replayed_unmapped(key: str) -> None:
    send(key, danced(1))
    with pytest.raises(Refused, match="event_unmapped"):
        replay(MARKETER, "danced along")
    for deed in (
        lambda who: map_event(who, "danced along", "clicked"),
        lambda who: replay(who, "danced along"),
    ):
        with pytest.raises(Refused, match="not_permitted"):
            deed(Actor(8, "ann", frozenset({Role.ANALYST, Role.AGENCY, Role.CARE})))


def test_the_page_of_rules_names_every_event_with_its_kind() -> None:
    page = (Path(__file__).parents[2] / "docs/how-to/track.md").read_text()
    told = dict(re.findall(r"^\| `([^`]+)` \| (\w+) \|", page, re.MULTILINE))
    assert {name.casefold(): kind for name, kind in told.items()} == {
        name: rule.kind.value for name, rule in EVENTS.items()
    }
    assert all(f"`{kind.value}`" in page for kind in MAPPABLE)


def test_every_rule_reads_an_event_of_its_name(key: str) -> None:
    properties = {"total": "1.00", "currency": "EUR"}
    told = [
        {"type": "track", "event": name.title(), "messageId": name, "userId": "ann", "properties": properties}
        for name in EVENTS
    ]
    assert send(key, *json.loads(json.dumps(told))) == 200
    assert states() == []
    kinds = sorted(row["kind"] for row in [*heard(), *heard(CUSTOMERS)])
    assert kinds == sorted(rule.kind.value for rule in EVENTS.values())
