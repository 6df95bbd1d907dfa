"""Writes groups with their members, tags with their fans, and notices, in the digest's open transaction.

Knows the tables and the lake's facts of what was said within groups; what activities mean is said by the rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from guanxi.lake.store import Lake
from guanxi.records.batches import days, known_ids, plain_rows
from guanxi.records.databases import copy_rows
from guanxi.records.register import Ids, Newcomer, Place, Register
from guanxi.social.groups import MARK, GroupsNews, GroupWord, news_of_groups, words_of_groups
from guanxi.social.notices import notice_of
from guanxi.social.tables import GROUP_TALK
from guanxi.social.tags import TELLING, TagsNews, TagWord, news_of_tags, words_of_tags
from guanxi.vocabulary.activity import Kind
from guanxi.vocabulary.facts import VALUE_MAX, clean
from guanxi.vocabulary.ids import Side

Connection = psycopg.Connection[Any]
Accounts = NDArray[np.int32]

_TAGGING = pa.array(TELLING, pa.string())
_TOLD = ("row", "fan", "kind", "happened_at", "reference", "traits")
_DESCRIBE = """
UPDATE chat_group g SET
    name = CASE WHEN n.is_later THEN n.name ELSE g.name END,
    named_at = CASE WHEN n.is_later THEN n.named_at ELSE g.named_at END,
    kind = greatest(g.kind, n.kind),
    opened_at = greatest(g.opened_at, n.opened_at),
    closed_at = greatest(g.closed_at, n.closed_at)
FROM (
    SELECT h.*, h.name <> '' AND (k.named_at IS NULL OR (h.named_at, h.name) > (k.named_at, k.name)) AS is_later
    FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[], %s::text[], %s::timestamptz[], %s::timestamptz[])
        AS h (id, name, named_at, kind, opened_at, closed_at)
    JOIN chat_group k ON k.id = h.id
) n WHERE g.id = n.id
"""
_MEET = """
INSERT INTO group_member AS known (chat_group, fan, joined_at, left_at, heard_at)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[])
ON CONFLICT (chat_group, fan) DO UPDATE SET
    joined_at = greatest(known.joined_at, excluded.joined_at),
    left_at = greatest(known.left_at, excluded.left_at),
    heard_at = greatest(known.heard_at, excluded.heard_at)
"""
_MEMBERS_CHANGED = (
    "INSERT INTO fan_change (fan)"
    " SELECT DISTINCT fan FROM group_member WHERE chat_group = ANY(%s) ORDER BY fan"
)
_NAME = """
UPDATE tag t SET name = n.name, named_at = n.named_at
FROM unnest(%s::bigint[], %s::timestamptz[], %s::text[]) AS n (id, named_at, name)
WHERE t.id = n.id AND (t.named_at IS NULL OR (n.named_at, n.name) > (t.named_at, t.name))
"""
_RENAMED = "INSERT INTO fan_change (fan) SELECT DISTINCT fan FROM fan_tag WHERE tag = ANY(%s) ORDER BY fan"
_PUT_ON = """
INSERT INTO fan_tag AS known (tag, fan, tagged_at, untagged_at)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::timestamptz[])
ON CONFLICT (tag, fan) DO UPDATE SET
    tagged_at = greatest(known.tagged_at, excluded.tagged_at),
    untagged_at = greatest(known.untagged_at, excluded.untagged_at)
"""


class Belonging:
    """Groups and tags of fans, found again by what platforms call them."""

    def __init__(self, pepper: bytes) -> None:
        self._groups = Register("chat_group", pepper)
        self._tags = Register("tag", pepper)

    def learn(
        self,
        connection: Connection,
        places: dict[int, Place],
        accounts: Accounts,
        activities: pa.Table,
        fans: Ids,
    ) -> None:
        """What the activities say of groups, tags and notices is known once the transaction commits."""
        rows = pa.array(np.arange(activities.num_rows))
        numbered = activities.append_column("row", rows).append_column("fan", pa.array(fans))
        self._learn_groups(connection, places, accounts, numbered)
        self._learn_tags(connection, places, accounts, numbered)
        write_notices(connection, accounts, numbered)

    def _learn_groups(
        self, connection: Connection, places: dict[int, Place], accounts: Accounts, numbered: pa.Table
    ) -> None:
        telling = numbered.filter(pc.fill_null(pc.match_substring(numbered["traits"], MARK), False))
        words = words_of_groups(plain_rows(telling, _TOLD)) if telling.num_rows else []
        if not words:
            return
        ids, newcomers = _find(self._groups, connection, places, accounts, words)
        _insert(connection, "chat_group", newcomers)
        write_groups(connection, news_of_groups(zip(ids, words, strict=True)))
        talks = [(group, word) for group, word in zip(ids, words, strict=True) if word.is_talk]
        Lake(Side.SOCIAL).append(connection, GROUP_TALK, _talk_rows(talks))

    def _learn_tags(
        self, connection: Connection, places: dict[int, Place], accounts: Accounts, numbered: pa.Table
    ) -> None:
        telling = numbered.filter(
            pc.and_(pc.is_in(numbered["kind"], _TAGGING), pc.not_equal(numbered["fan"], 0))
        )
        words = words_of_tags(plain_rows(telling, _TOLD)) if telling.num_rows else []
        if not words:
            return
        ids, newcomers = _find(self._tags, connection, places, accounts, words)
        _insert(connection, "tag", newcomers)
        write_tags(connection, news_of_tags(zip(ids, words, strict=True)))


def write_groups(connection: Connection, news: GroupsNews) -> None:
    """Groups are called, and have members, as the latest words say; changed fans leave a change row."""
    found = sorted(news.groups.items())
    described = [(i, g.name, g.named_at, g.kind, g.opened_at, g.closed_at) for i, g in found]
    connection.execute(_DESCRIBE, _columns(described))
    turned = [group for group, one in found if one.opened_at or one.closed_at]
    if turned:
        connection.execute(_MEMBERS_CHANGED, (turned,))
    if news.members:
        members = sorted(news.members.items())
        rows = [(group, fan, m.joined_at, m.left_at, m.heard_at) for (group, fan), m in members]
        connection.execute(_MEET, _columns(rows))
        _changed(connection, [fan for _, fan in news.members])


def write_tags(connection: Connection, news: TagsNews) -> None:
    """Tags are called, and are on fans, as the latest words say; changed fans leave a change row."""
    if news.names:
        rows = [(tag, *named) for tag, named in sorted(news.names.items())]
        if connection.execute(_NAME, _columns(rows)).rowcount:
            connection.execute(_RENAMED, (list(news.names),))
    put_on = [(tag, fan, t.tagged_at, t.untagged_at) for (tag, fan), t in sorted(news.fans.items())]
    if put_on:
        connection.execute(_PUT_ON, _columns(put_on))
        _changed(connection, [fan for _, fan in news.fans])


def write_notices(connection: Connection, accounts: Accounts, numbered: pa.Table) -> None:
    """Every notice among the activities is kept."""
    noted = numbered.filter(pc.equal(numbered["kind"], Kind.NOTED.value))
    if noted.num_rows:
        columns = ("account_id", "fan", "happened_at", "reference", "name", "is_alarm", "traits")
        copy_rows(connection, "notice", columns, _notices(accounts, noted))


def _notices(accounts: Accounts, noted: pa.Table) -> Iterator[tuple[Any, ...]]:
    for row, fan, happened_at, reference, traits in plain_rows(
        noted, ("row", "fan", "happened_at", "reference", "traits")
    ):
        pointed = clean(reference, VALUE_MAX) if reference else None
        yield int(accounts[row]), fan or None, happened_at, pointed, *notice_of(traits)


def _find(
    register: Register,
    connection: Connection,
    places: dict[int, Place],
    accounts: Accounts,
    words: Sequence[GroupWord] | Sequence[TagWord],
) -> tuple[list[int], list[Newcomer]]:
    where = accounts[np.array([word.row for word in words])]
    names = pa.array([word.external_id for word in words], pa.string())
    found = register.find(connection, places, where, names)
    return found.ids.tolist(), found.newcomers


def _insert(connection: Connection, table: str, newcomers: list[Newcomer]) -> None:
    rows = ((one.id, one.account, one.key, one.external_id) for one in newcomers)
    copy_rows(connection, table, ("id", "account_id", "key", "external_id"), rows)


def _talk_rows(talks: list[tuple[int, GroupWord]]) -> pa.Table:
    moments = pa.chunked_array([pa.array([w.happened_at for _, w in talks], pa.timestamp("us", tz="UTC"))])
    return pa.table(
        {
            "chat_group": pa.array([group for group, _ in talks], pa.int64()),
            "fan": known_ids(np.array([word.fan for _, word in talks], np.int64)),
            "kind": pa.array([word.kind for _, word in talks], pa.string()),
            "happened_at": moments,
            "day": days(moments),
        }
    )


def _columns(rows: Sequence[tuple[Any, ...]]) -> tuple[list[Any], ...]:
    return tuple(list(part) for part in zip(*rows, strict=True))


def _changed(connection: Connection, fans: list[int]) -> None:
    copy_rows(connection, "fan_change", ("fan",), ((fan,) for fan in sorted(set(fans))))
