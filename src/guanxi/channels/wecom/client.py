"""WeCom's server API: a token by corporation and the secret of an application, in the query.

A token asked for again while one is good is the same token, so asking does not spoil it for others.
https://developer.work.weixin.qq.com/document/path/91039 (gettoken).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from guanxi.channels.addresses import local_address
from guanxi.channels.calling import Call, PlatformClient, Way, Words
from guanxi.channels.reading import text_at
from guanxi.channels.tokens import Lent
from guanxi.vocabulary.reasons import Refused


class WeComClient(PlatformClient):
    """One corporation's way to the API.

    Args:
        corp_id: the corporation.
        secret: of the application that may call customer contact.
        way: how it goes there.
    """

    platform: ClassVar = "wecom"
    own_address: ClassVar = "https://qyapi.weixin.qq.com"
    zone: ClassVar = ZoneInfo("Asia/Shanghai")

    def __init__(self, corp_id: str, secret: str, way: Way) -> None:
        super().__init__(way, corp_id, secret)
        self._corp_id, self._secret = corp_id, secret

    def pages(self, path: str, words: Mapping[str, Any]) -> Iterator[Words]:
        """The answers to a call that is answered page by page, to the last."""
        return _to_the_last(lambda cursor: self.post(path, {**words, **cursor}))

    def get_pages(self, path: str, **query: str) -> Iterator[Words]:
        """The same for a call without a body."""
        return _to_the_last(lambda cursor: self.get(path, **query, **cursor))

    def _lent(self) -> Lent:
        query = {"corpid": self._corp_id, "corpsecret": self._secret}
        return self._lent_in(self._ask(Call("GET", "/cgi-bin/gettoken", query)), "gettoken")


def _to_the_last(ask: Callable[[dict[str, str]], Words]) -> Iterator[Words]:
    """Pages until there is no next; one that comes twice would come for ever."""
    seen, cursor = set[str](), ""
    while True:
        words = ask({"cursor": cursor} if cursor else {})
        yield words
        cursor = text_at(words, "next_cursor")
        if not cursor:
            return
        if cursor in seen:
            raise Refused("platform_unreadable", "wecom: a list runs in a circle")
        seen.add(cursor)


def open_client(settings: Mapping[str, str], way: Way) -> WeComClient:
    """A client for an account; refused without the application's secret."""
    for name in ("corp_id", "secret"):
        if not settings.get(name):
            raise Refused("setting_missing", name)
    there = replace(way, address=local_address(settings.get("api_address", "")))
    return WeComClient(settings["corp_id"], settings["secret"], there)
