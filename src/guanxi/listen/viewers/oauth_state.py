"""What a viewer carries to WeChat and back: to which page, through which share, with which scope, begun when, by whom.

Pure. Letters and digits only and under 128 of them, as WeChat wants; refuses (as None) what was not signed here
for this account, or is older than ten minutes.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from guanxi.channels.wechat.web import Scope

STATE_LIFE = timedelta(minutes=10)
_FIELDS = struct.Struct(">QIB8sq")
_MARK_BYTES = 16


@dataclass(frozen=True, slots=True)
class State:
    """Where somebody is on their way.

    Attributes:
        nonce: 8 bytes that their browser holds too.
        mark: of the share link that they opened; 0 for none.
    """

    page: int
    scope: Scope
    nonce: bytes
    begun_at: datetime
    mark: int = 0


def state_key(pepper: bytes) -> bytes:
    """The key under which an installation signs states, and nothing else."""
    return hmac.digest(pepper, b"guanxi oauth state 1", hashlib.sha256)


def sign_state(key: bytes, account: str, state: State) -> str:
    """The state as WeChat carries it.

    >>> state = State(7, Scope.BASE, bytes(8), datetime(2026, 11, 1, tzinfo=UTC))
    >>> read_state(b"k", "brand", sign_state(b"k", "brand", state), state.begun_at) == state
    True
    """
    is_full = state.scope is Scope.USERINFO
    plain = _FIELDS.pack(state.page, int(state.begun_at.timestamp()), is_full, state.nonce, state.mark)
    return (plain + _mark(key, account, plain)).hex()


def read_state(key: bytes, account: str, written: str, now: datetime) -> State | None:
    """The state, or None where it is not ours for this account or too old."""
    if len(written) != 2 * (_FIELDS.size + _MARK_BYTES) or not written.isascii():
        return None
    try:
        signed = bytes.fromhex(written)
    except ValueError:
        return None
    plain, mark = signed[: _FIELDS.size], signed[_FIELDS.size :]
    if len(signed) != _FIELDS.size + _MARK_BYTES or not hmac.compare_digest(mark, _mark(key, account, plain)):
        return None
    page, begun, is_full, nonce, mark = _FIELDS.unpack(plain)
    begun_at = datetime.fromtimestamp(begun, UTC)
    scope = Scope.USERINFO if is_full else Scope.BASE
    return State(page, scope, nonce, begun_at, mark) if now - begun_at <= STATE_LIFE else None


def _mark(key: bytes, account: str, plain: bytes) -> bytes:
    return hmac.digest(key, account.encode() + b"\0" + plain, hashlib.sha256)[:_MARK_BYTES]
