"""The fake's API: one request in, WeChat's words out; HTTP 200 whatever the words say.

Refuses bodies with escaped characters, calls without a token, and calls that the sort of account may not make.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from guanxi.channels.wechat.fake import api_content, api_messages, api_pages, api_people
from guanxi.channels.wechat.fake.api_pages import WebLending
from guanxi.channels.wechat.fake.calls import DONE, Call, Notice, Route
from guanxi.channels.wechat.fake.chaos import Switch
from guanxi.channels.wechat.fake.lending import Lending
from guanxi.channels.wechat.fake.world import Account, Fault, Media, Person, World

ROUTES: dict[str, Route] = {
    **api_people.ROUTES,
    **api_pages.ROUTES,
    **api_messages.ROUTES,
    **api_content.ROUTES,
}
_AS_FORM = frozenset({"/cgi-bin/media/upload", "/cgi-bin/media/uploadimg"})
_SERVICE_ONLY = frozenset(
    {
        "/cgi-bin/qrcode/create",
        "/cgi-bin/message/template/send",
        "/cgi-bin/message/subscribe/bizsend",
        "/sns/oauth2/access_token",
    }
)
_PROGRAM_ONLY = frozenset({"/sns/jscode2session", "/wxa/business/getuserphonenumber"})


class Api:
    """The API of every account of a world."""

    def __init__(self, world: World, push: Callable[[Account, Person, Notice], None]) -> None:
        self._world, self._push = world, push
        self.lending = Lending(world)
        self._web = WebLending(world)

    def knows(self, path: str) -> bool:
        """Whether there is such a call."""
        return path in ROUTES or path in _OWN or path in api_content.MEDIA_ROUTES

    def answer(self, path: str, query: Mapping[str, str], body: bytes, caller: str) -> dict[str, Any] | Media:
        """WeChat's words, whether it did what was asked or not; or the medium that was asked for."""
        try:
            with self._world.lock:
                return self._answer(path, query, body, caller)
        except Fault as fault:
            return fault.words

    def _answer(
        self, path: str, query: Mapping[str, str], body: bytes, caller: str
    ) -> dict[str, Any] | Media:
        if self._world.chaos.strikes(Switch.BUSY):
            raise Fault(-1, "system error")
        words = {} if path in _AS_FORM else _words(body)
        if path in _OWN:
            return _OWN[path](self, query, words, caller)
        if self._world.chaos.strikes(Switch.TOKEN_ROTATED):
            for account in self._world.accounts.values():
                self.lending.rotate(account)
        account = self.lending.caller_of(query.get("access_token", ""))
        _check_may(account, path)
        self.lending.count(account, path)
        call = Call(self._world, account, query, words, self._push, body)
        media = api_content.MEDIA_ROUTES.get(path)
        return media(call) if media else ROUTES[path](call)

    def _token(self, query: Mapping[str, str], words: Mapping[str, Any], caller: str) -> dict[str, Any]:
        return self.lending.token(query.get("appid", ""), query.get("secret", ""), caller)

    def _stable_token(
        self, query: Mapping[str, str], words: Mapping[str, Any], caller: str
    ) -> dict[str, Any]:
        force = words.get("force_refresh") is True
        return self.lending.stable_token(
            str(words.get("appid") or ""), str(words.get("secret") or ""), caller, force
        )

    def _clear_quota(self, query: Mapping[str, str], words: Mapping[str, Any], caller: str) -> dict[str, Any]:
        self.lending.clear(self.lending.caller_of(query.get("access_token", "")))
        return DONE

    def _access_token(
        self, query: Mapping[str, str], words: Mapping[str, Any], caller: str
    ) -> dict[str, Any]:
        account = self._of_secret(query, "/sns/oauth2/access_token")
        return self._web.access_token(account, query.get("code", ""))

    def _session(self, query: Mapping[str, str], words: Mapping[str, Any], caller: str) -> dict[str, Any]:
        account = self._of_secret(query, "/sns/jscode2session")
        return self._web.session(account, query.get("js_code", ""))

    def _userinfo(self, query: Mapping[str, str], words: Mapping[str, Any], caller: str) -> dict[str, Any]:
        return self._web.userinfo(query.get("access_token", ""), query.get("openid", ""))

    def _of_secret(self, query: Mapping[str, str], path: str) -> Account:
        account = self._world.accounts.get(query.get("appid", ""))
        if account is None:
            raise Fault(40013, "invalid appid")
        if account.secret != query.get("secret"):
            raise Fault(40125, "invalid appsecret")
        _check_may(account, path)
        self.lending.count(account, path)
        return account


_OWN: dict[str, Callable[[Api, Mapping[str, str], Mapping[str, Any], str], dict[str, Any]]] = {
    "/cgi-bin/token": Api._token,
    "/cgi-bin/stable_token": Api._stable_token,
    "/cgi-bin/clear_quota": Api._clear_quota,
    "/sns/oauth2/access_token": Api._access_token,
    "/sns/jscode2session": Api._session,
    "/sns/userinfo": Api._userinfo,
}


def _check_may(account: Account, path: str) -> None:
    program = account.kind == "program"
    if (
        (path in _PROGRAM_ONLY and not program)
        or (path in _SERVICE_ONLY and account.kind != "service")
        or (program and path.startswith("/cgi-bin/user"))
    ):
        raise Fault(48001, "api unauthorized")


def _words(body: bytes) -> Mapping[str, Any]:
    if not body:
        return {}
    if b"\\u" in body:
        raise Fault(40033, "invalid charset. please check your request, if include \\uxxxx will create fail!")
    try:
        words = json.loads(body)
    except ValueError:
        words = None
    if not isinstance(words, dict):
        raise Fault(47001, "data format error")
    return words
