"""Seals what must be read again but never lie open: AES-256-GCM under a key of the installation's own.

Pure: the pepper and the nonce are arguments. What was sealed for one place opens at no other.
"""

from __future__ import annotations

from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from guanxi.vocabulary.reasons import Refused

NONCE_BYTES = 12
_LABEL = b"guanxi sealed settings 1"


def seal(pepper: bytes, place: str, plain: bytes, nonce: bytes) -> bytes:
    """``plain``, sealed for a place; ``nonce`` is 12 random bytes that the caller draws."""
    if len(nonce) != NONCE_BYTES:
        raise Refused("nonce_length", str(len(nonce)))
    return nonce + AESGCM(_key(pepper)).encrypt(nonce, plain, place.encode())


def unseal(pepper: bytes, place: str, sealed: bytes) -> bytes:
    """What was sealed for the place; refused where another installation or place sealed it."""
    try:
        return AESGCM(_key(pepper)).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.encode())
    except (InvalidTag, ValueError):
        raise Refused("seal_broken", place) from None


@lru_cache(maxsize=4)
def _key(pepper: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=_LABEL).derive(pepper)
