"""Tags of an account: which there are, who has them, and how one is given; at most fifty people a call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from guanxi.channels.reading import Object, each_at, object_at, text_at, texts_at
from guanxi.channels.wechat.client import WeChatClient
from guanxi.vocabulary.reasons import Refused

BATCH_MAX = 50


@dataclass(frozen=True, slots=True)
class AccountTag:
    """A tag as the platform numbers and names it."""

    id: int
    name: str
    count: int


def tags(client: WeChatClient) -> tuple[AccountTag, ...]:
    """The account's tags."""
    return tuple(_tag(row) for row in each_at(client.get("/cgi-bin/tags/get"), "tags"))


def create_tag(client: WeChatClient, name: str) -> AccountTag:
    """The account has a tag of this name."""
    return _tag(object_at(client.post("/cgi-bin/tags/create", {"tag": {"name": name}}), "tag"))


def tag_followers(client: WeChatClient, tag: int, openids: Sequence[str]) -> None:
    """All of them have the tag."""
    for start in range(0, len(openids), BATCH_MAX):
        some = list(openids[start : start + BATCH_MAX])
        client.post("/cgi-bin/tags/members/batchtagging", {"openid_list": some, "tagid": tag})


def untag_followers(client: WeChatClient, tag: int, openids: Sequence[str]) -> None:
    """None of them has the tag."""
    for start in range(0, len(openids), BATCH_MAX):
        some = list(openids[start : start + BATCH_MAX])
        client.post("/cgi-bin/tags/members/batchuntagging", {"openid_list": some, "tagid": tag})


def tagged(client: WeChatClient, tag: int) -> Iterator[str]:
    """The openid of everybody who has the tag."""
    after = ""
    while True:
        words = client.post("/cgi-bin/user/tag/get", {"tagid": tag, "next_openid": after})
        openids = texts_at(words, "data", "openid")
        yield from openids
        before, after = after, text_at(words, "next_openid")
        if not openids or not after or after == before:
            return


def _tag(row: Object) -> AccountTag:
    number, count = row.get("id"), row.get("count")
    if not isinstance(number, int):
        raise Refused("platform_unreadable", "wechat: tags")
    return AccountTag(number, text_at(row, "name"), count if isinstance(count, int) else 0)
