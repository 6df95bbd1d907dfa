"""Contact keys of fans or of customers: the same table on both sides, filled the same way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import psycopg

from guanxi.records.databases import copy_rows
from guanxi.records.keys import Contact, contact_key, normalised

ContactRow = tuple[int, str, bytes]


def contact_rows(pepper: bytes, ref: int, written: Iterable[tuple[str, str]]) -> Iterator[ContactRow]:
    """The keys of what was written as somebody's phone, address or union id; nobody's are left out."""
    for kind, text in written:
        single = normalised(Contact(kind), text)
        if single is not None:
            yield ref, kind, contact_key(pepper, kind, single)


def remember_contacts(connection: psycopg.Connection[Any], rows: Iterable[ContactRow]) -> None:
    """Every contact key is in the table once."""
    connection.execute(
        "CREATE TEMP TABLE IF NOT EXISTS seen_contact (ref bigint, kind text, key bytea)"
        " ON COMMIT DELETE ROWS"
    )
    connection.execute("TRUNCATE seen_contact")
    copy_rows(connection, "seen_contact", ("ref", "kind", "key"), rows)
    connection.execute(
        "INSERT INTO contact_key (ref, kind, key) SELECT ref, kind, key FROM seen_contact"
        " ORDER BY kind, key, ref ON CONFLICT DO NOTHING"
    )
