"""The marks that addresses carry: 64 random bits and 64 bits of a keyed hash, 22 characters in all.

Pure: key and chance are arguments. Nothing that was not made here is read, and no database is asked about it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

_HALF = 8
_LENGTH = 22
_SPAN = 1 << 64


def mark_key(pepper: bytes) -> bytes:
    """The key under which an installation signs share tokens, and nothing else."""
    return hmac.digest(pepper, b"guanxi share token 1", hashlib.sha256)


def write_token(key: bytes, mark: int) -> str:
    """The token that stands for a mark of 64 bits, as an address can carry it.

    >>> read_token(b"k", write_token(b"k", -5))
    -5
    """
    plain = (mark % _SPAN).to_bytes(_HALF, "big")
    return base64.urlsafe_b64encode(plain + _seal(key, plain)).rstrip(b"=").decode()


def read_token(key: bytes, text: str) -> int | None:
    """The mark, as PostgreSQL's bigint, or None where the token is not ours; in constant time.

    >>> read_token(b"k", write_token(b"another", 7)) is None
    True
    """
    if len(text) != _LENGTH or not text.isascii():
        return None
    try:
        both = base64.b64decode(text + "==", altchars=b"-_", validate=True)
    except ValueError:
        return None
    plain, seal = both[:_HALF], both[_HALF:]
    if not hmac.compare_digest(seal, _seal(key, plain)) or write_token(key, _number(plain)) != text:
        return None
    return _number(plain)


def _number(plain: bytes) -> int:
    return int.from_bytes(plain, "big", signed=True)


def _seal(key: bytes, plain: bytes) -> bytes:
    return hmac.digest(key, plain, hashlib.sha256)[:_HALF]
