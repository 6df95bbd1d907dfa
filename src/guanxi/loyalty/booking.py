"""Books into the ledger in the caller's transaction: balances are locked, then checked, then changed.

One entry at a time for people's deeds, by the hundred thousand for what is earned and taken back; both in
one order of locks (accounts ascending), so that they never wait in a ring.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

import psycopg
import pyarrow as pa

from guanxi.loyalty.ledger import Against, Entry, EntryKind, Posting, checked, onto_members
from guanxi.records.columns import copy_in
from guanxi.vocabulary.points import Points
from guanxi.vocabulary.reasons import Refused

Connection = psycopg.Connection[Any]
Balances = dict[tuple[int, Points], int]


def lock_balances(connection: Connection, accounts: Iterable[int]) -> Balances:
    """What the accounts hold; nobody else changes it until this transaction ends."""
    wanted = sorted({account for account in accounts if account >= 0})
    connection.execute(
        "INSERT INTO balance (account, points, amount) SELECT a, p, 0 FROM unnest(%s::bigint[]) a, "
        "unnest(%s::text[]) p ORDER BY a, p ON CONFLICT DO NOTHING",
        (wanted, [points.value for points in Points]),
    )
    rows = connection.execute(
        "SELECT account, points, amount FROM balance WHERE account = ANY(%s) "
        "ORDER BY account, points FOR UPDATE",
        (wanted,),
    ).fetchall()
    return {(account, Points(points)): amount for account, points, amount in rows}


def post(connection: Connection, entry: Entry, balances: Balances, actor: str, recorded_at: datetime) -> None:
    """The entry is in the ledger and in the balances, which the caller has locked; refused below zero."""
    checked(entry)
    changes = onto_members(entry.postings)
    for place, change in changes.items():
        if balances.get(place, 0) + change < 0:
            raise Refused("balance_too_low", str(place[0]))
    with psycopg.Cursor(connection) as cursor:
        cursor.execute(
            "INSERT INTO ledger_entry "
            "(id, kind, rule, activity, line, reverses, reason, actor, booked_at, recorded_at) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                *(
                    entry.id,
                    entry.kind.value,
                    entry.rule,
                    entry.activity,
                    entry.line,
                    entry.reverses,
                    entry.reason,
                ),
                *(actor, entry.booked_at, recorded_at),
            ),
        )
        cursor.executemany(
            "INSERT INTO ledger_posting (entry, account, points, amount) VALUES (%s, %s, %s, %s)",
            [(entry.id, p.account, p.points.value, p.amount) for p in entry.postings],
        )
        cursor.executemany(
            "UPDATE balance SET amount = amount + %s WHERE account = %s AND points = %s",
            [(change, account, points.value) for (account, points), change in changes.items()],
        )
    for place, change in changes.items():
        balances[place] = balances.get(place, 0) + change


def entry_of(connection: Connection, id_: UUID) -> Entry | None:
    """The entry as it was booked, or None."""
    row = connection.execute(
        "SELECT kind, booked_at, rule, activity, line, reverses, reason FROM ledger_entry WHERE id = %s",
        (id_,),
    ).fetchone()
    if row is None:
        return None
    postings = connection.execute(
        "SELECT account, points, amount FROM ledger_posting WHERE entry = %s ORDER BY account, points", (id_,)
    ).fetchall()
    return Entry(
        id_,
        EntryKind(row[0]),
        row[1],
        tuple(Posting(account, Points(points), amount) for account, points, amount in postings),
        *row[2:],
    )


def book_awards(
    connection: Connection, awards: pa.Table, actor: str, recorded_at: datetime
) -> tuple[int, int]:
    """What was earned and what refunds take back is booked, once for each key; says how many entries of both.

    Args:
        connection: in a transaction.
        awards: rule, account, points, side, fact, activity, line, entry_kind, amount, happened_at,
            reverses_activity.
        actor: who books.
        recorded_at: when we learnt of it.
    """
    connection.execute(_AWARD_TABLE)
    copy_in(connection, "award", awards)
    connection.execute("ANALYZE award")
    # Whoever left since, or was paid since, is not paid: an account that closes waits for this lock.
    connection.execute(
        "SELECT count(*) FROM (SELECT 1 FROM loyalty_account "
        "WHERE identity IN (SELECT account FROM award) ORDER BY identity FOR SHARE) locked"
    )
    connection.execute(_DROP_CLOSED_AND_BOOKED)
    _lock_staged_balances(connection, "award")
    earned = connection.execute(_BOOK_EARNED, _by(actor, recorded_at)).rowcount
    connection.execute(_POST_EARNED, {"issued": int(Against.ISSUED)})
    connection.execute(_TAKE_BACK)
    return earned, book_take_backs(connection, actor, recorded_at)


def book_take_backs(connection: Connection, actor: str, recorded_at: datetime) -> int:
    """What the temporary table ``take_back`` lists is taken back; what is already spent is written off.

    Balances of its accounts are locked by the caller; the table goes with the transaction.
    """
    booked = connection.execute(_BOOK_TAKE_BACKS, _by(actor, recorded_at)).rowcount
    against = {"issued": int(Against.ISSUED), "written_off": int(Against.WRITTEN_OFF)}
    connection.execute(_POST_TAKE_BACKS, against)
    connection.execute("DROP TABLE take_back")
    return booked


def _lock_staged_balances(connection: Connection, staged: LiteralString) -> None:
    connection.execute(
        "INSERT INTO balance (account, points, amount) "  # noqa: S608
        f"SELECT DISTINCT account, points, 0 FROM {staged} ORDER BY 1, 2 ON CONFLICT DO NOTHING"
    )
    connection.execute(
        "SELECT count(*) FROM (SELECT 1 FROM balance b WHERE (account, points) IN "  # noqa: S608
        f"(SELECT account, points FROM {staged}) ORDER BY account, points FOR UPDATE) locked"
    )


def _by(actor: str, recorded_at: datetime) -> dict[str, Any]:
    return {"actor": actor, "recorded_at": recorded_at}


# An entry's id is its key: repeated booking meets the same row, and ids grow with facts, so that indexes stay warm.
_AWARD_TABLE = """
CREATE TEMP TABLE award (
    rule bigint, account bigint, points text, side text, fact bigint, activity text, line int, entry_kind text,
    amount bigint, happened_at timestamptz, reverses_activity text,
    id uuid GENERATED ALWAYS AS ((
        CASE side WHEN 'social' THEN 'a1' ELSE 'a2' END || lpad(to_hex(fact), 14, '0')
        || lpad(to_hex(rule), 8, '0') || lpad(to_hex(line), 8, '0'))::uuid) STORED
) ON COMMIT DROP
"""

_DROP_CLOSED_AND_BOOKED = """
DELETE FROM award a WHERE
    NOT EXISTS (SELECT 1 FROM loyalty_account m WHERE m.identity = a.account AND m.state = 'open')
    OR EXISTS (
        SELECT 1 FROM ledger_entry e
        WHERE e.rule IS NOT NULL AND e.rule = a.rule AND e.activity = a.activity AND e.line = a.line
    )
"""

_BOOK_EARNED = """
INSERT INTO ledger_entry (id, kind, rule, activity, line, reason, actor, booked_at, recorded_at)
SELECT id, 'earned', rule, activity, line, '', %(actor)s, happened_at, %(recorded_at)s
FROM award WHERE entry_kind = 'earned' ORDER BY id
"""

_POST_EARNED = """
WITH earned AS (
    SELECT id, account, points, amount FROM award WHERE entry_kind = 'earned'
), posted AS (
    INSERT INTO ledger_posting (entry, account, points, amount)
    SELECT id, account, points, amount FROM earned
    UNION ALL SELECT id, %(issued)s, points, -amount FROM earned ORDER BY 1, 2
)
UPDATE balance b SET amount = b.amount + t.amount
FROM (SELECT account, points, sum(amount)::bigint AS amount FROM earned GROUP BY account, points) t
WHERE b.account = t.account AND b.points = t.points
"""

_TAKE_BACK = """
CREATE TEMP TABLE take_back ON COMMIT DROP AS
SELECT a.id, 'refunded' AS kind,
    a.rule, a.activity, a.line, e.id AS reverses, a.account, a.points, a.amount, a.happened_at AS booked_at,
    row_number() OVER (ORDER BY a.activity, a.rule, a.line) AS place
FROM award a JOIN ledger_entry e
    ON e.rule IS NOT NULL AND e.rule = a.rule AND e.activity = a.reverses_activity AND e.line = 0
WHERE a.entry_kind = 'refunded'
"""

_BOOK_TAKE_BACKS = """
INSERT INTO ledger_entry (id, kind, rule, activity, line, reverses, reason, actor, booked_at, recorded_at)
SELECT id, kind, rule, activity, line, reverses, '', %(actor)s, booked_at, %(recorded_at)s FROM take_back
"""

_POST_TAKE_BACKS = """
WITH demand AS (
    SELECT t.id, t.account, t.points, t.amount, b.amount AS balance,
        sum(t.amount) OVER (PARTITION BY t.account, t.points ORDER BY t.place) - t.amount AS before
    FROM take_back t JOIN balance b ON b.account = t.account AND b.points = t.points
), split AS (
    SELECT id, account, points, amount, greatest(0, least(amount, balance - before))::bigint AS taken FROM
    demand
), posted AS (
    INSERT INTO ledger_posting (entry, account, points, amount)
    SELECT id, account, points, -taken FROM split WHERE taken > 0
    UNION ALL SELECT id, %(written_off)s, points, taken - amount FROM split WHERE taken < amount
    UNION ALL SELECT id, %(issued)s, points, amount FROM split
)
UPDATE balance b SET amount = b.amount - s.taken
FROM (SELECT account, points, sum(taken)::bigint AS taken FROM split GROUP BY account, points) s
WHERE b.account = s.account AND b.points = s.points
"""
