"""What must always hold of the ledger; each check answers with what is wrong, nothing when all is well."""

from __future__ import annotations

from typing import LiteralString

from guanxi.correlation.invariants import Broken
from guanxi.records.databases import RELATIONSHIP, transaction

_CHECKS: tuple[tuple[str, LiteralString], ...] = (
    (
        "entry_does_not_sum_to_zero",
        "SELECT entry::text FROM ledger_posting GROUP BY entry, points HAVING sum(amount) <> 0",
    ),
    (
        "points_do_not_sum_to_zero",
        "SELECT points FROM ledger_posting GROUP BY points HAVING sum(amount) <> 0",
    ),
    (
        "balance_is_not_its_entries",
        "SELECT coalesce(b.account, p.account)::text FROM balance b FULL JOIN "
        "(SELECT account, points, sum(amount) AS amount FROM ledger_posting WHERE account >= 0 "
        "GROUP BY account, points) p ON p.account = b.account AND p.points = b.points "
        "WHERE coalesce(b.amount, 0) <> coalesce(p.amount, 0)",
    ),
    ("balance_is_negative", "SELECT account::text FROM balance WHERE amount < 0"),
    (
        "activity_booked_twice",
        "SELECT activity FROM ledger_entry WHERE rule IS NOT NULL "
        "GROUP BY rule, activity, line HAVING count(*) > 1",
    ),
    (
        "entry_without_two_sides",
        "SELECT coalesce(e.id, p.entry)::text FROM ledger_entry e FULL JOIN "
        "(SELECT entry, count(*) AS sides FROM ledger_posting GROUP BY entry) p ON p.entry = e.id "
        "WHERE e.id IS NULL OR coalesce(p.sides, 0) < 2",
    ),
    (
        "reversal_of_nothing",
        "SELECT e.id::text FROM ledger_entry e LEFT JOIN ledger_entry o ON o.id = e.reverses "
        "WHERE (e.reverses IS NOT NULL AND o.id IS NULL) "
        "OR (e.reverses IS NULL AND "
        "e.kind IN ('refunded', 'reversed', 'unlinked', 'reinstated', 'released'))",
    ),
)

PROMISES = tuple(code for code, _ in _CHECKS)


def broken() -> list[Broken]:
    """Every invariant of this room that does not hold, on one snapshot."""
    wrong: list[Broken] = []
    with transaction(RELATIONSHIP) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for code, question in _CHECKS:
            row = connection.execute(
                f"SELECT count(*), min(what) FROM ({question}) AS odd (what)"  # noqa: S608
            ).fetchone()
            assert row is not None
            if row[0]:
                wrong.append(Broken(code, row[0], row[1]))
    return wrong
