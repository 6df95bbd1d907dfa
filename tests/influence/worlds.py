"""A simulated world's first block as the lake's own rows, and its truth, with places for ids."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from guanxi.influence.tables import TABLES
from guanxi.lake import catalog
from guanxi.lake.store import Lake
from guanxi.lake.table import LakeTable
from guanxi.records.databases import SOCIAL, transaction
from guanxi.social import tables as social
from guanxi.vocabulary.ids import Side
from guanxi.world.brand import ACCOUNTS, World, micros
from guanxi.world.content import interval
from guanxi.world.doing import doings
from guanxi.world.events import Events
from guanxi.world.people import People, people
from guanxi.world.text import picked
from guanxi.world.ties import Ties, ties
from guanxi.world.words import EVENTS, TOPICS

END = datetime(2026, 11, 1, tzinfo=UTC)
KINDS = {
    "click": "clicked", "read": "viewed", "like": "liked", "comment": "commented", "reply": "replied",
    "mention": "mentioned", "message": "messaged", "answer": "answered", "attend": "attended",
    "share": "shared", "open": "opened", "forward": "reshared", "join_group": "joined",
    "unfollow": "unfollowed",
}  # fmt: skip
PIECES = 10_000_000
MOMENT = pa.timestamp("us", tz="UTC")


@dataclass(frozen=True)
class Block:
    """What was done, in order of time, and who truly moves whom."""

    world: World
    fans: People
    bonds: Ties
    events: Events
    rows: pa.Table


def block_of(world: World, number: int = 0) -> Block:
    fans = people(world, number)
    bonds = ties(world, fans)
    window = micros(world.begin), micros(world.end)
    events, _ = doings(world, fans, bonds, window, window[1], 0)
    events = events.taken(np.argsort(events.moment, kind="stable"))
    return Block(world, fans, bonds, events, engagements(fans, events))


def engagements(fans: People, events: Events) -> pa.Table:
    account = fans.account[events.fan]
    moment = pa.array(events.moment, pa.int64()).cast(MOMENT)
    token = np.char.mod("t%x", events.token)
    return pa.table(
        {
            "id": np.arange(1, len(events) + 1),
            "fan": events.fan,
            "account": account,
            "platform": picked(tuple(one.platform for one in ACCOUNTS), account),
            "kind": picked(tuple(KINDS[word] for word in EVENTS), events.word),
            "content": pa.array(account * PIECES + events.content, mask=events.content < 0),
            "through": pa.array(events.through, mask=events.through < 0),
            "campaign": pa.nulls(len(events), pa.string()),
            "reference": pa.array(token, mask=events.token < 0),
            "happened_at": moment,
            "day": moment.cast(pa.date32()),
            "recorded_at": moment,
        }
    ).cast(social.ENGAGEMENT.schema)


def contents(world: World) -> pa.Table:
    pieces = np.arange((micros(world.end) - micros(world.begin)) // interval(world))
    account, piece = np.repeat(np.arange(len(ACCOUNTS)), len(pieces)), np.tile(pieces, len(ACCOUNTS))
    published = pa.array(micros(world.begin) + piece * interval(world), pa.int64()).cast(MOMENT)
    return pa.table(
        {
            "content": account * PIECES + piece,
            "account": account,
            "platform": picked(tuple(one.platform for one in ACCOUNTS), account),
            "kind": pa.nulls(len(piece), pa.string()),
            "topic": picked(TOPICS, piece % len(TOPICS)),
            "promotes_product": piece % 5 == 2,
            "published_day": published.cast(pa.date32()),
        }
    ).cast(social.CONTENT.schema)


def fans_of(block: Block) -> pa.Table:
    size = len(block.fans.account)
    followed = pa.array(block.fans.followed, pa.int64()).cast(MOMENT).cast(pa.date32())
    return pa.table(
        {
            "fan": np.arange(size),
            "account": block.fans.account,
            "platform": picked(tuple(one.platform for one in ACCOUNTS), block.fans.account),
            "followed_day": followed,
            "unfollowed_day": pa.nulls(size, pa.date32()),
            "first_day": followed,
            "last_day": followed,
        }
    ).cast(social.FAN.schema)


def declared() -> None:
    with transaction(SOCIAL) as connection:
        catalog.declare(connection, [*social.TABLES, *TABLES])


def told(rows: pa.Table) -> None:
    with transaction(SOCIAL) as connection:
        Lake(Side.SOCIAL).append(connection, social.ENGAGEMENT, rows)


def mirrored(table: LakeTable, rows: pa.Table) -> None:
    with transaction(SOCIAL) as connection:
        Lake(Side.SOCIAL).swap(connection, table, rows)
