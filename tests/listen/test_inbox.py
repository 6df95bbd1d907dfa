from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

import psycopg
import pyarrow as pa
import pytest

from guanxi.listen.accept import Receipt, Unreadable, accept, turn_memory
from guanxi.listen.deliver import deliver, deliver_once, open_epoch
from guanxi.listen.ports import Queue
from guanxi.listen.publish import publish
from guanxi.records.databases import RELATIONSHIP, SOCIAL, conninfo, raw, transaction
from guanxi.records.installation import Installation
from guanxi.vocabulary.activity import ACTIVITY_SCHEMA, Kind


def heard(*words: str) -> pa.Table:
    """One activity a word, with a key of its own."""
    return pa.Table.from_pylist(
        [
            {
                "key": hashlib.blake2b(word.encode(), digest_size=16).digest(),
                "kind": Kind.LIKED,
                "platform": "x",
                "account": "main",
                "actor": word,
                "happened_at": datetime(2026, 11, 1, tzinfo=UTC),
            }
            for word in words
        ],
        schema=ACTIVITY_SCHEMA,
    )


class Recorder:
    """Writes down whom it heard of, in its own target's audit table."""

    queue = Queue(SOCIAL)

    def __init__(self, name: str = "recorder", target: str = SOCIAL, fails_on: str | None = None) -> None:
        self.name = name
        self.target = target
        self.fails_on = fails_on

    def apply(self, connection: psycopg.Connection[Any], rows: pa.Table) -> None:
        for actor in rows["actor"].to_pylist():
            if actor == self.fails_on:
                raise RuntimeError(actor)
            connection.execute(
                "INSERT INTO audit_entry (actor, verb, subject, detail) VALUES (%s, 'heard', %s, '{}')",
                (self.name, actor),
            )


def written(alias: str = SOCIAL) -> list[str]:
    return [s for (s,) in raw(alias).execute("SELECT subject FROM audit_entry ORDER BY id")]


def offer(*words: str, source: str = "test") -> Receipt:
    with transaction(SOCIAL) as connection:
        return accept(connection, source, heard(*words))


def test_an_activity_heard_again_is_counted_once_within_and_across_calls(house: Installation) -> None:
    assert offer("a", "b", "a") == Receipt(2, 1, 0)
    assert offer("b", "c") == Receipt(1, 1, 0)
    assert deliver(Recorder()) == 3
    assert written() == ["a", "b", "c"]
    assert raw(SOCIAL).execute("SELECT sum(activities)::int, sum(duplicates)::int FROM heard").fetchall() == [
        (3, 2)
    ]


def test_a_key_is_still_known_after_one_turn_of_the_memory_and_forgotten_after_two(
    house: Installation,
) -> None:
    offer("a")
    for known in (True, False):
        with transaction(SOCIAL) as connection:
            assert turn_memory(connection, days=0)
        if known:
            assert offer("a").duplicates == 1
    assert offer("a").accepted == 1


def test_a_young_memory_is_not_turned(house: Installation) -> None:
    with transaction(SOCIAL) as connection:
        assert not turn_memory(connection)


def test_a_transaction_that_commits_late_is_neither_skipped_nor_overtaken(house: Installation) -> None:
    with psycopg.connect(conninfo(SOCIAL)) as slow:
        accept(slow, "test", heard("slow"))
        offer("quick")
        assert deliver(Recorder()) == 0
        slow.commit()
    deliver(Recorder())
    assert written() == ["slow", "quick"]


def test_a_failed_application_leaves_neither_effects_nor_progress(house: Installation) -> None:
    offer("a", "bad")
    with pytest.raises(RuntimeError):
        deliver(Recorder(fails_on="bad"))
    assert written() == []
    deliver(Recorder())
    assert written() == ["a", "bad"]


def test_consumers_in_other_databases_keep_their_own_place(house: Installation) -> None:
    offer("a")
    deliver(Recorder())
    offer("b")
    deliver(Recorder("other", RELATIONSHIP))
    assert (written(), written(RELATIONSHIP)) == (["a"], ["a", "b"])


def test_rows_at_once_bounds_a_step_but_a_large_parcel_still_passes(house: Installation) -> None:
    offer("a", "b", "c")
    offer("d")
    assert deliver_once(Recorder(), rows_at_once=2) == 3
    assert deliver_once(Recorder(), rows_at_once=2) == 1


def test_after_a_new_epoch_nothing_is_lost_or_heard_twice(house: Installation) -> None:
    recorder = Recorder("other", RELATIONSHIP)
    for word in "abc":
        offer(word)
        if word == "b":
            deliver(recorder)
    raw(RELATIONSHIP).execute("UPDATE consumer_cursor SET moved_at = now()")
    for epoch in (2, 3):
        with transaction(SOCIAL) as connection:
            assert open_epoch(connection) == epoch
    offer("d")
    deliver(recorder)
    assert written(RELATIONSHIP) == ["a", "b", "c", "d"]


def test_what_cannot_be_read_is_kept_once_with_its_reason(house: Installation) -> None:
    bad = Unreadable(b"k" * 16, "line 7", "time_unreadable", "yesterday\0,x")
    for expected in (1, 0):
        with transaction(SOCIAL) as connection:
            assert accept(connection, "file", heard(), [bad]).quarantined == expected
    assert raw(SOCIAL).execute("SELECT position, reason, raw FROM quarantine").fetchall() == [
        ("line 7", "time_unreadable", "yesterday\ufffd,x")
    ]


def test_what_a_digest_publishes_reaches_consumers_of_its_topic_only(house: Installation) -> None:
    with transaction(SOCIAL) as connection:
        publish(connection, "consent", heard("a"))
        publish(connection, "other", heard("b"))
    recorder = Recorder("consent", RELATIONSHIP)
    recorder.queue = Queue(SOCIAL, "published", "consent")
    deliver(recorder)
    assert written(RELATIONSHIP) == ["a"]
