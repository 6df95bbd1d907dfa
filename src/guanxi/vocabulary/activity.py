"""The one shape in which anything is heard: an activity: who, what, where, when, through whom.

Every channel, client and file is turned into rows of `ACTIVITY_SCHEMA` before it is accepted.
"""

from __future__ import annotations

from enum import StrEnum

import pyarrow as pa

from guanxi.vocabulary.ids import Side


class Kind(StrEnum):
    """What was done."""

    FOLLOWED = "followed"
    UNFOLLOWED = "unfollowed"
    IDENTIFIED = "identified"
    CLICKED = "clicked"
    VIEWED = "viewed"
    LIKED = "liked"
    COMMENTED = "commented"
    REPLIED = "replied"
    MENTIONED = "mentioned"
    MESSAGED = "messaged"
    SHARED = "shared"
    OPENED = "opened"
    RESHARED = "reshared"
    JOINED = "joined"
    LEFT = "left"
    PARTED = "parted"
    ANSWERED = "answered"
    ATTENDED = "attended"
    PUBLISHED = "published"
    ORDERED = "ordered"
    REFUNDED = "refunded"
    RECORDED = "recorded"
    CONSENTED = "consented"
    WITHDREW = "withdrew"
    TAGGED = "tagged"
    UNTAGGED = "untagged"
    REVOKED = "revoked"
    NOTED = "noted"


DAILY = frozenset(
    {Kind.CLICKED, Kind.VIEWED, Kind.LIKED, Kind.COMMENTED, Kind.REPLIED, Kind.MENTIONED, Kind.MESSAGED}
)
CAMPAIGN = frozenset({Kind.SHARED, Kind.OPENED, Kind.RESHARED, Kind.JOINED, Kind.ANSWERED, Kind.ATTENDED})
MOVING = frozenset({Kind.OPENED, Kind.RESHARED, Kind.REPLIED, Kind.MENTIONED})
BUYING = frozenset({Kind.ORDERED, Kind.REFUNDED, Kind.RECORDED})
EITHER = frozenset({Kind.CONSENTED, Kind.WITHDREW})

KEY_BYTES = 16

ACTIVITY_SCHEMA = pa.schema(
    [
        pa.field("key", pa.binary(KEY_BYTES), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("platform", pa.string(), nullable=False),
        pa.field("account", pa.string(), nullable=False),
        pa.field("actor", pa.string(), nullable=False),
        pa.field("through", pa.string()),
        pa.field("content", pa.string()),
        pa.field("campaign", pa.string()),
        pa.field("happened_at", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("amount", pa.int64()),
        pa.field("currency", pa.string()),
        pa.field("quantity", pa.int32()),
        pa.field("reference", pa.string()),
        pa.field("traits", pa.string()),
    ]
)


def side_of(kind: Kind) -> Side | None:
    """The database an activity belongs to, or None where its account decides (consent)."""
    if kind in EITHER:
        return None
    return Side.CUSTOMERS if kind in BUYING else Side.SOCIAL
