"""LINE's server API: a stateless token by channel id and secret, in a header; errors are statuses of HTTP.

Stateless tokens last 15 minutes, and any number may be asked for, so none has to be guarded or revoked:
https://developers.line.biz/en/docs/basics/channel-access-token/ . A long-lived one may be given instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import ClassVar
from urllib.parse import urlencode

import httpx

from guanxi.channels.addresses import local_address
from guanxi.channels.calling import Call, PlatformClient, Way, Words, object_in
from guanxi.channels.errors import PlatformRefused
from guanxi.channels.reading import text_at
from guanxi.channels.tokens import Lent
from guanxi.vocabulary.reasons import Refused

_LONG = 86_400.0
_WRONG = 401


class LineClient(PlatformClient):
    """One channel's way to the API.

    Args:
        channel_id: the channel's.
        secret: the channel's.
        token: a long-lived one, where the account was given one.
        way: how it goes there.
    """

    platform: ClassVar = "line"
    own_address: ClassVar = "https://api.line.me"

    def __init__(self, channel_id: str, secret: str, token: str, way: Way) -> None:
        super().__init__(way, channel_id, secret, token)
        self._channel_id, self._secret, self._given = channel_id, secret, token

    def pages(self, path: str, **query: str) -> Iterator[Words]:
        """The answers to a call that is answered page by page, to the last."""
        start = ""
        while True:
            words = self.get(path, **query, **({"start": start} if start else {}))
            yield words
            before, start = start, text_at(words, "next")
            if not start:
                return
            if start == before:
                raise Refused("platform_unreadable", "line: a list runs in a circle")

    def _lent(self) -> Lent:
        if self._given:
            return Lent(self._given, _LONG)
        asked = {
            "grant_type": "client_credentials",
            "client_id": self._channel_id,
            "client_secret": self._secret,
        }
        form = Call(
            "POST", "/oauth2/v3/token", {}, urlencode(asked).encode(), "application/x-www-form-urlencoded"
        )
        try:
            return self._lent_in(self._ask(form), "oauth2/v3/token")
        except PlatformRefused as refused:
            # A wrong id or secret is a bad request here, and a wrong token everywhere else.
            if refused.errcode == httpx.codes.BAD_REQUEST:
                raise PlatformRefused("line", _WRONG, refused.detail) from None
            raise

    def _proved(self, call: Call, token: str) -> tuple[Call, dict[str, str]]:
        return call, {"Authorization": f"Bearer {token}"}

    def _read(self, answer: httpx.Response) -> Words:
        words = object_in(answer)
        if not answer.is_success:
            said = words or {}
            message = text_at(said, "message") or text_at(said, "error_description") or text_at(said, "error")
            raise PlatformRefused("line", answer.status_code, message)
        if words is None:
            raise self._unreadable("no object")
        return words


def open_client(settings: Mapping[str, str], way: Way) -> LineClient:
    """A client for an account; refused without a channel id or a token."""
    channel_id, token = settings.get("channel_id", ""), settings.get("access_token", "")
    if not channel_id and not token:
        raise Refused("setting_missing", "channel_id")
    there = replace(way, address=local_address(settings.get("api_address", "")))
    return LineClient(channel_id, settings.get("channel_secret", ""), token, there)
