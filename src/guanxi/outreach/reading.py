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
    rows = connection.execute(
        "SELECT one.identity, one.person, other.identity FROM person_member one "
        "JOIN person_member other USING (purpose, person) "
        "WHERE one.purpose = %s AND one.identity = ANY(%s)",
        (purpose, list(identities)),
    ).fetchall()
    person = {identity: identity for identity in identities}
    members: dict[int, set[int]] = defaultdict(set)
    for identity, its_person, other in rows:
        person[identity] = its_person
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
        "SELECT identity, person FROM delivery "
        "WHERE campaign = %s AND (identity = ANY(%s) OR person = ANY(%s))",
        (campaign, asked, asked),
    )
    return {one for row in rows for one in row}


def held_out_of(connection: Connection, period: str, everyone: Iterable[int]) -> set[int]:
    """The identities, of those given, that are in the holdout of the period."""
    rows = connection.execute(
        "SELECT identity FROM holdout_member WHERE period = %s AND identity = ANY(%s)",
        (period, list(everyone)),
    )
    return {identity for (identity,) in rows}
