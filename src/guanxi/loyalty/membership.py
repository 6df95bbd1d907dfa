"""Who is a member because of a link: what is taken back when the link goes, and given again when it returns.

Follows correlation's changes inside their transaction. Somebody invited stays a member whatever becomes of
links.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import psycopg

from guanxi.correlation.ports import PersonChange
from guanxi.correlation.purposes import Purpose
from guanxi.loyalty.booking import book_take_backs, lock_balances
from guanxi.loyalty.ledger import Against
from guanxi.records.actor import Actor

Connection = psycopg.Connection[Any]

LINKED, INVITED = "linked", "invited"


class MembershipFollowsLinks:
    """The ledger follows links that reward; plug it into correlation's ports."""

    def foresee(self, connection: Connection, change: PersonChange) -> dict[str, int]:
        """How many entries of members by link would be taken back."""
        if change.purpose is not Purpose.REWARD or len(change.parted) == 0:
            return {}
        row = connection.execute(
            f"SELECT count(*) FROM ({_NET}) net WHERE amount > 0",  # noqa: S608
            {"accounts": _leaving(connection, change.parted.tolist()), "issued": int(Against.ISSUED)},
        ).fetchone()
        assert row is not None
        return {"entries_reversed": int(row[0])}

    def follow(self, connection: Connection, actor: Actor, change: PersonChange, booked_at: datetime) -> None:
        """Members by a link that is gone have left, members by a link that is back are back."""
        if change.purpose is Purpose.REWARD:
            reverse_for_identities(connection, actor.name, change.parted.tolist(), booked_at)
            reinstate_for_identities(connection, actor.name, change.joined.tolist(), booked_at)


def reverse_for_identities(
    connection: Connection, actor: str, identities: list[int], booked_at: datetime
) -> int:
    """Accounts opened for a link are closed, what they earned is taken back; says how many entries."""
    accounts = [
        account
        for (account,) in connection.execute(
            "UPDATE loyalty_account SET state = 'closed' "
            "WHERE identity = ANY(%s) AND reason = %s AND state = 'open' RETURNING identity",
            (identities, LINKED),
        )
    ]
    if not accounts:
        return 0
    lock_balances(connection, accounts)
    connection.execute(
        _TAKE_BACK_EARNED, {"accounts": accounts, "issued": int(Against.ISSUED), "booked_at": booked_at}
    )
    return book_take_backs(connection, actor, booked_at)


def reinstate_for_identities(
    connection: Connection, actor: str, identities: list[int], booked_at: datetime
) -> int:
    """Closed accounts are open and have again what was taken back when they closed; says how many entries."""
    accounts = [
        account
        for (account,) in connection.execute(
            "UPDATE loyalty_account SET state = 'open', turn = turn + 1, caught_up = false "
            "WHERE identity = ANY(%s) AND state = 'closed' RETURNING identity",
            (identities,),
        )
    ]
    if not accounts:
        return 0
    lock_balances(connection, accounts)
    named = {"accounts": accounts, "actor": actor, "booked_at": booked_at}
    connection.execute(_GIVE_AGAIN_TABLE, named)
    booked = connection.execute(_BOOK_GIVE_AGAIN, named).rowcount
    connection.execute(_POST_GIVE_AGAIN)
    connection.execute("DROP TABLE give_again")
    return booked


def _leaving(connection: Connection, identities: list[int]) -> list[int]:
    rows = connection.execute(
        "SELECT identity FROM loyalty_account WHERE identity = ANY(%s) AND reason = %s AND state = 'open'",
        (identities, LINKED),
    ).fetchall()
    return [account for (account,) in rows]


# What is still issued by each earned entry of the accounts: refunds and reversals off, reinstatements on.
_NET = """
SELECT own.id, own.account, own.points, own.earned_at,
    -(SELECT sum(p.amount) FROM ledger_posting p
      WHERE p.account = %(issued)s AND p.points = own.points AND (p.entry = own.id OR p.entry IN
        (SELECT r.id FROM ledger_entry r WHERE r.reverses IS NOT NULL AND r.reverses = own.id))
     )::bigint AS amount,
    (SELECT count(*) FROM ledger_entry r WHERE r.reverses IS NOT NULL AND r.reverses = own.id) AS turns
FROM (
    SELECT e.id, p.account, p.points, e.booked_at AS earned_at
    FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry
    WHERE p.account >= 0 AND p.account = ANY(%(accounts)s) AND e.kind = 'earned'
) own
"""

_TAKE_BACK_EARNED = f"""
CREATE TEMP TABLE take_back ON COMMIT DROP AS
SELECT md5(concat_ws(':', 'unlinked', id, turns))::uuid AS id, 'unlinked' AS kind, NULL::bigint AS rule,
    '' AS activity, 0 AS line, id AS reverses, account, points, amount, %(booked_at)s::timestamptz AS
    booked_at, row_number() OVER (ORDER BY earned_at, id) AS place
FROM ({_NET}) net WHERE amount > 0
"""  # noqa: S608

_GIVE_AGAIN_TABLE = """
CREATE TEMP TABLE give_again ON COMMIT DROP AS
WITH own AS (
    SELECT DISTINCT e.id FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry
    WHERE p.account >= 0 AND p.account = ANY(%(accounts)s) AND e.kind = 'earned'
), back AS (
    SELECT own.id AS original, p.account, p.points, -sum(p.amount)::bigint AS amount
    FROM own JOIN ledger_entry r ON r.reverses IS NOT NULL AND r.reverses = own.id
    JOIN ledger_posting p ON p.entry = r.id
    WHERE r.kind IN ('unlinked', 'reinstated')
    GROUP BY own.id, p.account, p.points
)
SELECT md5(concat_ws(':', 'reinstated', original, (
    SELECT count(*) FROM ledger_entry r WHERE r.reverses IS NOT NULL AND r.reverses = original
)))::uuid AS id, original, account, points, amount FROM back WHERE amount <> 0
"""

_BOOK_GIVE_AGAIN = """
INSERT INTO ledger_entry (id, kind, activity, line, reverses, reason, actor, booked_at, recorded_at)
SELECT DISTINCT id, 'reinstated', '', 0, original, '', %(actor)s, %(booked_at)s::timestamptz,
    %(booked_at)s::timestamptz
FROM give_again
"""

_POST_GIVE_AGAIN = """
WITH posted AS (
    INSERT INTO ledger_posting (entry, account, points, amount) SELECT id, account, points, amount FROM
    give_again
)
UPDATE balance b SET amount = b.amount + t.amount
FROM (SELECT account, points, sum(amount)::bigint AS amount FROM give_again WHERE account >= 0
      GROUP BY account, points) t
WHERE b.account = t.account AND b.points = t.points
"""
