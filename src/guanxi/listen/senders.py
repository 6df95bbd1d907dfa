"""Who may send: the write keys that are not revoked, and which of them a request shows.

Knows hashes of keys only; refuses a request that shows none or an unknown one.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping

import psycopg

from guanxi.listen.track import Sender
from guanxi.records.databases import RELATIONSHIP, conninfo
from guanxi.vocabulary.reasons import Refused

Senders = Mapping[bytes, Sender]


def read_senders() -> Senders:
    """The senders of all keys that are not revoked, by the hash of their key."""
    with psycopg.connect(conninfo(RELATIONSHIP), connect_timeout=3) as connection:
        rows = connection.execute(
            "SELECT key_hash, name, platform, account FROM write_key WHERE revoked_at IS NULL"
        ).fetchall()
    return {bytes(key): Sender(f"track:{name}", platform, account) for key, name, platform, account in rows}


def sender_of(senders: Senders, authorization: str, in_body: object) -> Sender:
    """Whose key a request shows: in the header, as user name without password, or in its body."""
    key = _basic_user(authorization) or (in_body if isinstance(in_body, str) else "")
    if not key:
        raise Refused("write_key_missing")
    sender = senders.get(hashlib.sha256(key.encode("utf-8", "replace")).digest())
    if sender is None:
        raise Refused("write_key_unknown")
    return sender


def _basic_user(authorization: str) -> str:
    kind, _, word = authorization.partition(" ")
    if kind.lower() != "basic":
        return ""
    try:
        return base64.b64decode(word, validate=True).decode().partition(":")[0]
    except ValueError:
        return ""
