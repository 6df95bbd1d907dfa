"""What is known of identities' wishes at this moment, read in bulk inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from guanxi.consent.purpose import ANY_CHANNEL, Purpose, forbidding

Connection = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class Wishes:
    """The identities, of those asked about, to whom each word applies now."""

    granted: frozenset[int]
    withdrew: frozenset[int]
    follows: frozenset[int]
    unfollowed: frozenset[int]
    suppressed: frozenset[int]
    unprofiled: frozenset[int]


# A grant on the channel after a withdrawal on all of them counts; at the same moment the refusal wins.
_WORDS = """
SELECT identity, purpose,
       coalesce(max(happened_at) FILTER (WHERE granted)
                > max(happened_at) FILTER (WHERE NOT granted), bool_and(granted)) AS granted
FROM consent_state
WHERE identity = ANY(%s) AND purpose = ANY(%s) AND channel = ANY(%s)
GROUP BY identity, purpose
"""


def wishes(
    connection: Connection, identities: Iterable[int], purpose: Purpose, channels: Sequence[str]
) -> Wishes:
    """The present wishes of identities for a purpose on channels (the one for all channels is added)."""
    asked = sorted(set(identities))
    places = sorted({*channels, ANY_CHANNEL})
    purposes = sorted(forbidding(purpose))
    words = connection.execute(_WORDS, (asked, purposes, places)).fetchall()
    following = dict(
        connection.execute(
            "SELECT identity, follows FROM following WHERE identity = ANY(%s)", (asked,)
        ).fetchall()
    )
    return Wishes(
        granted=frozenset(one for one, about, granted in words if granted and about == purpose),
        withdrew=frozenset(one for one, _, granted in words if not granted),
        follows=frozenset(one for one, follows in following.items() if follows),
        unfollowed=frozenset(one for one, follows in following.items() if not follows),
        suppressed=_found(connection, "suppression", asked),
        unprofiled=_found(connection, "no_profiling", asked),
    )


def suppressed_keys(connection: Connection, keys: Iterable[bytes]) -> frozenset[bytes]:
    """The keyed hashes, of those asked about, that are on the suppression list."""
    found = connection.execute("SELECT key FROM suppression WHERE key = ANY(%s)", (list(keys),))
    return frozenset(bytes(key) for (key,) in found)


def _found(connection: Connection, table: str, asked: Sequence[int]) -> frozenset[int]:
    question = f"SELECT identity FROM {table} WHERE identity = ANY(%s)"  # noqa: S608
    rows = connection.execute(question, (asked,)).fetchall()
    return frozenset(one for (one,) in rows)
