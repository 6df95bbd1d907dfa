"""Who follows an account, as WeChat's API tells: lists of openids, and the little it still says of each.

Since 2021-12-27 names, cities and portraits come empty; what is empty is left out and never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from guanxi.channels.reading import Object, each_at, moment_at, text_at, texts_at
from guanxi.channels.wechat.client import WeChatClient
from guanxi.vocabulary.reasons import Refused

BATCH_MAX = 100
_NEVER = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Follower:
    """What WeChat says of one openid; of somebody who does not follow, only that."""

    openid: str
    follows: bool
    union_id: str = ""
    followed_at: datetime | None = None
    language: str = ""
    came_by: str = ""
    scene: str = ""
    tags: tuple[int, ...] = ()


def follower_pages(client: WeChatClient) -> Iterator[tuple[str, ...]]:
    """Every follower's openid, in the pages in which WeChat gives them (10,000 each)."""
    after = ""
    while True:
        words = client.get("/cgi-bin/user/get", next_openid=after)
        openids = tuple(texts_at(words, "data", "openid"))
        if openids:
            yield openids
        before, after = after, text_at(words, "next_openid")
        if not after or not openids:
            return
        if after == before:
            raise Refused("platform_unreadable", "wechat: the list of followers runs in a circle")


def follower(client: WeChatClient, openid: str) -> Follower:
    """What WeChat says of one openid."""
    return _follower(client.get("/cgi-bin/user/info", openid=openid, lang="zh_CN"))


def followers(client: WeChatClient, openids: Sequence[str]) -> Iterator[Follower]:
    """What WeChat says of each, a hundred a call."""
    for start in range(0, len(openids), BATCH_MAX):
        some = openids[start : start + BATCH_MAX]
        asked = {"user_list": [{"openid": openid, "lang": "zh_CN"} for openid in some]}
        words = client.post("/cgi-bin/user/info/batchget", asked)
        yield from map(_follower, each_at(words, "user_info_list"))


def _follower(row: Object) -> Follower:
    openid = text_at(row, "openid")
    if not row.get("subscribe"):
        return Follower(openid, follows=False)
    since = moment_at(row, "subscribe_time", otherwise=_NEVER)
    tags = row.get("tagid_list")
    return Follower(
        openid,
        follows=True,
        union_id=text_at(row, "unionid"),
        followed_at=None if since == _NEVER else since,
        language=text_at(row, "language"),
        came_by=text_at(row, "subscribe_scene"),
        scene=text_at(row, "qr_scene_str") or _number(text_at(row, "qr_scene")),
        tags=tuple(tag for tag in tags if isinstance(tag, int)) if isinstance(tags, list) else (),
    )


def _number(written: str) -> str:
    """A permanent scene's number; 0 is none."""
    return "" if written == "0" else written
