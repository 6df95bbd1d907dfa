"""Calls a platform's server API: one token for everybody, raw UTF-8, at most one renewal and one repeat a call.

Knows what an error asks for (retry, renew, bar, rest) and obeys it; what a call is about is its caller's
business. No token and no secret is ever in an error or a log.
"""

from __future__ import annotations

import hashlib
import json
import logging
import random
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from types import TracebackType
from typing import Any, ClassVar, Self

import httpx

from guanxi.channels.carrying import Checked
from guanxi.channels.errors import PlatformRefused, Then
from guanxi.channels.reading import text_at
from guanxi.channels.tokens import REST_SECONDS, Kept, Lent, MemoryStore, Tokens, TokenStore
from guanxi.vocabulary.reasons import Refused

TRIES = 3
JSON = "application/json; charset=utf-8"
_TIMEOUT = httpx.Timeout(10.0, connect=3.0)
Words = dict[str, Any]

# Addresses carry tokens and secrets, and httpx writes every address it asks into its log.
logging.getLogger("httpx").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Call:
    """What is asked; a query or a body may hold secrets and is left out of whatever is printed."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)
    content_type: str = JSON


@dataclass(frozen=True, slots=True)
class Way:
    """How a client goes to its platform.

    Attributes:
        address: of the API; another one than the platform's own only for a fake.
        store: where tokens are kept; by default in this process only.
        transport: how requests leave the house; by default to addresses that were checked.
        clock: seconds since 1970.
        pause: waits so many seconds before a retry.
        patience: how often a call sits a rest of a minute out rather than being refused.
    """

    address: str = ""
    store: TokenStore = field(default_factory=MemoryStore)
    transport: httpx.BaseTransport | None = None
    clock: Callable[[], float] = time.time
    pause: Callable[[float], None] = time.sleep
    patience: int = 0


class PlatformClient(ABC):
    """One account's way to its platform's API. Safe to call from several threads.

    Args:
        way: how it goes there.
        credentials: the account's; after they change, bars and tokens of before are void.
    """

    platform: ClassVar[str]
    own_address: ClassVar[str]
    zone: ClassVar[tzinfo] = UTC
    """On whose midnight daily quotas begin anew."""

    def __init__(self, way: Way, *credentials: str) -> None:
        self.address = way.address or self.own_address
        self.store, self.clock = way.store, way.clock
        self._pause, self._patience = way.pause, way.patience
        self._http = httpx.Client(
            base_url=self.address,
            transport=way.transport or Checked(private=self.address != self.own_address),
            timeout=_TIMEOUT,
            trust_env=False,
            follow_redirects=False,
        )
        self.mark = hashlib.sha256("\0".join((self.address, *credentials)).encode()).hexdigest()[:32]
        self._tokens = Tokens(self.store, "access_token", self.mark, self._lent, self.clock)
        self._rests: dict[str, tuple[float, int]] = {}
        self._guard = threading.Lock()

    def __enter__(self) -> Self:
        """Closed at the end of the block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Connections are closed."""
        self.close()

    def close(self) -> None:
        """Connections are closed."""
        self._http.close()

    def get(self, path: str, **query: str) -> Words:
        """The platform's answer to a call with the account's token."""
        return self._call(Call("GET", path, query))

    def post(self, path: str, words: Mapping[str, Any]) -> Words:
        """The platform's answer to a call with the account's token and a body."""
        return self._call(Call("POST", path, body=as_json(words)))

    @abstractmethod
    def _lent(self) -> Lent:
        """A fresh token."""

    def _proved(self, call: Call, token: str) -> tuple[Call, dict[str, str]]:
        """The call with its proof, in the query or in a header."""
        query = {"access_token": token, **call.query}
        return Call(call.method, call.path, query, call.body, call.content_type), {}

    def _read(self, answer: httpx.Response) -> Words:
        """What an answer says; an error is raised."""
        words = object_in(answer)
        if not answer.is_success or words is None:
            raise self._unreadable(f"HTTP {answer.status_code}")
        errcode = words.get("errcode") or 0
        if not isinstance(errcode, int):
            raise self._unreadable("errcode")
        if errcode:
            raise PlatformRefused(self.platform, errcode, text_at(words, "errmsg"))
        return words

    def _unreadable(self, about: str) -> Refused:
        return Refused("platform_unreadable", f"{self.platform}: {about}")

    def _lent_in(self, words: Words, name: str) -> Lent:
        """The token that an answer holds."""
        try:
            return Lent(str(words["access_token"]), float(words["expires_in"]))
        except (KeyError, TypeError, ValueError):
            raise self._unreadable(name) from None

    def _call(self, call: Call) -> Words:
        kept = self._tokens.current()
        try:
            return self._with_token(kept, call)
        except PlatformRefused as refused:
            if refused.meaning.then is not Then.RENEW:
                raise
            errcode = refused.errcode
        renewed = self._tokens.renewed(kept, errcode)
        try:
            return self._with_token(renewed, call)
        except PlatformRefused as refused:
            if refused.meaning.then is Then.RENEW:
                self._tokens.bar(renewed, refused.errcode)
            raise

    def _with_token(self, kept: Kept, call: Call) -> Words:
        proved, headers = self._proved(call, kept.value)
        try:
            told = self._ask(proved, headers)
        except PlatformRefused as refused:
            if refused.meaning.then is Then.BAR:
                self._tokens.bar(kept, refused.errcode)
            raise
        self._tokens.accepted(kept)
        return told

    def _ask(self, call: Call, headers: Mapping[str, str] | None = None) -> Words:
        """The answer; where calls of this sort rest for having come too often, once the rest is over."""
        for remaining in range(self._patience, -1, -1):
            try:
                return self._tried(call, headers)
            except PlatformRefused as refused:
                if not (refused.is_for_haste and remaining):
                    raise
            self._pause(REST_SECONDS)
        raise AssertionError

    def _tried(self, call: Call, headers: Mapping[str, str] | None) -> Words:
        self._refuse_resting(call.path)
        for remaining in range(TRIES - 1, -1, -1):
            try:
                return self._asked_once(call, headers or {})
            except PlatformRefused as refused:
                self._rest(call.path, refused)
                if refused.meaning.then is not Then.RETRY or not remaining:
                    raise
            self._pause(random.uniform(0.1, 0.5) * 2 ** (TRIES - remaining))  # noqa: S311 - only spreads retries
        raise AssertionError

    def _asked_once(self, call: Call, headers: Mapping[str, str]) -> Words:
        named = {"Content-Type": call.content_type, **headers} if call.body else headers
        try:
            answer = self._http.request(
                call.method, call.path, params=call.query, content=call.body, headers=named
            )
        except httpx.HTTPError as error:
            raise Refused("platform_unreachable", f"{self.platform}: {type(error).__name__}") from None
        if answer.status_code >= 500:
            raise PlatformRefused(self.platform, answer.status_code, "")
        return self._read(answer)

    def _rest(self, path: str, refused: PlatformRefused) -> None:
        now = self.clock()
        with self._guard:
            if refused.meaning.then is Then.REST_MINUTE:
                self._rests[path] = (now + REST_SECONDS, refused.errcode)
            elif refused.meaning.then is Then.REST_DAY:
                self._rests[path] = (next_midnight(now, self.zone), refused.errcode)

    def _refuse_resting(self, path: str) -> None:
        with self._guard:
            until, errcode = self._rests.get(path, (0.0, 0))
        if self.clock() < until:
            rests = f"{path} rests until {datetime.fromtimestamp(until, self.zone)}"
            raise PlatformRefused(self.platform, errcode, rests)


def as_json(words: Mapping[str, Any]) -> bytes:
    """Words as platforms want them: their characters as they are."""
    return json.dumps(words, ensure_ascii=False).encode()


def object_in(answer: httpx.Response) -> Words | None:
    """The object that an answer holds; None where it holds none."""
    try:
        words = json.loads(answer.content)
    except (ValueError, RecursionError):
        return None
    return words if isinstance(words, dict) else None


def next_midnight(now: float, zone: tzinfo) -> float:
    """When daily quotas begin anew.

    >>> from zoneinfo import ZoneInfo
    >>> evening = datetime(2026, 11, 1, 15, 59, tzinfo=UTC).timestamp()
    >>> next_midnight(evening, ZoneInfo("Asia/Shanghai")) % 86400 / 3600
    16.0
    """
    there = datetime.fromtimestamp(now, zone)
    midnight = there.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return midnight.timestamp()
