"""The signature on everything sent to Echo: HMAC-SHA256 over the moment and the raw body."""

from __future__ import annotations

import hashlib
import hmac

SIGNATURE = "X-Echo-Signature"
TIMESTAMP = "X-Echo-Timestamp"
TOLERANCE_SECONDS = 300


def sign(secret: bytes, timestamp: int, body: bytes) -> str:
    """The signature of a body sent at a moment.

    >>> sign(b"key", 0, b"")[:16]
    'v1=85841b4efc3cd'
    """
    return "v1=" + hmac.new(secret, b"%d." % timestamp + body, hashlib.sha256).hexdigest()


def is_signed(secret: bytes, timestamp: str, signature: str, body: bytes, now: int) -> bool:
    """Whether the signature fits and was made within the tolerance; false for anything unreadable."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12):
        return False
    moment = int(timestamp)
    fits = hmac.compare_digest(sign(secret, moment, body).encode(), signature.encode())
    return fits and abs(now - moment) <= TOLERANCE_SECONDS
