"""Entries that somebody books or takes back; the caller chooses and keeps their ids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from guanxi.channels.rules import rewardable
from guanxi.correlation.locks import lock_identities
from guanxi.loyalty.booking import entry_of, lock_balances, post
from guanxi.loyalty.ledger import Against, Entry, EntryKind, checked, reversal
from guanxi.loyalty.legality import PURCHASE_PLATFORM, require_legal
from guanxi.loyalty.models import EarningRule
from guanxi.records.actor import Actor, Permission, require
from guanxi.records.audit import record
from guanxi.records.databases import RELATIONSHIP, transaction
from guanxi.vocabulary.activity import Kind
from guanxi.vocabulary.reasons import Refused
from guanxi.vocabulary.time import aware

Connection = psycopg.Connection[Any]

BY_HAND = frozenset({EntryKind.EARNED, EntryKind.ADJUSTED})
REVERSIBLE = frozenset({EntryKind.EARNED, EntryKind.ADJUSTED})


def book_entries(actor: Actor, entries: Sequence[Entry], recorded_at: datetime) -> int:
    """All entries are in the ledger, or none; says how many are new.

    The same id with the same content again is the same answer, with other content a conflict. An entry by a
    rule is refused where the platform forbids the reward, naming the platform's rule.
    """
    require(actor, Permission.BOOK_POINTS)
    for entry in entries:
        _bookable(entry)
    with transaction(RELATIONSHIP) as connection:
        accounts = sorted({p.account for e in entries for p in e.postings if p.account >= 0})
        lock_identities(connection, accounts)
        _require_open(connection, accounts)
        balances = lock_balances(connection, accounts)
        booked = 0
        for entry in entries:
            if _is_new(connection, entry):
                post(connection, entry, balances, actor.name, aware(recorded_at))
                record(RELATIONSHIP, actor, "entry_booked", f"entry:{entry.id}", {"kind": entry.kind})
                booked += 1
        return booked


def reverse_entry(actor: Actor, entry_id: UUID, reversal_id: UUID, reason: str, booked_at: datetime) -> Entry:
    """The entry is taken back, what is already spent is written off; refused if that was done before."""
    require(actor, Permission.BOOK_POINTS)
    with transaction(RELATIONSHIP) as connection:
        original = entry_of(connection, entry_id)
        if original is None:
            raise Refused("no_such_entry", str(entry_id))
        if original.kind not in REVERSIBLE:
            raise Refused("entry_not_reversible", original.kind)
        accounts = [p.account for p in original.postings if p.account >= 0]
        lock_identities(connection, accounts)
        balances = lock_balances(connection, accounts)
        known = entry_of(connection, reversal_id)
        if known is not None:
            return _same_reversal(known, entry_id)
        if _taken_back(connection, entry_id):
            raise Refused("entry_already_reversed", str(entry_id))
        entry = reversal(original, balances, reversal_id, aware(booked_at), reason)
        post(connection, entry, balances, actor.name, entry.booked_at)
        record(RELATIONSHIP, actor, "entry_reversed", f"entry:{entry_id}", {"reason": reason})
        return entry


def _bookable(entry: Entry) -> None:
    checked(entry)
    aware(entry.booked_at)
    counters = [p for p in entry.postings if p.account < 0]
    if entry.kind not in BY_HAND or any(p.account != Against.ISSUED for p in counters):
        raise Refused("entry_kind_not_bookable", entry.kind)
    if entry.reverses is not None or (entry.kind is EntryKind.EARNED) != (entry.rule is not None):
        raise Refused("entry_unreadable", str(entry.id))
    if entry.kind is EntryKind.EARNED and (
        len(entry.postings) != 2 or not counters or counters[0].amount >= 0
    ):
        raise Refused("entry_unreadable", str(entry.id))


def _is_new(connection: Connection, entry: Entry) -> bool:
    known = entry_of(connection, entry.id)
    if known is not None:
        if _plain(known) != _plain(entry):
            raise Refused("entry_conflict", str(entry.id))
        return False
    if entry.rule is not None:
        _require_lawful(entry.rule)
        clash = connection.execute(
            "SELECT 1 FROM ledger_entry WHERE rule = %s AND activity = %s AND line = %s",
            (entry.rule, entry.activity, entry.line),
        ).fetchone()
        if clash is not None:
            raise Refused("activity_already_booked", entry.activity)
    return True


def _plain(entry: Entry) -> Entry:
    return replace(entry, postings=tuple(sorted(entry.postings)), booked_at=aware(entry.booked_at))


def _require_lawful(rule_id: int) -> None:
    rule = EarningRule.objects.filter(pk=rule_id).first()
    if rule is None:
        raise Refused("no_such_rule", str(rule_id))
    platform = PURCHASE_PLATFORM if rule.kinds == [Kind.ORDERED] else rule.platform
    require_legal(rewardable, rule.kinds, platform)


def _require_open(connection: Connection, accounts: list[int]) -> None:
    rows = connection.execute(
        "SELECT identity FROM loyalty_account WHERE identity = ANY(%s) AND state = 'open' FOR SHARE",
        (accounts,),
    ).fetchall()
    missing = set(accounts) - {account for (account,) in rows}
    if missing:
        raise Refused("no_such_account", ", ".join(map(str, sorted(missing))))


def _taken_back(connection: Connection, entry_id: UUID) -> bool:
    return (
        connection.execute("SELECT 1 FROM ledger_entry WHERE reverses = %s", (entry_id,)).fetchone()
        is not None
    )


def _same_reversal(known: Entry, entry_id: UUID) -> Entry:
    if known.kind is not EntryKind.REVERSED or known.reverses != entry_id:
        raise Refused("entry_conflict", str(known.id))
    return known
