"""What was done, by whom, to what: written in the transaction of the deed, in the deed's own database."""

from __future__ import annotations

from typing import Any

from psycopg.types.json import Jsonb

from guanxi.records.actor import Actor
from guanxi.records.databases import raw

AUDIT_TABLE = """
CREATE TABLE audit_entry (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    happened_at timestamptz NOT NULL DEFAULT now(),
    user_id bigint,
    actor text NOT NULL,
    verb text NOT NULL,
    subject text NOT NULL,
    detail jsonb NOT NULL
)
"""


def record(alias: str, actor: Actor, verb: str, subject: str, detail: dict[str, Any] | None = None) -> None:
    """The deed is in the audit of its database and commits or vanishes with it.

    Args:
        alias: the database of the deed.
        actor: who did it.
        verb: past tense, such as ``link_confirmed``.
        subject: what it was done to, such as ``link:42``.
        detail: what explains it; never a secret, never a name or a phone.
    """
    raw(alias).execute(
        "INSERT INTO audit_entry (user_id, actor, verb, subject, detail) VALUES (%s, %s, %s, %s, %s)",
        (actor.user_id, actor.name, verb, subject, Jsonb(detail or {})),
    )
