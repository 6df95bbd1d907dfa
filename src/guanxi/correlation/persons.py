"""Persons follow their links: only the components that a change touches are put together again.

Works inside the caller's transaction, which already holds the lock on links.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import psycopg
import pyarrow as pa

from guanxi.correlation.components import Codes, components
from guanxi.correlation.locks import lock_identities
from guanxi.correlation.ports import PersonChange
from guanxi.correlation.purposes import THRESHOLDS, LinkState, Purpose
from guanxi.records.columns import copy_columns, copy_in

Connection = psycopg.Connection[Any]

MEMBERS = pa.schema([("identity", pa.int64()), ("person", pa.int64())])
_PAIRS = pa.schema([("fan", pa.int64()), ("customer", pa.int64())])
LIVE = f"(state = '{LinkState.CONFIRMED}' OR (state = '{LinkState.PROPOSED}' AND probability >= %s))"


@dataclass(frozen=True)
class Membership:
    """Identities, ascending, each with the person it belongs to."""

    identity: Codes
    person: Codes

    @classmethod
    def of(cls, table: pa.Table) -> Membership:
        """The membership that a table of `MEMBERS` states."""
        ordered = table.sort_by("identity")
        return cls(ordered["identity"].to_numpy(), ordered["person"].to_numpy())

    def without(self, other: Membership) -> Membership:
        """The rows that the other does not state in the same way."""
        place = np.searchsorted(other.identity, self.identity)
        inside = place < len(other.identity)
        same = np.zeros(len(self.identity), dtype=bool)
        found = place[inside]
        same[inside] = (other.identity[found] == self.identity[inside]) & (
            other.person[found] == self.person[inside]
        )
        return Membership(self.identity[~same], self.person[~same])


def codes_of(fans: Codes, customers: Codes) -> Codes:
    """The distinct identity codes of fans and customers, ascending."""
    return np.unique(np.concatenate([fans * 2, customers * 2 + 1]).astype(np.int64))


def recompute(connection: Connection, purpose: Purpose, touched: Codes) -> PersonChange:
    """Every person that has one of the touched identities is again what the live links say."""
    before, after = regrouped(connection, purpose, touched)
    gone, new = before.without(after), after.without(before)
    connection.execute(
        "DELETE FROM person_member WHERE purpose = %s AND identity = ANY(%s)",
        (purpose, gone.identity.tolist()),
    )
    table = pa.table({"identity": new.identity, "person": new.person})
    purposes = pa.array([purpose.value]).take(pa.array(np.zeros(len(new.identity), dtype=np.int64)))
    copy_in(connection, "person_member", table.append_column("purpose", purposes))
    return change_of(purpose, before, after)


def change_of(purpose: Purpose, before: Membership, after: Membership) -> PersonChange:
    """Who became linked and who ceased to be."""
    return PersonChange(
        purpose,
        joined=np.setdiff1d(after.identity, before.identity),
        parted=np.setdiff1d(before.identity, after.identity),
    )


def regrouped(connection: Connection, purpose: Purpose, touched: Codes) -> tuple[Membership, Membership]:
    """How the touched persons are grouped in the table, and how the live links group them; identities locked.

    The closure is complete: an unchanged link lies within one old person, a changed one between touched
    identities.
    """
    before = _members_of_touched(connection, purpose, touched)
    closure = np.union1d(touched, before.identity)
    lock_identities(connection, closure.tolist())
    return before, grouped(live_pairs_of(connection, purpose, closure))


def live_pairs_of(connection: Connection, purpose: Purpose, identities: Codes) -> pa.Table:
    """The pairs whose link is live for the purpose and whose fan is among the identities."""
    fans = (identities[identities % 2 == 0] // 2).tolist()
    question = (
        f"SELECT l.fan, l.customer FROM unnest(%s::bigint[]) AS t (fan) "  # noqa: S608
        f"JOIN link l ON l.fan = t.fan WHERE {LIVE}"
    )
    return copy_columns(connection, question, _PAIRS, (fans, THRESHOLDS[purpose]))


def grouped(pairs: pa.Table) -> Membership:
    """The persons that pairs of fan and customer make."""
    fans, customers = pairs["fan"].to_numpy(), pairs["customer"].to_numpy()
    return Membership(*components(fans * 2, customers * 2 + 1))


def live_pairs(connection: Connection, purpose: Purpose) -> pa.Table:
    """Every pair whose link is live for the purpose."""
    question = f"SELECT fan, customer FROM link WHERE {LIVE}"  # noqa: S608
    return copy_columns(connection, question, _PAIRS, (THRESHOLDS[purpose],))


def members(connection: Connection, purpose: Purpose) -> Membership:
    """The whole table for a purpose."""
    question = "SELECT identity, person FROM person_member WHERE purpose = %s"
    return Membership.of(copy_columns(connection, question, MEMBERS, (purpose.value,)))


def _members_of_touched(connection: Connection, purpose: Purpose, touched: Codes) -> Membership:
    question = """
        SELECT m.identity, m.person FROM (
            SELECT DISTINCT own.person FROM unnest(%s::bigint[]) AS t (identity)
            JOIN person_member own ON own.purpose = %s AND own.identity = t.identity
        ) p JOIN person_member m ON m.purpose = %s AND m.person = p.person
    """
    rows = copy_columns(connection, question, MEMBERS, (touched.tolist(), purpose.value, purpose.value))
    return Membership.of(rows)
