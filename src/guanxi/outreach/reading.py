"""What the reserving transaction reads of persons, in bulk, under their locks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from guanxi.outreach.states import COUNTED

Connection = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class Persons:
    """Who is whose: identities asked about, the person each belongs to, and everybody's members."""

    person: Mapping[int, int]
    members: Mapping[int, tuple[int, ...]]

    def of(self, identity: int) -> tuple[int, ...]:
        """All identities of the identity's person."""
        return self.members[self.person[identity]]

    def everyone(self) -> list[int]:
        """Every identity concerned, ascending."""
        return sorted({one for group in self.members.values() for one in group})


@dataclass(frozen=True, slots=True)
class Contact:
    """One send that counts."""

    channel: str
    reserved_at: datetime


def persons_of(connection: Connection, purpose: str, identities: Sequence[int]) -> Persons:
    """The persons that the identities belong to now; an unlinked identity is its own."""
    # Joined with the array, not filtered by it: right after a bulk load the filter scans the whole purpose.
    found = connection.execute(
        "SELECT m.identity, m.person FROM unnest(%s::bigint[]) AS asked (identity) "
        "JOIN person_member m ON m.purpose = %s AND m.identity = asked.identity",
        (list(identities), purpose),
    ).fetchall()
    together = connection.execute(
        "SELECT m.person, m.identity FROM unnest(%s::bigint[]) AS asked (person) "
        "JOIN person_member m ON m.purpose = %s AND m.person = asked.person",
        (sorted({person for _, person in found}), purpose),
    )
    person = {identity: identity for identity in identities} | dict(found)
    members: dict[int, set[int]] = defaultdict(set)
    for its_person, other in together:
        members[its_person].add(other)
    for identity, its_person in person.items():
        members[its_person].add(identity)
    return Persons(person, {one: tuple(sorted(group)) for one, group in members.items()})


def contacts_of(
    connection: Connection, identities: Iterable[int], since: datetime
) -> dict[int, list[Contact]]:
    """The sends to each identity that caps may count, from ``since`` on."""
    found: dict[int, list[Contact]] = defaultdict(list)
    rows = connection.execute(
        "SELECT identity, channel, reserved_at FROM delivery "
        "WHERE identity = ANY(%s) AND reserved_at >= %s AND state = ANY(%s)",
        (list(identities), since, list(COUNTED)),
    )
    for identity, channel, reserved_at in rows:
        found[identity].append(Contact(channel, reserved_at))
    return found


def sent_by(connection: Connection, campaign: int, everyone: Iterable[int]) -> set[int]:
    """The identities, of those given, that this campaign has a message for or names a person by."""
    asked = list(everyone)
    rows = connection.execute(
        "SELECT d.identity, d.person FROM unnest(%s::bigint[]) AS asked (one) "
        "JOIN delivery d ON d.identity = asked.one AND d.campaign = %s UNION ALL "
        "SELECT d.identity, d.person FROM unnest(%s::bigint[]) AS asked (one) "
        "JOIN delivery d ON d.campaign = %s AND d.person = asked.one",
        (asked, campaign, asked, campaign),
    )
    return {one for row in rows for one in row}


def held_out_of(connection: Connection, period: str, everyone: Iterable[int]) -> set[int]:
    """The identities, of those given, that are in the holdout of the period."""
    rows = connection.execute(
        "SELECT identity FROM holdout_member WHERE period = %s AND identity = ANY(%s)",
        (period, list(everyone)),
    )
    return {identity for (identity,) in rows}
