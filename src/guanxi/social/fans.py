"""Writes fans in bulk: newcomers by COPY under reserved ids, the known by one update.

Every fan who is new or changed leaves a change row for the mirror.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

import psycopg

from guanxi.records.databases import copy_rows
from guanxi.records.keys import Contact
from guanxi.records.portraits import Portrait
from guanxi.records.register import Newcomer
from guanxi.social.forgetting import forget_contacts, remember_contacts, revoked_of
from guanxi.social.news import FanNews, brought_up_to_date
from guanxi.social.revoking import Revoked, forgetting
from guanxi.vocabulary.facts import VALUE_MAX, clean, decode, encode

Connection = psycopg.Connection[Any]

_COLUMNS = ("name", "named_at", "facts", "followed_at", "unfollowed_at")
_BLANK = ("", None, "[]", None, None)


def write_fans(
    connection: Connection,
    pepper: bytes,
    newcomers: list[Newcomer],
    news: dict[int, FanNews],
    revoking: Collection[int] = (),
) -> None:
    """Newcomers exist, the news is known, contact keys and change rows are written.

    Args:
        connection: an open transaction that alone digests, in which revocations are remembered already.
        pepper: the secret under which contacts are hashed.
        newcomers: fans under ids reserved for them.
        news: what is newly heard of each fan.
        revoking: the fans who take something back in this batch.
    """
    concerned = {**{fan: FanNews() for fan in revoking}, **news}
    revoked = revoked_of(connection, concerned)
    heard = {fan: forgetting(one, revoked.get(fan, {})) for fan, one in concerned.items()}
    _insert(connection, newcomers, heard)
    new = {newcomer.id for newcomer in newcomers}
    amended = _amend(connection, {fan: one for fan, one in heard.items() if fan not in new}, revoked)
    remember_contacts(connection, pepper, heard)
    forget_contacts(connection, revoking)
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


def _amend(connection: Connection, heard: dict[int, FanNews], revoked: Revoked) -> list[int]:
    """The known fans whom the news changed."""
    changed = []
    for fan, known in _known(connection, list(heard)):
        updated = forgetting(brought_up_to_date(known, heard[fan]), revoked.get(fan, {}))
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
