"""LINE's webhook signature: HMAC-SHA256 of the raw body with the channel secret, in Base64."""

from __future__ import annotations

import base64
import hashlib
import hmac

HEADER = "X-Line-Signature"


def signature(secret: str, body: bytes) -> str:
    """The signature of a raw body.

    >>> signature("channel_secret", b"bodybodybodybody")
    '/gg9a+LvFevTH1sd7XCQycD7tsWclCsInj7MhBHxN7k='
    """
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def is_signed(secret: str, given: str, body: bytes) -> bool:
    """Whether ``given`` is the body's signature."""
    return hmac.compare_digest(given.encode(), signature(secret, body).encode())
