"""The ledger's rules: entries are two-sided, sum to zero for each kind of points, and never change.

Member accounts are named by their identity code; counter-accounts have negative codes. Pure; refuses
unbalanced entries and spending more than there is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from uuid import UUID, uuid5

from guanxi.vocabulary.points import Points
from guanxi.vocabulary.reasons import Refused


class Against(IntEnum):
    """The counter-accounts: where points come from and where they go."""

    ISSUED = -1
    REDEEMED = -2
    WRITTEN_OFF = -3
    EXPIRED = -4
    RESERVED = -5


class EntryKind(StrEnum):
    """Why an entry was booked."""

    EARNED = "earned"
    ADJUSTED = "adjusted"
    REFUNDED = "refunded"
    REVERSED = "reversed"
    UNLINKED = "unlinked"
    REINSTATED = "reinstated"
    RESERVED = "reserved"
    RELEASED = "released"
    REDEEMED = "redeemed"


@dataclass(frozen=True, order=True)
class Posting:
    """So many points onto an account; negative: off it."""

    account: int
    points: Points
    amount: int


@dataclass(frozen=True)
class Entry:
    """One immutable entry; ``id`` is chosen and kept by the caller.

    Attributes:
        id: the same id with the same content is the same entry; with other content it is a conflict.
        kind: why it was booked.
        booked_at: when it counts.
        postings: sum to zero for each kind of points.
        rule: the earning rule it is booked under, with ``activity`` and ``line`` its key; or None.
        activity: the source activity, such as ``social:42``.
        line: counts several entries for one activity and rule, such as the lines of a refund.
        reverses: the entry whose effect it takes back or gives back.
        reason: free words of whoever booked it.
    """

    id: UUID
    kind: EntryKind
    booked_at: datetime
    postings: tuple[Posting, ...]
    rule: int | None = None
    activity: str = ""
    line: int = 0
    reverses: UUID | None = None
    reason: str = ""


def checked(entry: Entry) -> Entry:
    """The entry itself; refused unless it says something, says it once for each account, and sums to zero."""
    places = [(posting.account, posting.points) for posting in entry.postings]
    if not places or any(posting.amount == 0 for posting in entry.postings) or len(set(places)) < len(places):
        raise Refused("entry_unreadable", str(entry.id))
    totals: Counter[Points] = Counter()
    for posting in entry.postings:
        totals[posting.points] += posting.amount
    if any(totals.values()):
        raise Refused("entry_unbalanced", str(entry.id))
    if (entry.rule is None) != (entry.activity == ""):
        raise Refused("entry_unreadable", str(entry.id))
    return entry


def moved(points: Points, amount: int, source: int, target: int) -> tuple[Posting, ...]:
    """The two postings that move points from one account to another."""
    return Posting(source, points, -amount), Posting(target, points, amount)


def drawn(balances: Sequence[tuple[int, int]], points: Points, amount: int) -> tuple[Posting, ...]:
    """The postings that take an amount off accounts, in the order given; refused if they hold less.

    >>> [(p.account, p.amount) for p in drawn([(2, 30), (11, 100)], Points.LOVE, 50)]
    [(2, -30), (11, -20)]
    """
    postings: list[Posting] = []
    for account, balance in balances:
        part = min(balance, amount)
        if part > 0:
            postings.append(Posting(account, points, -part))
            amount -= part
    if amount > 0:
        raise Refused("balance_too_low", str(amount))
    return tuple(postings)


def reversal(
    original: Entry, balances: dict[tuple[int, Points], int], id_: UUID, booked_at: datetime, reason: str
) -> Entry:
    """The entry that takes the original back; what a member has already spent is written off, never owed."""
    postings: Counter[tuple[int, Points]] = Counter()
    for posting in original.postings:
        wanted = -posting.amount
        held = balances.get((posting.account, posting.points), 0)
        given = wanted if posting.account < 0 else max(wanted, -held)
        postings[posting.account, posting.points] += given
        postings[int(Against.WRITTEN_OFF), posting.points] += wanted - given
    return Entry(
        id_,
        EntryKind.REVERSED,
        booked_at,
        tuple(Posting(account, points, n) for (account, points), n in sorted(postings.items()) if n),
        reverses=original.id,
        reason=reason,
    )


def onto_members(postings: Iterable[Posting]) -> dict[tuple[int, Points], int]:
    """What postings change on member accounts."""
    changes: Counter[tuple[int, Points]] = Counter()
    for posting in postings:
        if posting.account >= 0:
            changes[posting.account, posting.points] += posting.amount
    return dict(changes)


def step_id(redemption: UUID, kind: EntryKind) -> UUID:
    """The id of the entry by which a redemption takes a step."""
    return uuid5(redemption, kind.value)
