"""Telegram's webhook carries a shared secret in a header; there is no signature over the body."""

from __future__ import annotations

import hmac

HEADER = "X-Telegram-Bot-Api-Secret-Token"


def is_signed(secret: str, given: str) -> bool:
    """Whether the header holds our secret; an empty secret of ours admits nobody."""
    return bool(secret) and hmac.compare_digest(given.encode(), secret.encode())
