"""Who is in the holdout: a keyed hash decides once for a person and a period, whoever asks, however often.

Rules only. A person is held out where the hash says so or where any of its identities is already held out:
a link made later widens the holdout and never releases anybody.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from guanxi.vocabulary.reasons import Refused

Codes = NDArray[np.int64]
Flags = NDArray[np.bool_]

PERMILLE_MAX = 500
_SPACE = 1 << 64


@dataclass(frozen=True)
class HoldoutRule:
    """The share of persons, in thousandths, that is held out for a named period (``2026-H2``)."""

    period: str
    permille: int

    def __post_init__(self) -> None:
        if not 0 <= self.permille <= PERMILLE_MAX:
            raise Refused("holdout_share_unfit", str(self.permille))
        if not 1 <= len(self.period) <= 32:
            raise Refused("holdout_period_unfit", self.period)


def is_drawn(pepper: bytes, person: int, rule: HoldoutRule) -> bool:
    """True where the hash puts the person into the holdout; a larger share keeps whom a smaller one held."""
    return _drawn(_keyed(pepper, rule.period), person) * 1000 < rule.permille * _SPACE


def drawn(pepper: bytes, persons: Iterable[int], rule: HoldoutRule) -> Flags:
    """For each person, in order, what `is_drawn` says."""
    key, limit = _keyed(pepper, rule.period), rule.permille * _SPACE
    return np.fromiter((_drawn(key, person) * 1000 < limit for person in persons), dtype=np.bool_)


def held(persons: Codes, is_hashed: Flags, identity: Codes, person: Codes, already: Codes) -> Flags:
    """For each of the ascending persons: hashed in, or one of its identities is already held out.

    Args:
        persons: distinct, ascending.
        is_hashed: what the hash said of each.
        identity: every identity concerned.
        person: whose it is.
        already: identities that are held out by now.
    """
    before = person[np.isin(identity, already)]
    return is_hashed | np.isin(persons, before)


def _keyed(pepper: bytes, period: str) -> bytes:
    return blake2b(f"holdout {period}".encode(), key=pepper, digest_size=32).digest()


def _drawn(key: bytes, person: int) -> int:
    digest = blake2b(struct.pack("<q", person), key=key, digest_size=8).digest()
    return int.from_bytes(digest, "little")
