"""WeChat's server API: a token by app id and secret, in the query; quotas that begin anew at midnight in Shanghai."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar
from zoneinfo import ZoneInfo

from guanxi.channels.addresses import local_address
from guanxi.channels.calling import Call, PlatformClient, Way, Words, as_json
from guanxi.channels.tokens import Lent
from guanxi.vocabulary.reasons import Refused

API = "https://api.weixin.qq.com"


class WeChatClient(PlatformClient):
    """One account's way to the API.

    Args:
        app_id: the account's.
        secret: the account's.
        way: how it goes there.
    """

    platform: ClassVar = "wechat"
    own_address: ClassVar = API
    zone: ClassVar = ZoneInfo("Asia/Shanghai")

    def __init__(self, app_id: str, secret: str, way: Way) -> None:
        super().__init__(way, app_id, secret)
        self.app_id, self._secret = app_id, secret

    def ask_as_app(self, path: str, app_key: str, secret_key: str, **query: str) -> Words:
        """WeChat's answer to a call that proves itself by app id and secret, under the names it wants."""
        return self._ask(Call("GET", path, {app_key: self.app_id, secret_key: self._secret, **query}))

    def ask_openly(self, path: str, **query: str) -> Words:
        """WeChat's answer to a call that brings its own proof, such as a user's token."""
        return self._ask(Call("GET", path, query))

    def _lent(self) -> Lent:
        words = {"grant_type": "client_credential", "appid": self.app_id, "secret": self._secret}
        found = self._ask(Call("POST", "/cgi-bin/stable_token", body=as_json(words)))
        return self._lent_in(found, "stable_token")


def open_client(settings: Mapping[str, str], way: Way) -> WeChatClient:
    """A client for an account; refused without its secret."""
    for name in ("app_id", "app_secret"):
        if not settings.get(name):
            raise Refused("setting_missing", name)
    there = replace(way, address=local_address(settings.get("api_address", "")))
    return WeChatClient(settings["app_id"], settings["app_secret"], there)
