from __future__ import annotations

import asyncio
import hashlib
import threading
import time
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from guanxi.listen.accept import Receipt, Unreadable
from guanxi.listen.door.group import ENOUGH_ROWS, Committer
from guanxi.listen.rows import Row, as_table
from guanxi.records.databases import SOCIAL, conninfo, raw
from guanxi.records.installation import Installation
from guanxi.vocabulary.activity import Kind


def key(word: str) -> bytes:
    return hashlib.blake2b(word.encode(), digest_size=16).digest()


def liked(*words: str) -> list[Row]:
    return [
        {
            "key": key(word),
            "kind": Kind.LIKED.value,
            "platform": "x",
            "account": "main",
            "actor": word,
            "happened_at": datetime(2026, 11, 1, tzinfo=UTC),
        }
        for word in words
    ]


def batch(name: str) -> list[Row]:
    return liked(*(f"{name}-{place}" for place in range(ENOUGH_ROWS)))


def counted() -> Any:
    return raw(SOCIAL).execute("SELECT sum(activities)::int FROM inbox").fetchone()


def test_large_and_small_offers_that_come_together_are_all_durable(house: Installation) -> None:
    async def all_at_once() -> list[Receipt]:
        committer = Committer(SOCIAL)
        small = [committer.offer("small", liked(f"s{n}"), ()) for n in range(40)]
        large = [committer.offer("large", batch(f"b{n}"), ()) for n in range(6)]
        mixed = [one for pair in zip(small, large, strict=False) for one in pair]
        return list(await asyncio.gather(*mixed, *small[len(large) :]))

    told = asyncio.run(all_at_once())
    assert sum(receipt.accepted for receipt in told) == 40 + 6 * ENOUGH_ROWS
    assert counted() == (40 + 6 * ENOUGH_ROWS,)


def test_a_small_offer_does_not_wait_for_a_large_one_that_is_held_up(house: Installation) -> None:
    async def around(holder: psycopg.Connection[Any]) -> None:
        committer = Committer(SOCIAL)
        large = asyncio.create_task(committer.offer("large", batch("b"), ()))
        await asyncio.sleep(0.1)
        await asyncio.wait_for(committer.offer("small", liked("quick"), ()), 5)
        assert not large.done()
        holder.commit()
        assert (await large).accepted == ENOUGH_ROWS

    with psycopg.connect(conninfo(SOCIAL)) as holder:
        holder.execute("INSERT INTO seen_even VALUES (encode(%s, 'hex')::uuid)", (key("b-7"),))
        asyncio.run(around(holder))
    assert counted() == (ENOUGH_ROWS,)  # the key that the holder wrote was heard before


def test_offers_that_met_others_in_a_ring_are_tried_again(house: Installation) -> None:
    bad = {word: Unreadable(key(word), word, "time_unreadable", word) for word in "xy"}

    def hold_up() -> None:
        write = "INSERT INTO quarantine (key, source, position, reason, raw) VALUES (%s, 'file', '', 'r', '')"
        with psycopg.connect(conninfo(SOCIAL)) as holder:
            holder.execute(write, (key("y").hex(),))
            held.set()
            time.sleep(0.3)
            holder.execute(write, (key("x").hex(),))

    held = threading.Event()
    holder = threading.Thread(target=hold_up)
    holder.start()
    assert held.wait(5)
    told = asyncio.run(Committer(SOCIAL).offer("door", liked("a"), [bad["x"], bad["y"]]))
    holder.join()
    assert told.accepted == 1
    assert counted() == (1,)
    assert raw(SOCIAL).execute("SELECT count(*) FROM quarantine").fetchone() == (2,)


@pytest.mark.parametrize(
    "rows",
    [
        liked("a", "b"),
        [*liked("a"), {"content": "page", **liked("b")[0]}],
        [*liked("a"), dict(reversed(liked("b")[0].items()))],
    ],
    ids=["of one shape", "of two shapes", "in another order"],
)
def test_rows_of_any_shape_become_the_same_columns(rows: list[Row]) -> None:
    assert as_table(rows)["actor"].to_pylist() == ["a", "b"]
    assert as_table(rows)["kind"].to_pylist() == ["liked", "liked"]
    assert as_table(rows)["content"].to_pylist() == [row.get("content") for row in rows]
