"""WeChat's signatures and safe mode, pure: SHA-1 over sorted strings, AES-256-CBC with 32-byte padding.

Verifies before it decrypts, compares in constant time, and refuses a message meant for another account.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from guanxi.vocabulary.reasons import Refused

_PAD = 32
_HEAD = 16 + 4


def signature(token: str, timestamp: str, nonce: str, *parts: str) -> str:
    """The signature of a push; ``parts`` is the encrypted text in safe mode, and nothing in plain mode."""
    joined = "".join(sorted([token, timestamp, nonce, *parts]))
    return hashlib.sha1(joined.encode(), usedforsecurity=False).hexdigest()


def is_signed(given: str, token: str, timestamp: str, nonce: str, *parts: str) -> bool:
    """Whether ``given`` is the signature of the rest."""
    return hmac.compare_digest(given.encode(), signature(token, timestamp, nonce, *parts).encode())


def js_signature(ticket: str, nonce: str, timestamp: int, address: str) -> str:
    """The signature a page needs for the JS-SDK; ``address`` is signed without its fragment."""
    page = address.partition("#")[0]
    joined = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={page}"
    return hashlib.sha1(joined.encode(), usedforsecurity=False).hexdigest()


def decrypt(encoding_key: str, encrypted: str, receiver: str) -> bytes:
    """The message inside a safe-mode push that names ``receiver`` (app id, corporation id) as its goal."""
    key = _key(encoding_key)
    try:
        sealed = base64.b64decode(encrypted, validate=True)
        decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
        full = _unpad(decryptor.update(sealed) + decryptor.finalize())
    except (ValueError, binascii.Error):
        raise Refused("message_unreadable", "safe mode") from None
    length = int.from_bytes(full[16:_HEAD])
    message, tail = full[_HEAD : _HEAD + length], full[_HEAD + length :]
    if len(full) < _HEAD or len(message) != length:
        raise Refused("message_unreadable", "safe mode")
    if not hmac.compare_digest(tail, receiver.encode()):
        raise Refused("message_for_another", receiver)
    return message


def encrypt(encoding_key: str, message: bytes, receiver: str, salt: bytes) -> str:
    """A safe-mode text for ``message``; ``salt`` is 16 random bytes that the caller draws."""
    if len(salt) != 16:
        raise Refused("salt_length", str(len(salt)))
    key = _key(encoding_key)
    full = salt + len(message).to_bytes(4) + message + receiver.encode()
    pad = _PAD - len(full) % _PAD
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(full + bytes([pad]) * pad) + encryptor.finalize()).decode()


def _key(encoding_key: str) -> bytes:
    # Some consoles hand out keys whose last bits are not zero, so decoding is lenient on purpose.
    try:
        key = base64.b64decode(encoding_key + "=")
    except binascii.Error:
        key = b""
    if len(encoding_key) != 43 or len(key) != 32:
        raise Refused("encoding_key")
    return key


def _unpad(padded: bytes) -> bytes:
    pad = padded[-1] if padded else 0
    if not 1 <= pad <= _PAD or not padded.endswith(bytes([pad]) * pad):
        raise ValueError("padding")
    return padded[:-pad]
