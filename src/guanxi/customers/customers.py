"""Writes customers in bulk: newcomers by COPY under reserved ids, the known by one update.

Every customer who is new or changed leaves a change row for the mirror.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import psycopg

from guanxi.records.contacts import ContactRow, contact_rows, remember_contacts
from guanxi.records.databases import copy_rows
from guanxi.records.portraits import Portrait, absorbed
from guanxi.records.register import Newcomer
from guanxi.vocabulary.facts import VALUE_MAX, clean, decode, encode

Connection = psycopg.Connection[Any]

_COLUMNS = ("name", "named_at", "facts")
_BLANK = ("", None, "[]")


def write_customers(
    connection: Connection,
    pepper: bytes,
    newcomers: list[Newcomer],
    heard: dict[int, Portrait],
    fan_accounts: Iterable[ContactRow],
) -> None:
    """Newcomers exist, what was heard is known, contact keys and change rows are written."""
    rows = ((*_identity(one), *(_values(heard[one.id]) if one.id in heard else _BLANK)) for one in newcomers)
    copy_rows(connection, "customer", ("id", "account_id", "key", "number", *_COLUMNS), rows)
    new = {newcomer.id for newcomer in newcomers}
    amended = _amend(connection, {ref: portrait for ref, portrait in heard.items() if ref not in new})
    remember_contacts(connection, [*_contacts(pepper, heard), *fan_accounts])
    copy_rows(connection, "customer_change", ("customer",), ((ref,) for ref in [*new, *amended]))


def _identity(one: Newcomer) -> tuple[int, int, bytes, str]:
    return one.id, one.account, one.key, clean(one.external_id, VALUE_MAX)


def _values(portrait: Portrait) -> tuple[Any, ...]:
    return portrait.name, portrait.named_at, encode(portrait.facts)


def _amend(connection: Connection, heard: dict[int, Portrait]) -> list[int]:
    """The known customers whom the news changed."""
    changed = []
    for ref, known in _known(connection, list(heard)):
        values = _values(absorbed(known, heard[ref]))
        if values != _values(known):
            changed.append((ref, *values))
    if changed:
        _update(connection, changed)
    return [row[0] for row in changed]


def _known(connection: Connection, refs: list[int]) -> Iterator[tuple[int, Portrait]]:
    if not refs:
        return
    rows = connection.execute(
        "SELECT id, name, named_at, facts::text FROM customer WHERE id = ANY(%s)", (refs,)
    )
    for ref, name, named_at, facts in rows:
        yield ref, Portrait(name, named_at, decode(facts))


def _update(connection: Connection, rows: Iterable[tuple[Any, ...]]) -> None:
    connection.execute(
        "CREATE TEMP TABLE IF NOT EXISTS amended_customer (id bigint, name text, named_at timestamptz,"
        " facts jsonb) ON COMMIT DELETE ROWS"
    )
    connection.execute("TRUNCATE amended_customer")
    copy_rows(connection, "amended_customer", ("id", *_COLUMNS), rows)
    connection.execute(
        "UPDATE customer SET name = a.name, named_at = a.named_at, facts = a.facts"
        " FROM amended_customer a WHERE customer.id = a.id"
    )


def _contacts(pepper: bytes, heard: dict[int, Portrait]) -> Iterator[ContactRow]:
    for ref, portrait in heard.items():
        yield from contact_rows(pepper, ref, portrait.contacts)
