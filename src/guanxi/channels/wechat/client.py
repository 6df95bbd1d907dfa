"""Calls WeChat's server API: one token for everybody, raw UTF-8, at most one renewal and one repeat a call.

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
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self
from zoneinfo import ZoneInfo

import httpx

from guanxi.channels.wechat.errors import Then, WeChatRefused
from guanxi.channels.wechat.tokens import REST_SECONDS, Kept, Lent, MemoryStore, Tokens, TokenStore
from guanxi.vocabulary.reasons import Refused

API = "https://api.weixin.qq.com"
TRIES = 3
_TIMEOUT = httpx.Timeout(10.0, connect=3.0)
_SHANGHAI = ZoneInfo("Asia/Shanghai")
Words = dict[str, Any]

# Addresses carry tokens and secrets, and httpx writes every address it asks into its log.
logging.getLogger("httpx").setLevel(logging.WARNING)


class WeChatClient:
    """One account's way to the API. Safe to call from several threads.

    Args:
        app_id: the account's.
        secret: the account's.
        store: where tokens are kept; by default in this process only.
        address: of the API; another one only for a fake.
        transport: how requests leave the house.
        clock: seconds since 1970.
        pause: waits so many seconds before a retry.
    """

    def __init__(
        self,
        app_id: str,
        secret: str,
        store: TokenStore | None = None,
        *,
        address: str = API,
        transport: httpx.BaseTransport | None = None,
        clock: Callable[[], float] = time.time,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.app_id, self._secret, self.address = app_id, secret, address
        self.store = store or MemoryStore()
        self.clock, self._pause = clock, pause
        self._http = httpx.Client(
            base_url=address, transport=transport, timeout=_TIMEOUT, trust_env=False, follow_redirects=False
        )
        self.mark = hashlib.sha256(f"{address}\0{app_id}\0{secret}".encode()).hexdigest()[:32]
        self._tokens = Tokens(self.store, "access_token", self.mark, self._lent, clock)
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
        """WeChat's answer to a call with the account's token."""
        return self._call("GET", path, query, None)

    def post(self, path: str, words: Mapping[str, Any]) -> Words:
        """WeChat's answer to a call with the account's token and a body."""
        return self._call("POST", path, {}, words)

    def ask_as_app(self, path: str, app_key: str, secret_key: str, **query: str) -> Words:
        """WeChat's answer to a call that proves itself by app id and secret, under the names it wants."""
        return self._ask("GET", path, {app_key: self.app_id, secret_key: self._secret, **query}, None)

    def ask_openly(self, path: str, **query: str) -> Words:
        """WeChat's answer to a call that brings its own proof, such as a user's token."""
        return self._ask("GET", path, query, None)

    def _call(
        self, method: str, path: str, query: Mapping[str, str], words: Mapping[str, Any] | None
    ) -> Words:
        kept = self._tokens.current()
        try:
            return self._with_token(kept, method, path, query, words)
        except WeChatRefused as refused:
            if refused.meaning.then is not Then.RENEW:
                raise
            errcode = refused.errcode
        renewed = self._tokens.renewed(kept, errcode)
        try:
            return self._with_token(renewed, method, path, query, words)
        except WeChatRefused as refused:
            if refused.meaning.then is Then.RENEW:
                self._tokens.bar(renewed, refused.errcode)
            raise

    def _with_token(
        self, kept: Kept, method: str, path: str, query: Mapping[str, str], words: Mapping[str, Any] | None
    ) -> Words:
        try:
            told = self._ask(method, path, {"access_token": kept.value, **query}, words)
        except WeChatRefused as refused:
            if refused.meaning.then is Then.BAR:
                self._tokens.bar(kept, refused.errcode)
            raise
        self._tokens.accepted(kept)
        return told

    def _ask(
        self, method: str, path: str, query: Mapping[str, str], words: Mapping[str, Any] | None
    ) -> Words:
        self._refuse_resting(path)
        for remaining in range(TRIES - 1, -1, -1):
            try:
                return self._asked_once(method, path, query, words)
            except WeChatRefused as refused:
                self._rest(path, refused)
                if refused.meaning.then is not Then.RETRY or not remaining:
                    raise
            self._pause(random.uniform(0.1, 0.5) * 2 ** (TRIES - remaining))  # noqa: S311 - only spreads retries
        raise AssertionError

    def _asked_once(
        self, method: str, path: str, query: Mapping[str, str], words: Mapping[str, Any] | None
    ) -> Words:
        body = None if words is None else json.dumps(words, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json; charset=utf-8"} if body else {}
        try:
            answer = self._http.request(method, path, params=query, content=body, headers=headers)
        except httpx.HTTPError as error:
            raise Refused("platform_unreachable", f"wechat: {type(error).__name__}") from None
        return _read(answer)

    def _lent(self) -> Lent:
        words = {"grant_type": "client_credential", "appid": self.app_id, "secret": self._secret}
        found = self._ask("POST", "/cgi-bin/stable_token", {}, words)
        try:
            return Lent(str(found["access_token"]), float(found["expires_in"]))
        except (KeyError, TypeError, ValueError):
            raise Refused("platform_unreadable", "wechat: stable_token") from None

    def _rest(self, path: str, refused: WeChatRefused) -> None:
        now = self.clock()
        with self._guard:
            if refused.meaning.then is Then.REST_MINUTE:
                self._rests[path] = (now + REST_SECONDS, refused.errcode)
            elif refused.meaning.then is Then.REST_DAY:
                self._rests[path] = (next_midnight(now), refused.errcode)

    def _refuse_resting(self, path: str) -> None:
        with self._guard:
            until, errcode = self._rests.get(path, (0.0, 0))
        if self.clock() < until:
            raise WeChatRefused(errcode, f"{path} rests until {datetime.fromtimestamp(until, _SHANGHAI)}")


def next_midnight(now: float) -> float:
    """When WeChat's daily quotas begin anew: midnight in Shanghai.

    >>> next_midnight(datetime(2026, 11, 1, 15, 59, tzinfo=ZoneInfo("UTC")).timestamp()) % 86400 / 3600
    16.0
    """
    there = datetime.fromtimestamp(now, _SHANGHAI)
    midnight = there.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return midnight.timestamp()


def _read(answer: httpx.Response) -> Words:
    try:
        words = json.loads(answer.content)
    except (ValueError, RecursionError):
        words = None
    if not answer.is_success or not isinstance(words, dict):
        raise Refused("platform_unreadable", f"wechat: HTTP {answer.status_code}")
    errcode = words.get("errcode") or 0
    if not isinstance(errcode, int):
        raise Refused("platform_unreadable", "wechat: errcode")
    if errcode:
        raise WeChatRefused(errcode, str(words.get("errmsg", "")))
    return words
