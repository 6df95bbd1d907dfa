"""Where a platform's tokens are kept for all threads and processes of an installation: sealed, in PostgreSQL.

Whoever fetches holds a lock that its connection frees however it ends, so nobody waits for the dead.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import psycopg

from guanxi.channels.tokens import Kept
from guanxi.records.databases import RELATIONSHIP, conninfo
from guanxi.records.installation import Installation
from guanxi.records.sealing import NONCE_BYTES, seal, unseal
from guanxi.vocabulary.reasons import Refused

_READ = """
SELECT version, sealed, expires_at, barred_code, barred_for, barred_until FROM platform_token
WHERE platform = %s AND account = %s AND name = %s
"""
_WRITE = """
INSERT INTO platform_token
    (platform, account, name, version, sealed, expires_at, barred_code, barred_for, barred_until)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (platform, account, name) DO UPDATE SET
    version = excluded.version, sealed = excluded.sealed, expires_at = excluded.expires_at,
    barred_code = excluded.barred_code, barred_for = excluded.barred_for, barred_until = excluded.barred_until
"""


class LentTokens:
    """The tokens of one account. Safe to call from several threads; only one connection at a time is open."""

    def __init__(self, platform: str, account: str) -> None:
        self._place = (platform, account)
        self._one = threading.RLock()
        self._held: psycopg.Connection[Any] | None = None

    def read(self, name: str) -> Kept:
        """What is kept under the name; an empty one where nothing is, or another installation sealed it."""
        with self._connected() as connection:
            row = connection.execute(_READ, (*self._place, name)).fetchone()
        if row is None:
            return Kept()
        version, sealed, expires_at, barred_code, barred_for, barred_until = row
        mark, value, renewed_at = self._opened(name, sealed) if sealed else (barred_for, "", 0.0)
        return Kept(
            version, mark, value, _seconds(expires_at), renewed_at, barred_code, _seconds(barred_until)
        )

    def write(self, name: str, kept: Kept) -> None:
        """It is kept under the name, for every process."""
        plain = json.dumps([kept.mark, kept.value, kept.renewed_at]).encode()
        pepper = Installation.current().secrets.pepper
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = seal(pepper, self._seal_place(name), plain, nonce) if kept.value else None
        barred_for = kept.mark if kept.barred_code else ""
        with self._connected() as connection:
            connection.execute(
                _WRITE,
                (
                    *(*self._place, name, kept.version, sealed, _moment(kept.expires_at)),
                    *(kept.barred_code, barred_for, _moment(kept.barred_until)),
                ),
            )

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """No other thread or process holds the name; reads and writes inside share its connection."""
        number = int.from_bytes(hashlib.sha256(self._seal_place(name).encode()).digest()[:8], signed=True)
        with self._connected() as connection:
            connection.execute("SELECT pg_advisory_lock(%s)", (number,))
            try:
                yield
            finally:
                connection.execute("SELECT pg_advisory_unlock(%s)", (number,))

    @contextmanager
    def _connected(self) -> Iterator[psycopg.Connection[Any]]:
        """The connection of the block around, or one for this block."""
        with self._one:
            if self._held is not None:
                yield self._held
                return
            with psycopg.connect(conninfo(RELATIONSHIP), autocommit=True, connect_timeout=3) as connection:
                self._held = connection
                try:
                    yield connection
                finally:
                    self._held = None

    def _opened(self, name: str, sealed: bytes) -> tuple[str, str, float]:
        try:
            plain = unseal(Installation.current().secrets.pepper, self._seal_place(name), bytes(sealed))
        except Refused:
            return "", "", 0.0
        mark, value, renewed_at = json.loads(plain)
        return str(mark), str(value), float(renewed_at)

    def _seal_place(self, name: str) -> str:
        return f"token {'/'.join(self._place)} {name}"


def _seconds(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0.0


def _moment(seconds: float) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
