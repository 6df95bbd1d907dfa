"""Web pages inside WeChat: who is looking (OAuth), and the signature that lets a page use the JS-SDK.

A page that asks for names at once is shown as a snapshot with an invented user; such a user is marked here and
is nobody. Names are asked for only after a tap, which is the caller's business.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from guanxi.channels.tokens import Lent, Tokens
from guanxi.channels.wechat.client import WeChatClient
from guanxi.channels.wechat.signing import js_signature
from guanxi.vocabulary.reasons import Refused

OPEN = "https://open.weixin.qq.com"
STATE_BYTES_MAX = 128


class Scope(StrEnum):
    """What a page asks a viewer for."""

    BASE = "snsapi_base"
    USERINFO = "snsapi_userinfo"


@dataclass(frozen=True, slots=True)
class Looker:
    """Whoever came back with a code; with a snapshot nothing of it is true."""

    openid: str
    is_snapshot: bool
    union_id: str = ""
    nickname: str = ""


@dataclass(frozen=True, slots=True)
class PageSignature:
    """What ``wx.config`` wants to know."""

    app_id: str
    nonce: str
    timestamp: int
    signature: str


def authorize_address(app_id: str, back_to: str, scope: Scope, state: str, address: str = OPEN) -> str:
    """Where a viewer is sent to show who they are."""
    if not state.isalnum() or len(state) > STATE_BYTES_MAX:
        raise Refused("state_unfit")
    # WeChat wants the names in this order, and the fragment.
    query = {"appid": app_id, "redirect_uri": back_to, "response_type": "code", "scope": scope.value}
    return f"{address}/connect/oauth2/authorize?{urlencode({**query, 'state': state})}#wechat_redirect"


def looker(client: WeChatClient, code: str, scope: Scope) -> Looker:
    """Who came back with the code, which is good once; with their name where that was asked for."""
    words = client.ask_as_app(
        "/sns/oauth2/access_token", "appid", "secret", code=code, grant_type="authorization_code"
    )
    openid, snapshot = _openid(words), _is_snapshot(words)
    if snapshot or scope is not Scope.USERINFO:
        return Looker(openid, snapshot, str(words.get("unionid") or ""))
    token = str(words.get("access_token") or "")
    told = client.ask_openly("/sns/userinfo", access_token=token, openid=openid, lang="zh_CN")
    union_id = str(told.get("unionid") or words.get("unionid") or "")
    return Looker(openid, _is_snapshot(told), union_id, str(told.get("nickname") or ""))


class PageSigner:
    """Signs pages of one account; the ticket is fetched once for everybody."""

    def __init__(self, client: WeChatClient) -> None:
        self._client = client
        self._tickets = Tokens(client.store, "jsapi_ticket", client.mark, self._lent, client.clock)

    def sign(self, page: str) -> PageSignature:
        """The signature for the page as the browser names it, whatever stands after ``#``."""
        ticket, nonce, moment = self._tickets.current().value, secrets.token_hex(8), int(self._client.clock())
        return PageSignature(self._client.app_id, nonce, moment, js_signature(ticket, nonce, moment, page))

    def _lent(self) -> Lent:
        words = self._client.get("/cgi-bin/ticket/getticket", type="jsapi")
        try:
            return Lent(str(words["ticket"]), float(words["expires_in"]))
        except (KeyError, TypeError, ValueError):
            raise Refused("platform_unreadable", "wechat: getticket") from None


def _openid(words: Mapping[str, Any]) -> str:
    openid = str(words.get("openid") or "")
    if not openid:
        raise Refused("platform_unreadable", "wechat: oauth2/access_token")
    return openid


def _is_snapshot(words: Mapping[str, Any]) -> bool:
    return str(words.get("is_snapshotuser") or "0") == "1"
