"""What the desk for Segment clients knows: who may send, and which further events a marketer has mapped.

Knows hashes of keys only; refuses a request that shows no key or an unknown one.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import psycopg

from guanxi.listen.track.events import CONTENT, Rule
from guanxi.listen.track.reading import TRACK, Sender
from guanxi.records.databases import RELATIONSHIP, conninfo
from guanxi.vocabulary.activity import Kind
from guanxi.vocabulary.reasons import Refused

_HEADERS_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Known:
    """Senders by the hash of their key, rules by the name of the event; headers once understood."""

    senders: Mapping[bytes, Sender]
    rules: Mapping[str, Rule]
    by_header: dict[str, Sender] = field(default_factory=dict)

    def sender(self, authorization: str, in_body: str) -> Sender:
        """Whose key a request shows: in the header, as user name without password, or in its body."""
        found = self.by_header.get(authorization)
        if found is not None:
            return found
        of_header = _basic_user(authorization)
        key = of_header or in_body
        if not key:
            raise Refused("write_key_missing")
        found = self.senders.get(hashlib.sha256(key.encode("utf-8", "replace")).digest())
        if found is None:
            raise Refused("write_key_unknown")
        if of_header and len(self.by_header) < _HEADERS_MAX:
            self.by_header[authorization] = found
        return found


def read_known() -> Known:
    """Every key that is not revoked, and every rule."""
    with psycopg.connect(conninfo(RELATIONSHIP), connect_timeout=3) as connection:
        keys = connection.execute(
            "SELECT key_hash, name, platform, account FROM write_key WHERE revoked_at IS NULL"
        ).fetchall()
        rules = connection.execute("SELECT name, kind, content_property FROM event_rule").fetchall()
    senders = {
        bytes(key): Sender(f"{TRACK}{name}", platform, account) for key, name, platform, account in keys
    }
    return Known(senders, {name: mapped(kind, content) for name, kind, content in rules})


def mapped(kind: str, content_property: str) -> Rule:
    """The rule of an event that a marketer mapped."""
    return Rule(Kind(kind), (content_property,) if content_property else CONTENT)


def _basic_user(authorization: str) -> str:
    kind, _, word = authorization.partition(" ")
    if kind.lower() != "basic":
        return ""
    try:
        return base64.b64decode(word, validate=True).decode().partition(":")[0]
    except ValueError:
        return ""
