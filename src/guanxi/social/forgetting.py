"""Remembers revocations and contact keys of fans in bulk; forgets keys that were taken back, and old notices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import psycopg

from guanxi.records.contacts import contact_rows
from guanxi.records.databases import copy_rows
from guanxi.records.keys import Contact
from guanxi.social.news import FanNews
from guanxi.social.revoking import ALL, Revoked

Connection = psycopg.Connection[Any]

NOTICE_DAYS = 90
_REVOKE = """
INSERT INTO revocation AS known (fan, field, revoked_at)
SELECT * FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[])
ON CONFLICT (fan, field) DO UPDATE SET revoked_at = greatest(known.revoked_at, excluded.revoked_at)
"""
_REMEMBER = """
INSERT INTO contact_key AS known (ref, kind, key, stated_at)
SELECT ref, kind, key, max(stated_at) FROM stated_contact GROUP BY ref, kind, key ORDER BY kind, key, ref
ON CONFLICT (kind, key, ref) DO UPDATE SET stated_at = excluded.stated_at
WHERE known.stated_at IS NULL OR known.stated_at < excluded.stated_at
"""
# Whoever compares keys reads those with new ids, so the fan's own key gets one and their links are judged again.
_FORGET = """
WITH gone AS (
    DELETE FROM contact_key k USING revocation r
    WHERE r.fan = ANY(%(fans)s) AND k.ref = r.fan AND r.field IN (k.kind, %(all)s) AND k.kind <> %(own)s
    AND (k.stated_at IS NULL OR k.stated_at <= r.revoked_at)
    RETURNING k.ref
)
UPDATE contact_key SET id = nextval(pg_get_serial_sequence('contact_key', 'id'))
WHERE kind = %(own)s AND ref IN (SELECT ref FROM gone)
"""
_AUDIT = (
    "INSERT INTO audit_entry (actor, verb, subject, detail)"
    " SELECT 'platform', 'fan_words_revoked', 'fan:' || fan, jsonb_build_object('fields', jsonb_agg(field))"
    " FROM unnest(%s::bigint[], %s::text[]) AS told (fan, field) GROUP BY fan ORDER BY fan"
)


def remember_revocations(connection: Connection, heard: Revoked) -> None:
    """What fans took back stays taken back, and the audit says so."""
    rows = [(fan, name, until) for fan, fields in sorted(heard.items()) for name, until in fields.items()]
    if rows:
        fans, fields, moments = (list(part) for part in zip(*rows, strict=True))
        connection.execute(_REVOKE, (fans, fields, moments))
        connection.execute(_AUDIT, (fans, fields))


def revoked_of(connection: Connection, fans: Collection[int]) -> dict[int, dict[str, datetime]]:
    """By fan and field, until when words are forgotten, of those fans who took anything back."""
    if not fans:
        return {}
    rows = connection.execute(
        "SELECT fan, field, revoked_at FROM revocation WHERE fan = ANY(%s)", (list(fans),)
    )
    found: dict[int, dict[str, datetime]] = defaultdict(dict)
    for fan, name, until in rows:
        found[fan][name] = until
    return dict(found)


def forget_contacts(connection: Connection, fans: Collection[int]) -> None:
    """Contact keys that these fans stated before they took them back are gone."""
    if fans:
        values = {"fans": list(fans), "all": ALL, "own": Contact.FAN_ACCOUNT.value}
        connection.execute(_FORGET, values)


def forget_notices(connection: Connection, days: int = NOTICE_DAYS) -> int:
    """Notices that we learnt of longer ago are gone; says how many."""
    question = "DELETE FROM notice WHERE recorded_at < now() - make_interval(days => %s)"
    return connection.execute(question, (days,)).rowcount


def remember_contacts(connection: Connection, pepper: bytes, news: Mapping[int, FanNews]) -> None:
    """Every contact key that the news states is in the table once, with the moment it was last stated."""
    rows = [
        (*row, stated_at)
        for fan, heard in news.items()
        for contact, stated_at in heard.portrait.contacts.items()
        for row in contact_rows(pepper, fan, [contact])
    ]
    if rows:
        connection.execute(
            "CREATE TEMP TABLE IF NOT EXISTS stated_contact (ref bigint, kind text, key bytea,"
            " stated_at timestamptz) ON COMMIT DELETE ROWS"
        )
        connection.execute("TRUNCATE stated_contact")
        copy_rows(connection, "stated_contact", ("ref", "kind", "key", "stated_at"), rows)
        connection.execute(_REMEMBER)
