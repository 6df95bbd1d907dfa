"""Tags of an account: which there are, who has them, and how one is given; at most fifty people a call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from guanxi.channels.wechat.client import WeChatClient

BATCH_MAX = 50


@dataclass(frozen=True, slots=True)
class AccountTag:
    """A tag as the platform numbers and names it."""

    id: int
    name: str
    count: int


def tags(client: WeChatClient) -> tuple[AccountTag, ...]:
    """The account's tags."""
    rows = client.get("/cgi-bin/tags/get").get("tags") or ()
    return tuple(AccountTag(int(row["id"]), str(row["name"]), int(row.get("count") or 0)) for row in rows)


def create_tag(client: WeChatClient, name: str) -> AccountTag:
    """The account has a tag of this name."""
    made = client.post("/cgi-bin/tags/create", {"tag": {"name": name}})["tag"]
    return AccountTag(int(made["id"]), str(made["name"]), 0)


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
        openids = (words.get("data") or {}).get("openid") or ()
        yield from (str(openid) for openid in openids)
        before, after = after, str(words.get("next_openid") or "")
        if not openids or not after or after == before:
            return
