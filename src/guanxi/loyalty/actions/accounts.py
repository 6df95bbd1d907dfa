"""Who becomes a member: identities that were invited, or that a link good enough for rewards joins."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import psycopg

from guanxi.correlation.locks import lock_identities
from guanxi.correlation.purposes import Purpose
from guanxi.loyalty.membership import INVITED, LINKED, reinstate_for_identities
from guanxi.records.actor import SYSTEM, Actor, Permission, require
from guanxi.records.audit import record
from guanxi.records.databases import RELATIONSHIP, raw, transaction
from guanxi.vocabulary.progress import Progress
from guanxi.vocabulary.reasons import Refused
from guanxi.vocabulary.time import aware

Connection = psycopg.Connection[Any]

CHUNK = 50_000


def open_accounts(actor: Actor, identities: Iterable[int], reason: str, opened_at: datetime) -> int:
    """Every identity has an open account; says how many are new. An invitation outlives a link.

    Args:
        actor: who may book points.
        identities: codes.
        reason: ``linked`` or ``invited``.
        opened_at: activities count from the programme's ``backdate_days`` before it.
    """
    require(actor, Permission.BOOK_POINTS)
    if reason not in (LINKED, INVITED):
        raise Refused("account_reason_unknown", reason)
    codes = sorted(set(identities))
    opened = 0
    for start in range(0, len(codes), CHUNK):
        with transaction(RELATIONSHIP) as connection:
            opened += _open(connection, actor, codes[start : start + CHUNK], reason, aware(opened_at))
    return opened


def open_accounts_for_linked(as_of: datetime, tell: Progress) -> int:
    """Every identity that a link good enough for rewards joins has an account; says how many are new."""
    tell.begin("accounts")
    rows = raw(RELATIONSHIP).execute(
        "SELECT m.identity FROM person_member m LEFT JOIN loyalty_account a USING (identity) "
        "WHERE m.purpose = %s AND a.identity IS NULL",
        (Purpose.REWARD.value,),
    )
    opened = open_accounts(SYSTEM, [code for (code,) in rows], LINKED, as_of)
    tell.advance(opened)
    tell.end()
    return opened


def _open(connection: Connection, actor: Actor, codes: list[int], reason: str, opened_at: datetime) -> int:
    lock_identities(connection, codes)
    linked_now = " AND EXISTS (SELECT 1 FROM person_member m WHERE m.purpose = %s AND m.identity = i)"
    chosen, values = ("", ()) if reason == INVITED else (linked_now, (Purpose.REWARD.value,))
    opened = connection.execute(
        "INSERT INTO loyalty_account (identity, reason, opened_at, state, turn, caught_up) "  # noqa: S608
        f"SELECT i, %s, %s, 'open', 0, false FROM unnest(%s::bigint[]) i WHERE true{chosen} "
        "ORDER BY i ON CONFLICT (identity) DO NOTHING",
        (reason, opened_at, codes, *values),
    ).rowcount
    if reason == INVITED:
        connection.execute(
            "UPDATE loyalty_account SET reason = %s WHERE identity = ANY(%s) AND reason <> %s",
            (INVITED, codes, INVITED),
        )
        reinstate_for_identities(connection, actor.name, codes, opened_at)
    if opened:
        record(RELATIONSHIP, actor, "accounts_opened", "accounts", {"reason": reason, "count": opened})
    return opened
