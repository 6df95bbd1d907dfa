"""Writes fans in bulk: newcomers by COPY under reserved ids, the known by one update.

Every fan who is new or changed leaves a change row for the mirror.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import psycopg

from guanxi.records.contacts import ContactRow, contact_rows, remember_contacts
from guanxi.records.databases import copy_rows
from guanxi.records.keys import Contact
from guanxi.records.portraits import Portrait
from guanxi.records.register import Newcomer
from guanxi.social.news import FanNews, brought_up_to_date
from guanxi.vocabulary.facts import VALUE_MAX, clean, decode, encode

Connection = psycopg.Connection[Any]

_COLUMNS = ("name", "named_at", "facts", "followed_at", "unfollowed_at")
_BLANK = ("", None, "[]", None, None)


def write_fans(
    connection: Connection, pepper: bytes, newcomers: list[Newcomer], news: dict[int, FanNews]
) -> None:
    """Newcomers exist, the news is known, contact keys and change rows are written."""
    _insert(connection, newcomers, news)
    new = {newcomer.id for newcomer in newcomers}
    amended = _amend(connection, {fan: heard for fan, heard in news.items() if fan not in new})
    remember_contacts(connection, _contacts(pepper, news))
    copy_rows(connection, "fan_change", ("fan",), ((fan,) for fan in amended))


def _insert(connection: Connection, newcomers: list[Newcomer], news: dict[int, FanNews]) -> None:
    if not newcomers:
        return
    rows = ((*_identity(one), *(_values(news[one.id]) if one.id in news else _BLANK)) for one in newcomers)
    copy_rows(connection, "fan", ("id", "account_id", "key", "external_id", *_COLUMNS), rows)
    span = {"kind": Contact.FAN_ACCOUNT.value, "first": newcomers[0].id, "last": newcomers[-1].id}
    connection.execute(
        "INSERT INTO contact_key (ref, kind, key) SELECT id, %(kind)s, key FROM fan"
        " WHERE id BETWEEN %(first)s AND %(last)s",
        span,
    )
    connection.execute("INSERT INTO fan_change (fan) SELECT generate_series(%(first)s, %(last)s)", span)


def _identity(one: Newcomer) -> tuple[int, int, bytes, str]:
    return one.id, one.account, one.key, clean(one.external_id, VALUE_MAX)


def _values(news: FanNews) -> tuple[Any, ...]:
    portrait = news.portrait
    return portrait.name, portrait.named_at, encode(portrait.facts), news.followed_at, news.unfollowed_at


def _amend(connection: Connection, heard: dict[int, FanNews]) -> list[int]:
    """The known fans whom the news changed."""
    changed = []
    for fan, known in _known(connection, list(heard)):
        updated = brought_up_to_date(known, heard[fan])
        values = _values(updated)
        if values != _values(known):
            changed.append((fan, *values))
    if changed:
        _update(connection, changed)
    return [row[0] for row in changed]


def _known(connection: Connection, fans: list[int]) -> Iterator[tuple[int, FanNews]]:
    if not fans:
        return
    rows = connection.execute(
        "SELECT id, name, named_at, facts::text, followed_at, unfollowed_at FROM fan WHERE id = ANY(%s)",
        (fans,),
    )
    for fan, name, named_at, facts, followed_at, unfollowed_at in rows:
        yield fan, FanNews(Portrait(name, named_at, decode(facts)), followed_at, unfollowed_at)


def _update(connection: Connection, rows: Iterable[tuple[Any, ...]]) -> None:
    connection.execute(
        "CREATE TEMP TABLE IF NOT EXISTS amended_fan (id bigint, name text, named_at timestamptz,"
        " facts jsonb, followed_at timestamptz, unfollowed_at timestamptz) ON COMMIT DELETE ROWS"
    )
    connection.execute("TRUNCATE amended_fan")
    copy_rows(connection, "amended_fan", ("id", *_COLUMNS), rows)
    connection.execute(
        "UPDATE fan SET name = a.name, named_at = a.named_at, facts = a.facts, followed_at = a.followed_at,"
        " unfollowed_at = a.unfollowed_at FROM amended_fan a WHERE fan.id = a.id"
    )


def _contacts(pepper: bytes, news: dict[int, FanNews]) -> Iterator[ContactRow]:
    for fan, heard in news.items():
        yield from contact_rows(pepper, fan, heard.portrait.contacts)
