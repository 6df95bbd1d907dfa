"""What must always hold of deliveries. Each check answers with what is wrong; nothing when all is well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from guanxi.channels.rule import Starter
from guanxi.channels.rules import all_rules
from guanxi.records.databases import RELATIONSHIP, raw

_DOUBLED = """
SELECT count(*), min(identity) FROM (
    SELECT identity FROM delivery GROUP BY campaign, identity HAVING count(*) > 1
) AS twice
"""
# Each identity's own sends since the leash was set: the one that fills the cap must have left the window.
_OVER_CAP = """
SELECT count(*), min(identity) FROM (
    SELECT d.identity, d.reserved_at, s.window_days,
           lag(d.reserved_at, s.sends_max)
               OVER (PARTITION BY d.identity ORDER BY d.reserved_at, d.id) AS filling
    FROM delivery d, (SELECT * FROM leash_setting ORDER BY id DESC LIMIT 1) s
    WHERE d.reserved_at >= s.set_at AND d.state IN ('queued', 'leased', 'sent', 'unknown')
) AS counted
WHERE filling > reserved_at - make_interval(days => window_days)
"""
_HELD_OUT = """
SELECT count(*), min(d.identity) FROM delivery d
JOIN campaign c ON c.id = d.campaign
JOIN holdout_member h ON h.period = c.holdout_period AND h.identity = d.identity
WHERE h.since <= d.reserved_at AND NOT (c.channel || '.' || c.message_kind = ANY(%s))
"""
_UNSETTLED = """
SELECT count(*), min(identity) FROM delivery
WHERE (state IN ('sent', 'failed', 'unknown', 'cancelled')) <> (settled_at IS NOT NULL)
   OR (state = 'leased') <> (leased_until IS NOT NULL)
"""
_CHECKS = {
    "message_to_one_identity_twice": _DOUBLED,
    "identity_over_the_cap": _OVER_CAP,
    "held_out_but_sent_to": _HELD_OUT,
    "delivery_between_states": _UNSETTLED,
}
PROMISES = tuple(_CHECKS)


@dataclass(frozen=True)
class Broken:
    """An invariant that does not hold.

    Attributes:
        invariant: its code.
        count: how many rows break it.
        example: one of them.
    """

    invariant: str
    count: int
    example: str


def broken() -> list[Broken]:
    """Every invariant of this room that does not hold."""
    wrong = []
    for name, question in _CHECKS.items():
        values: tuple[Any, ...] = (_prompted(),) if "%s" in question else ()
        row = raw(RELATIONSHIP).execute(question, values).fetchone()
        if row is not None and row[0]:
            wrong.append(Broken(name, row[0], f"identity:{row[1]}"))
    return wrong


def _prompted() -> list[str]:
    """The kinds of message that answer a person, and so reach the holdout too."""
    return [
        f"{rules.platform}.{rule.kind}"
        for rules in all_rules()
        for rule in rules.messages
        if rule.starts is Starter.PERSON
    ]
