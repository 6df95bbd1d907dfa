"""X's webhook: the challenge (CRC) and the signature over the raw body, both HMAC-SHA256 in Base64."""

from __future__ import annotations

import base64
import hashlib
import hmac

HEADER = "x-twitter-webhooks-signature"


def crc_answer(consumer_secret: str, crc_token: str) -> dict[str, str]:
    """The JSON object that answers a challenge."""
    return {"response_token": _seal(consumer_secret, crc_token.encode())}


def is_signed(consumer_secret: str, given: str, body: bytes) -> bool:
    """Whether ``given`` is the body's signature."""
    return hmac.compare_digest(given.encode(), _seal(consumer_secret, body).encode())


def _seal(secret: str, content: bytes) -> str:
    digest = hmac.new(secret.encode(), content, hashlib.sha256).digest()
    return "sha256=" + base64.b64encode(digest).decode()
