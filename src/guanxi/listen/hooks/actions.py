"""Reads again what platforms pushed and nobody understood then, by what their folders know today.

Refuses nothing: what still means nothing, or came to an account that is gone, stays where it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import psycopg

from guanxi.channels.hook import Kept, ReadsAgain
from guanxi.listen.hooks.desk import Hook, read_hooks, rows_of
from guanxi.listen.rows import Row
from guanxi.listen.settle import Replayed, accept_sides, settle
from guanxi.records.actor import Actor, Permission, require
from guanxi.records.audit import record
from guanxi.records.databases import RELATIONSHIP, SOCIAL, transaction
from guanxi.vocabulary.activity import BUYING
from guanxi.vocabulary.reasons import Refused

_ROWS_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A part of a push in quarantine."""

    id: int
    source: str
    raw: str
    reason: str
    identity: str
    heard_at: datetime


def read_again(actor: Actor) -> Replayed:
    """Whatever of platforms' pushes can be read by now is activities, once each; it says how much still waits.

    Each keeps its own time, and the key under which it would have been counted when it came.
    """
    require(actor, Permission.MAP_EVENTS)
    hooks = {hook.source: hook for hook in read_hooks().values() if hook}
    found, after = Replayed(), 0
    while turn := _some(hooks, after):
        found, after = found + turn[0], turn[1]
    with transaction(RELATIONSHIP):
        told = {"replayed": found.replayed, "still_unreadable": found.still_unreadable}
        record(RELATIONSHIP, actor, "quarantine_replayed", "quarantine", told)
    return found


def _some(hooks: Mapping[str, Hook], after: int) -> tuple[Replayed, int] | None:
    """The next rows left quarantine in the transaction in which they were accepted; and which was the last."""
    with transaction(SOCIAL) as connection:
        waiting = _next(connection, sorted(hooks), after)
        if not waiting:
            return None
        read: dict[str, list[Row]] = {}
        unread: dict[str, list[int]] = {}
        for one in waiting:
            try:
                read.setdefault(one.source, []).extend(_rows(hooks[one.source], one))
            except Refused as refused:
                unread.setdefault(refused.code, []).append(one.id)
        for source, rows in read.items():
            social = [row for row in rows if row["kind"] not in BUYING]
            accept_sides(connection, source, social, [row for row in rows if row["kind"] in BUYING])
        return settle(connection, [one.id for one in waiting], unread), waiting[-1].id


def _next(connection: psycopg.Connection[Any], sources: list[str], after: int) -> list[_Waiting]:
    rows = connection.execute(
        "SELECT id, source, raw, reason, detail, heard_at FROM quarantine "
        "WHERE state = 'open' AND detail <> '' AND source = ANY(%s) AND id > %s ORDER BY id LIMIT %s FOR UPDATE",
        (sources, after, _ROWS_AT_ONCE),
    )
    return [_Waiting(*row) for row in rows]


def _rows(hook: Hook, one: _Waiting) -> list[Row]:
    """What the part tells now; refused with the reason for which it stays."""
    if not isinstance(hook.inbound, ReadsAgain):
        raise Refused(one.reason)
    heard = hook.inbound.read_again(Kept(one.raw, one.identity, one.heard_at))
    if heard.unread:
        raise Refused(heard.unread[0].reason)
    return rows_of(hook, one.identity, [replace(told, position="") for told in heard.told])
