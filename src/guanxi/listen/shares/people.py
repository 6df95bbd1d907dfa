"""Who is at the page: the openid that a browser has shown, or else the device's own anonymous id.

Pure: key, chance and moment are arguments. Nothing unsigned is believed. An anonymous id begins with ``~`` and
stands on the page's own account, so that whoever shares and whoever opens are fans of one account.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from guanxi.listen.door.http import Request
from guanxi.listen.shares.marks import mark_key
from guanxi.listen.shares.trials import trial_key
from guanxi.listen.viewers.viewer import COOKIE, Viewer, cookie_of, read_viewer, sign_viewer, viewer_key
from guanxi.records.sealing import seal, unseal
from guanxi.vocabulary.reasons import Refused

DEVICE_COOKIE = "guanxi_device"
ASKED_COOKIE = "guanxi_asked"
AS_SNAPSHOT = "?seen=snapshot"
DEVICE_LIFE = timedelta(days=400)
HANDOVER = timedelta(minutes=2)
ANONYMOUS = "~"
_PLACE = "share handover"
_HANDED_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Keys:
    """What signs tokens and viewers, draws lots and seals handovers; all of it comes from the pepper."""

    token: bytes = field(repr=False)
    viewer: bytes = field(repr=False)
    trial: bytes = field(repr=False)
    pepper: bytes = field(repr=False)

    @classmethod
    def of(cls, pepper: bytes) -> Keys:
        """The keys of an installation."""
        return cls(mark_key(pepper), viewer_key(pepper), trial_key(pepper), pepper)


@dataclass(frozen=True, slots=True)
class Handed:
    """Whom a redirect hands over to the page's script, which may stand on an origin without our cookies.

    Attributes:
        is_snapshot: WeChat showed them a read-only page under an invented identity.
    """

    device: str
    who: Viewer | None = None
    is_snapshot: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """What a request says about who asks: what the page kept, and what the redirect handed over."""

    device: str = ""
    who: str = ""
    handed: Handed | None = None


def hand_over(keys: Keys, handed: Handed, now: datetime, nonce: bytes) -> str:
    """A parameter that only this installation can read, for two minutes.

    >>> keys, now = Keys.of(bytes(32)), datetime.fromisoformat("2026-11-01T12:00:00Z")
    >>> taken_over(keys, hand_over(keys, Handed("~a"), now, bytes(12)), now)
    Handed(device='~a', who=None, is_snapshot=False)
    """
    who = handed.who
    named = (who.platform, who.account, who.external_id) if who else ()
    fields = [int(now.timestamp()), handed.is_snapshot, handed.device, *named]
    sealed = seal(keys.pepper, _PLACE, json.dumps(fields).encode(), nonce)
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def taken_over(keys: Keys, text: str, now: datetime) -> Handed | None:
    """Who was handed over within the last two minutes, or None."""
    if not 0 < len(text) <= _HANDED_MAX or not text.isascii():
        return None
    try:
        sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        at, is_snapshot, device, *who = json.loads(unseal(keys.pepper, _PLACE, sealed))
    except (ValueError, Refused):
        return None
    if not 0 <= now.timestamp() - at <= HANDOVER.total_seconds():
        return None
    return Handed(device, Viewer(who[0], who[1], who[2], now) if who else None, is_snapshot)


def new_device(random: bytes) -> str:
    """An anonymous id from 16 random bytes.

    >>> new_device(bytes(16))
    '~AAAAAAAAAAAAAAAAAAAAAA'
    """
    return ANONYMOUS + base64.urlsafe_b64encode(random).rstrip(b"=").decode()


def sign_device(key: bytes, device: str, now: datetime) -> str:
    """The device's word, signed as of now."""
    return sign_viewer(key, Viewer("", "", device, now))


def device_of(key: bytes, request: Request, words: Words) -> str | None:
    """The device's id: what its page kept, what the redirect gave it, or our own cookie; None for a new one."""
    cookie = cookie_of(request.headers.get("cookie", ""), DEVICE_COOKIE)
    kept = _device(key, words.device, request.received_at)
    handed = words.handed.device if words.handed else None
    return kept or handed or _device(key, cookie, request.received_at)


def _device(key: bytes, word: str, now: datetime) -> str | None:
    known = read_viewer(key, word, now, DEVICE_LIFE)
    is_device = known is not None and not known.platform and known.external_id.startswith(ANONYMOUS)
    return known.external_id if known and is_device else None


def who_is(key: bytes, request: Request, words: Words, platform: str, account: str) -> Viewer | None:
    """The identity that the browser has shown for this account, if any."""
    now = request.received_at
    cookie = cookie_of(request.headers.get("cookie", ""), COOKIE)
    handed = words.handed.who if words.handed else None
    known = (read_viewer(key, cookie, now), handed, read_viewer(key, words.who, now))
    return next((who for who in known if who and (who.platform, who.account) == (platform, account)), None)


def net_of(key: bytes, request: Request) -> bytes | None:
    """A hash of network and browser that nobody can follow to the next day; None behind an unknown proxy."""
    network = _network(request)
    if network is None:
        return None
    day: date = request.received_at.date()
    said = f"{day.isoformat()}\0{network}\0{request.headers.get('user-agent', '')}"
    return hmac.digest(key, b"net\0" + said.encode(), hashlib.sha256)[:8]


def _network(request: Request) -> str | None:
    for told in (request.client, request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()):
        try:
            address = ipaddress.ip_address(told)
        except ValueError:
            return None
        if address.is_global:
            return str(address)
    return None
