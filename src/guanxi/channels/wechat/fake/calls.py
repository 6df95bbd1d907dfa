"""What a call to the fake's API brings, and how a call is named."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from guanxi.channels.wechat.fake.world import Account, Fault, Media, Person, World

Notice = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """One call of one account, whose token has been seen."""

    world: World
    account: Account
    query: Mapping[str, str]
    words: Mapping[str, Any]
    push: Callable[[Account, Person, Notice], None]
    body: bytes = b""

    def person(self, openid: object) -> Person:
        """Whom an openid names; a fault where it is of another account."""
        found = self.account.people.get(str(openid))
        if found is None:
            raise Fault(40003, "invalid openid")
        return found


Route = Callable[[Call], dict[str, Any]]
MediaRoute = Callable[[Call], Media]
DONE: dict[str, Any] = {"errcode": 0, "errmsg": "ok"}
