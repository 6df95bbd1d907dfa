"""Who looks at a page: a signed word in a cookie or a mini-program's session that names a fan for a while.

Pure: key and moment are arguments. Refuses (as None) what was not signed here, was altered or is too old.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

COOKIE = "guanxi_viewer"
LIFE = timedelta(days=30)
_MARK_BYTES = 16
_TEXT_MAX = 600


@dataclass(frozen=True, slots=True)
class Viewer:
    """An identity on an account that a browser or a mini-program has shown to be its own."""

    platform: str
    account: str
    external_id: str
    known_at: datetime


def viewer_key(pepper: bytes) -> bytes:
    """The key under which an installation signs viewers, and nothing else."""
    return hmac.digest(pepper, b"guanxi viewer 1", hashlib.sha256)


def sign_viewer(key: bytes, viewer: Viewer) -> str:
    """The viewer as a word for a cookie.

    >>> seen = Viewer("wechat", "brand", "o1", datetime(2026, 11, 1, tzinfo=UTC))
    >>> read_viewer(b"k", sign_viewer(b"k", seen), seen.known_at) == seen
    True
    """
    fields = [viewer.platform, viewer.account, viewer.external_id, int(viewer.known_at.timestamp())]
    payload = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_mark(key, payload) + payload).rstrip(b"=").decode()


def read_viewer(key: bytes, text: str, now: datetime, life: timedelta = LIFE) -> Viewer | None:
    """The viewer that the word names, or None where it is not ours or older than ``life``."""
    if not 0 < len(text) <= _TEXT_MAX or not text.isascii():
        return None
    try:
        signed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (ValueError, binascii.Error):
        return None
    mark, payload = signed[:_MARK_BYTES], signed[_MARK_BYTES:]
    if not hmac.compare_digest(mark, _mark(key, payload)):
        return None
    platform, account, external_id, known_at = json.loads(payload)
    viewer = Viewer(platform, account, external_id, datetime.fromtimestamp(known_at, UTC))
    return viewer if timedelta(0) <= now - viewer.known_at + timedelta(minutes=5) <= life else None


def cookie_of(header: str, name: str = COOKIE) -> str:
    """The value of a cookie in a request's ``Cookie`` header; empty where there is none.

    >>> cookie_of("a=1; guanxi_viewer=xyz")
    'xyz'
    """
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return next((value for key, _, value in pairs if key == name), "")


def set_cookie(value: str, life: timedelta = LIFE, name: str = COOKIE, secure: bool = True) -> str:
    """The ``Set-Cookie`` header that keeps a value away from scripts and other sites."""
    safe = "; Secure" if secure else ""
    return f"{name}={value}; Path=/; Max-Age={int(life.total_seconds())}; HttpOnly; SameSite=Lax{safe}"


def _mark(key: bytes, payload: bytes) -> bytes:
    return hmac.digest(key, payload, hashlib.sha256)[:_MARK_BYTES]
