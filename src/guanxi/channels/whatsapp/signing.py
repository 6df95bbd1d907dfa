"""WhatsApp's webhook: HMAC-SHA256 of the raw bytes with the app secret, and the address challenge."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

HEADER = "X-Hub-Signature-256"


def signature(secret: str, body: bytes) -> str:
    """The header value for a raw body."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def is_signed(secret: str, given: str, body: bytes) -> bool:
    """Whether ``given`` is the body's signature."""
    return hmac.compare_digest(given.encode(), signature(secret, body).encode())


def challenge(query: Mapping[str, str], verify_token: str) -> str | None:
    """What to answer to the address check, or None where the token is not ours."""
    ours = hmac.compare_digest(query.get("hub.verify_token", "").encode(), verify_token.encode())
    return query.get("hub.challenge") if ours and query.get("hub.mode") == "subscribe" else None
