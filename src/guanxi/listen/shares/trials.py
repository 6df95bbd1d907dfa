"""Who is invited to pass a page on, by lot: sharing cannot be dealt out, but asking for it can.

After Aral & Walker 2011: the lot falls by a keyed hash that nobody outside can foretell, once for a viewer, and is
written down before anything can come of it. Whoever is not invited has links of their own all the same.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg

WINDOW_DAYS = 7
WINDOW = timedelta(days=WINDOW_DAYS)
PERCENT_MIN, PERCENT_MAX = 5, 95
# Under these all who drew and are forgotten stand together: no identity of any platform begins so.
INVITED_NOBODY, QUIET_NOBODY = "#invited", "#quiet"
_SPAN = 1 << 64

Connection = psycopg.Connection[Any]

_DRAW = """
INSERT INTO share_arm (trial, viewer, invited, drawn_at)
SELECT trial, viewer, invited, at FROM unnest(%b::bigint[], %b::text[], %b::boolean[], %b::timestamptz[])
    WITH ORDINALITY AS q (trial, viewer, invited, at, place)
ORDER BY trial, viewer, place ON CONFLICT (trial, viewer) DO NOTHING
"""
_DRAWN = """
SELECT a.trial, a.viewer, a.invited, a.drawn_at FROM share_arm a
JOIN unnest(%b::bigint[], %b::text[]) AS q (trial, viewer) ON q.trial = a.trial AND q.viewer = a.viewer
"""


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


@dataclass(frozen=True, slots=True)
class Lot:
    """A viewer before the trial of a content, and what they draw in it if they have not drawn yet."""

    trial: Trial
    viewer: str
    draws: bool
    at: datetime


class Draws:
    """What some viewers drew; whoever had not drawn yet has now, in the caller's open transaction."""

    def __init__(self, connection: Connection, lots: Sequence[Lot]) -> None:
        """The database is asked; what it says is read later, so that others may ask along."""
        running = [lot for lot in lots if lot.trial.ended_at is None]
        if running:
            new = [(lot.trial.number, lot.viewer, lot.draws, lot.at) for lot in running]
            connection.execute(_DRAW, list(map(list, zip(*new, strict=True))))
        asked = ([lot.trial.number for lot in lots], [lot.viewer for lot in lots])
        self._asked = connection.execute(_DRAWN, asked) if lots else None
        self._drawn: dict[tuple[int, str], tuple[bool, datetime]] = {}

    def read(self) -> None:
        """What the database says is known here."""
        rows = self._asked.fetchall() if self._asked else []
        self._drawn = {(trial, viewer): (invited, drawn_at) for trial, viewer, invited, drawn_at in rows}

    def invites(self, lot: Lot | None) -> bool:
        """Whether the viewer is invited now.

        Without a trial everybody is. When one has ended, whoever drew in it keeps what they drew until their
        window is over, so that what is still counted stays as it was dealt out.
        """
        drawn = self._drawn.get((lot.trial.number, lot.viewer)) if lot else None
        if lot is None or drawn is None:
            return True
        invited, drawn_at = drawn
        return invited or (lot.trial.ended_at is not None and lot.at > drawn_at + WINDOW)
