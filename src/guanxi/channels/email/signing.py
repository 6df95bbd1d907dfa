"""The signature on e-mail that a mail host posts to us: HMAC-SHA256 over the moment and the raw message.

``X-Guanxi-Signature: t=<seconds since 1970>,v1=<hex of HMAC-SHA256(secret, "<t>." + body)>``.
"""

from __future__ import annotations

import hashlib
import hmac

HEADER = "X-Guanxi-Signature"
TOLERANCE_SECONDS = 300


def sign(secret: str, moment: int, body: bytes) -> str:
    """The header value for a message posted at a moment.

    >>> sign("key", 0, b"")[:20]
    't=0,v1=85841b4efc3cd'
    """
    digest = hmac.new(secret.encode(), b"%d." % moment + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def is_signed(secret: str, given: str, body: bytes, now: int) -> bool:
    """Whether the header is the message's signature and was made within the tolerance."""
    stated = given.partition(",")[0].removeprefix("t=")
    if not (stated.isascii() and stated.isdigit() and len(stated) < 12):
        return False
    fits = hmac.compare_digest(given.encode(), sign(secret, int(stated), body).encode())
    return fits and abs(now - int(stated)) <= TOLERANCE_SECONDS
