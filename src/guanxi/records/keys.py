"""Keyed hashes under which people are found again, on either side, without telling who they are.

Pure rules: the installation's pepper is an argument. Knows how a phone, an address or a union id is written
in one way; refuses (as None) what could not identify anybody.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from hashlib import blake2b

from guanxi.vocabulary.activity import KEY_BYTES

_DIGITS_MIN, _DIGITS_MAX = 7, 15
_MAINLAND_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_SPACING = str.maketrans("", "", " \t\u3000().-/")
_UNION_ID_MAX = 128
_ADDRESS_MAX = 254


class Contact(StrEnum):
    """What two records can have in common."""

    PHONE = "phone"
    EMAIL = "email"
    UNION_ID = "union_id"
    FAN_ACCOUNT = "fan_account"
    ALIAS = "alias"


def row_keys(
    pepper: bytes, table: str, platform: str, account: str, external_ids: Iterable[str]
) -> list[bytes]:
    """The 16 bytes under which a table keeps each of what an account of a platform calls by these ids."""
    place = _begun(pepper, table, platform, account)
    keys = []
    for external_id in external_ids:
        digest = place.copy()
        digest.update(_framed(external_id))
        keys.append(digest.digest())
    return keys


def fan_key(pepper: bytes, platform: str, account: str, external_id: str) -> bytes:
    """The 16 bytes that both sides compute for the same fan.

    >>> fan_key(b"p", "wechat", "brand", "o1") == fan_key(b"p", "wechat", "brand", "o1")
    True
    """
    return row_keys(pepper, "fan", platform, account, (external_id,))[0]


def contact_key(pepper: bytes, kind: str, normalised: str) -> bytes:
    """The 16 bytes that both sides compute for the same phone, address or union id."""
    return _begun(pepper, "contact", kind, normalised).digest()


def normalised(kind: Contact, written: str) -> str | None:
    """The one way to write a contact, or None where it identifies nobody.

    >>> normalised(Contact.PHONE, "+86 138-0013-8000"), normalised(Contact.PHONE, "13800138000")
    ('8613800138000', '8613800138000')
    >>> normalised(Contact.EMAIL, " Ann@Example.COM ")
    'ann@example.com'
    """
    text = (written if written.isascii() else unicodedata.normalize("NFKC", written)).strip()

    if kind is Contact.PHONE:
        return phone_digits(text)
    if kind is Contact.EMAIL:
        fits = len(text) <= _ADDRESS_MAX and _ADDRESS.fullmatch(text)
        return text.lower() if fits else None
    return text if 0 < len(text) <= _UNION_ID_MAX else None


def phone_digits(text: str) -> str | None:
    """The digits of an international number; a bare mainland mobile number gets its country code.

    An extension, a word or a number too short to be anybody's gives None.
    """
    bare = text.translate(_SPACING)

    international = bare.startswith(("+", "00"))
    digits = bare.removeprefix("+") if bare.startswith("+") else bare.removeprefix("00")
    if not (digits.isascii() and digits.isdigit() and _DIGITS_MIN <= len(digits) <= _DIGITS_MAX):
        return None
    if not international and _MAINLAND_MOBILE.fullmatch(digits):
        return "86" + digits
    return digits if len(set(digits)) > 1 else None


def _begun(pepper: bytes, *parts: str) -> blake2b:
    return blake2b(b"".join(map(_framed, parts)), digest_size=KEY_BYTES, key=pepper)


def _framed(part: str) -> bytes:
    """Its length goes before each part, so that no two lists of parts read the same."""
    written = part.encode()
    return len(written).to_bytes(4, "big") + written
