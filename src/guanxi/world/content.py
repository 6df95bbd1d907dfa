"""What the brand publishes: on every account one piece a day (48 at least), topics in turn.

Which pieces there are on a day is plain arithmetic, so readers find the piece of their taste without a table.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from guanxi.world.brand import ACCOUNTS, DAY, World, micros
from guanxi.world.text import Ints, digits, picked
from guanxi.world.words import TITLES, TOPICS

_PIECES_MIN = 48
_TASTE = 0.7


def interval(world: World) -> int:
    """Microseconds between two pieces on one account."""
    return min(DAY, world.days * DAY // _PIECES_MIN)


def chosen(world: World, rng: np.random.Generator, taste: Ints, moments: Ints) -> Ints:
    """The piece each reader meets: a recent one, for most of them the last of their own taste."""
    latest = (moments - micros(world.begin)) // interval(world)
    seen = latest - (rng.geometric(0.35, len(moments)) - 1)
    to_taste = seen - (seen - taste) % len(TOPICS)
    piece = np.where(rng.random(len(moments)) < _TASTE, to_taste, seen)
    return np.clip(piece, 0, np.maximum(latest, 0))


def latest_to_taste(world: World, taste: Ints, moments: Ints) -> Ints:
    """The last piece of each reader's own taste."""
    latest = (moments - micros(world.begin)) // interval(world)
    return np.maximum(latest - (latest - taste) % len(TOPICS), 0)


def names(accounts: Ints, pieces: Ints) -> pa.Array:
    """The platform's id of each piece; null where the piece is negative."""
    known = np.where(pieces < 0, 0, pieces)
    numbered = digits(accounts * 10_000_000 + known, 9, "p")
    return numbered.take(pa.array(np.arange(len(pieces)), mask=pieces < 0))


def published(world: World, begin: int, end: int) -> pa.Table:
    """Every piece whose moment lies in [begin, end), as the brand's content system exports it."""
    step, start = interval(world), micros(world.begin)
    pieces = np.arange(max(-(-(begin - start) // step), 0), max(-(-(end - start) // step), 0))
    account = np.repeat(np.arange(len(ACCOUNTS)), len(pieces))
    piece = np.tile(pieces, len(ACCOUNTS))
    formats = [account.formats for account in ACCOUNTS]
    kind = [formats[of][number % len(formats[of])] for of, number in zip(account, piece, strict=True)]
    topic = piece % len(TOPICS)
    both = pc.binary_join_element_wise(picked(TOPICS, topic), picked(TOPICS, (topic + 3) % len(TOPICS)), ";")
    return pa.table(
        {
            "content_id": names(account, piece),
            "channel": picked(tuple(one.spoken for one in ACCOUNTS), account),
            "account": picked(tuple(one.name for one in ACCOUNTS), account),
            "format": pa.array(kind, pa.string()),
            "title": pc.binary_join_element_wise(picked(TITLES, topic), digits(piece, 4), " "),
            "tags": pc.if_else(pa.array(piece % 3 == 0), both, picked(TOPICS, topic)),
            "promotes_product": pa.array(piece % 5 == 2),
            "published_at": pa.array(start + piece * step, pa.timestamp("us", tz="UTC")),
        }
    )
