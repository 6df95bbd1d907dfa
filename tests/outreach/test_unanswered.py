"""Who waits for an answer: by promise, until the window closes, an answer is told of, or a person says so."""

from __future__ import annotations

from datetime import datetime, timedelta

import pyarrow as pa
import pytest
from outreach_world import World

from guanxi.channels.rules import all_rules
from guanxi.influence.treatments.actions import set_treatment
from guanxi.influence.treatments.rules import Treatment
from guanxi.lake.engine import Engine
from guanxi.lake.store import Lake
from guanxi.lake.table import LakeTable
from guanxi.outreach.actions.answers import mark_answered, unmark_answered
from guanxi.outreach.answering import answer_windows
from guanxi.outreach.queries.inbox import Inbox, conversation, inbox, marks, waiting_by_band
from guanxi.records.actor import SYSTEM, Actor, Role
from guanxi.records.databases import RELATIONSHIP, SOCIAL, raw, transaction
from guanxi.social import tables as social
from guanxi.social.refresh import refresh_activity
from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.progress import SILENT
from guanxi.vocabulary.reasons import Refused

CARE = Actor(3, "Li", frozenset({Role.CARE}))
AGENCY = Actor(8, "Outside", frozenset({Role.AGENCY}))
HOUR = timedelta(hours=1)
_ids = iter(range(1, 10_000))


def _laid(table: LakeTable, rows: list[dict[str, object]]) -> None:
    full = [{f.name: row.get(f.name) for f in table.schema} for row in rows]
    with transaction(SOCIAL) as connection:
        Lake(Side.SOCIAL).append(connection, table, pa.Table.from_pylist(full, table.schema))


def _wrote(fan: int, at: datetime, platform: str = "wechat", kind: str = "messaged") -> None:
    row = {"id": next(_ids), "fan": fan, "account": 1, "platform": platform, "kind": kind}
    _laid(social.ENGAGEMENT, [{**row, "happened_at": at, "day": at.date(), "recorded_at": at}])


def _spoke_in_group(fan: int, at: datetime) -> None:
    row = {"chat_group": 1, "fan": fan, "kind": "messaged", "happened_at": at, "day": at.date()}
    _laid(social.GROUP_TALK, [row])


def _noticed(fan: int, at: datetime, platform: str, name: str, traits: str = "{}") -> None:
    with transaction(SOCIAL) as connection:
        connection.execute(
            "INSERT INTO notice (account_id, fan, name, is_alarm, traits, happened_at) "
            "SELECT id, %s, %s, false, %s, %s FROM account WHERE platform = %s",
            (fan, name, traits, at, platform),
        )


def _asked(now: datetime) -> Inbox:
    with Engine(memory="300MB") as engine:
        return inbox(CARE, engine, now)


def _fans(now: datetime) -> list[int]:
    return [one.fan for one in _asked(now).open]


def test_whoever_was_promised_soonest_stands_first_and_the_unpromised_last(
    world: World, now: datetime
) -> None:
    igniter, amplifier, listener, stranger = (code // 2 for code in world.fans(4))
    world.banded({igniter * 2: "igniter", amplifier * 2: "amplifier", listener * 2: "listener"})
    for fan, hours in ((igniter, 3), (amplifier, 5), (listener, 20), (stranger, 30)):
        _wrote(fan, now - hours * HOUR)
    found = _asked(now)
    assert [one.fan for one in found.open] == [igniter, amplifier, stranger, listener]
    assert [one.standing(now) for one in found.open] == ["overdue", "promised", "unpromised", "unpromised"]
    assert [(one.band, one.waiting, one.late) for one in found.bands] == [
        ("igniter", 1, 1),
        ("amplifier", 1, 0),
        ("listener", 1, 0),
        ("", 1, 0),
    ]
    set_treatment(SYSTEM, "amplifier", Treatment(reply_hours=1), now)
    assert _asked(now).late == 2
    with Engine(memory="300MB") as engine:
        assert waiting_by_band(CARE, engine, now) == _asked(now).bands
        with pytest.raises(Refused, match="not_permitted"):
            waiting_by_band(Actor(9, "Nobody", frozenset()), engine, now)


def test_the_promise_counts_from_the_first_message_of_a_conversation(world: World, now: datetime) -> None:
    (fan,) = (code // 2 for code in world.fans(1))
    world.banded({fan * 2: "igniter"})
    for hours in (40, 3, 2, 1):
        _wrote(fan, now - hours * HOUR)
    (one,) = _asked(now).open
    assert (one.first_at, one.last_at, one.messages) == (now - 3 * HOUR, now - HOUR, 3)
    assert one.due_at == now - HOUR
    assert one.closes_at == now + 47 * HOUR


def test_whom_the_platforms_window_shut_out_stands_apart(world: World, now: datetime) -> None:
    (late,) = (code // 2 for code in world.fans(1))
    (reachable,) = (code // 2 for code in world.fans(1, "line"))
    _wrote(late, now - 49 * HOUR)
    _wrote(reachable, now - 49 * HOUR, "line")
    found = _asked(now)
    assert [one.fan for one in found.open] == [reachable]
    assert [one.fan for one in found.missed] == [late]
    assert (found.waiting, found.missed_total, found.missed[0].standing(now)) == (1, 1, "missed")
    assert found.open[0].closes_at is None


def test_windows_for_machines_bind_nobody() -> None:
    windows = answer_windows(all_rules())
    assert windows["wechat"] == timedelta(hours=48)
    assert windows["whatsapp"] == timedelta(hours=24)
    assert "line" not in windows


def test_what_is_said_in_groups_and_what_is_no_message_wait_for_nobody(world: World, now: datetime) -> None:
    (fan,) = (code // 2 for code in world.fans(1))
    at = now - HOUR
    _wrote(fan, at)
    _wrote(fan, at, kind="liked")
    _spoke_in_group(fan, at)
    assert _fans(now) == []


def test_an_answer_that_a_platform_tells_of_ends_the_waiting(world: World, now: datetime) -> None:
    chatting, ignored = (code // 2 for code in world.fans(2))
    served, advertised = (code // 2 for code in world.fans(2, "whatsapp"))
    (direct,) = (code // 2 for code in world.fans(1, "x"))
    for fan, platform in (
        (chatting, "wechat"), (ignored, "wechat"), (served, "whatsapp"), (advertised, "whatsapp"), (direct, "x"),
    ):  # fmt: skip
        _wrote(fan, now - 2 * HOUR, platform)
    _noticed(chatting, now - HOUR, "wechat", "kf_create_session")
    _noticed(ignored, now - 3 * HOUR, "wechat", "kf_close_session")
    _noticed(served, now - HOUR, "whatsapp", "message_sent", '{"category": "service"}')
    _noticed(advertised, now - HOUR, "whatsapp", "message_sent", '{"category": "marketing"}')
    _noticed(direct, now - HOUR, "x", "message_answered")
    assert _fans(now) == [ignored, advertised]
    _wrote(chatting, now - HOUR / 2)
    assert sorted(_fans(now)) == [chatting, ignored, advertised]


def test_a_person_marks_answers_and_takes_them_back(world: World, now: datetime) -> None:
    (fan,) = (code // 2 for code in world.fans(1))
    _wrote(fan, now - 2 * HOUR)
    with Engine(memory="300MB") as engine:
        last = conversation(CARE, engine, fan, now).last_at
        mark = mark_answered(CARE, engine, fan, last, now)
        with pytest.raises(Refused, match="nothing_waits"):
            conversation(CARE, engine, fan, now)
        assert [(one.fan, one.marked_by) for one in marks(CARE)] == [(fan, "Li")]
        _wrote(fan, now - HOUR)
        assert conversation(CARE, engine, fan, now).messages == 1
    unmark_answered(CARE, mark)
    assert _asked(now).open[0].messages == 2
    verbs = [row[0] for row in raw(RELATIONSHIP).execute("SELECT verb FROM audit_entry ORDER BY id")]
    assert verbs[-2:] == ["answer_marked", "answer_unmarked"]


def test_only_who_may_answer_marks_and_never_ahead(world: World, now: datetime) -> None:
    with Engine(memory="300MB") as engine:
        with pytest.raises(Refused, match="not_permitted"):
            mark_answered(AGENCY, engine, 1, now, now)
        with pytest.raises(Refused, match="moment_ahead"):
            mark_answered(CARE, engine, 1, now + HOUR, now)
    with pytest.raises(Refused, match="no_such_answer"):
        unmark_answered(CARE, 77)


def test_nothing_is_marked_of_a_fan_of_whom_nothing_waits(world: World, now: datetime) -> None:
    wrote, silent = (code // 2 for code in world.fans(2))
    _wrote(wrote, now - 2 * HOUR)
    with Engine(memory="300MB") as engine:
        for fan, up_to in ((silent, now), (987_654, now), (wrote, now - 3 * HOUR)):
            with pytest.raises(Refused, match="nothing_waits"):
                mark_answered(CARE, engine, fan, up_to, now)
        mark_answered(CARE, engine, wrote, now - HOUR, now)
        with pytest.raises(Refused, match="nothing_waits"):
            mark_answered(CARE, engine, wrote, now - HOUR, now)
    assert [one.fan for one in marks(CARE)] == [wrote]


def test_the_inbox_is_the_same_whether_a_round_kept_messages_or_not(world: World, now: datetime) -> None:
    early, twice, grouped, late = (code // 2 for code in world.fans(4))
    for fan, hours in ((early, 40), (early, 6), (twice, 5), (grouped, 4)):
        _wrote(fan, now - hours * HOUR)
    _spoke_in_group(grouped, now - 4 * HOUR)
    with Engine(memory="300MB") as engine:
        refresh_activity(engine, now - 10 * HOUR, SILENT)
        assert engine.ask("SELECT fan FROM social.talk")["fan"].to_pylist() == [early, early, twice]
    for fan in (twice, late, grouped):
        _wrote(fan, now - 3 * HOUR)
    _spoke_in_group(late, now - 3 * HOUR)
    found = _asked(now)
    assert [(one.fan, one.messages) for one in found.open] == [(early, 1), (twice, 2), (grouped, 1)]
    world.swap(social.TALK, [])
    assert _asked(now) == found
