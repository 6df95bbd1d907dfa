"""Who is invited to pass a page on, by lot: sharing cannot be dealt out, but asking for it can.

After Aral & Walker 2011: the lot falls by a keyed hash that nobody outside can foretell, once for a viewer, and is
written down before anything can come of it. Whoever is not invited has links of their own all the same.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg

WINDOW_DAYS = 7
WINDOW = timedelta(days=WINDOW_DAYS)
PERCENT_MIN, PERCENT_MAX = 5, 95
_SPAN = 1 << 64

Connection = psycopg.Connection[Any]

_DRAW = """
INSERT INTO share_arm (trial, viewer, invited, drawn_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (trial, viewer) DO NOTHING
"""
_DRAWN = "SELECT invited, drawn_at FROM share_arm WHERE trial = %s AND viewer = %s"


@dataclass(frozen=True, slots=True)
class Trial:
    """Some viewers of a content are invited to pass it on, and the others are not.

    Attributes:
        number: its row's.
        percent: of a hundred viewers, how many are invited.
        ended_at: since when everybody new is invited; None while it runs.
    """

    number: int
    percent: int
    ended_at: datetime | None = None


def trial_key(pepper: bytes) -> bytes:
    """The key under which an installation draws lots, and nothing else."""
    return hmac.digest(pepper, b"guanxi share trial 1", hashlib.sha256)


def is_invited(key: bytes, trial: Trial, viewer: str) -> bool:
    """What the viewer draws: always the same, and of many viewers ``percent`` in a hundred are invited.

    >>> drawn = [is_invited(b"k", Trial(1, 30), str(viewer)) for viewer in range(10_000)]
    >>> 2_850 < sum(drawn) < 3_150
    True
    """
    said = f"{trial.number}\0{viewer}".encode()
    drawn = int.from_bytes(hmac.digest(key, said, hashlib.sha256)[:8], "big")
    return drawn * 100 < trial.percent * _SPAN


def draw(connection: Connection, key: bytes, trial: Trial | None, viewer: str, at: datetime) -> bool:
    """Whether the viewer is invited now; what they drew is written in the caller's open transaction.

    Without a trial everybody is. When one has ended, whoever drew in it keeps what they drew until their
    window is over, so that what is still counted stays as it was dealt out.
    """
    if trial is None:
        return True
    if trial.ended_at is None:
        connection.execute(_DRAW, (trial.number, viewer, is_invited(key, trial, viewer), at))
    row = connection.execute(_DRAWN, (trial.number, viewer)).fetchone()
    if row is None:
        return True
    invited, drawn_at = row
    return bool(invited) or (trial.ended_at is not None and at > drawn_at + WINDOW)
