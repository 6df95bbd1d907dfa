"""What must always hold of links and persons.

Each check answers with what is wrong; nothing when all is well.
"""

from __future__ import annotations

from dataclasses import dataclass

from guanxi.correlation.persons import grouped, live_pairs, members
from guanxi.correlation.purposes import Purpose
from guanxi.records.databases import RELATIONSHIP, transaction

PROMISES = ("person_is_not_its_links",)


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

    def __str__(self) -> str:
        return f"{self.invariant}: {self.count} ({self.example})"


def broken() -> list[Broken]:
    """Every invariant of this room that does not hold, on one snapshot."""
    wrong: list[Broken] = []
    with transaction(RELATIONSHIP) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for purpose in Purpose:
            kept, rebuilt = members(connection, purpose), grouped(live_pairs(connection, purpose))
            odd = [*kept.without(rebuilt).identity.tolist(), *rebuilt.without(kept).identity.tolist()]
            if odd:
                wrong.append(Broken(PROMISES[0], len(odd), f"{purpose}:{odd[0]}"))
    return wrong
