"""Who follows an account, as WeChat's API tells: lists of openids, and the little it still says of each.

Since 2021-12-27 names, cities and portraits come empty; what is empty is left out and never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from guanxi.channels.wechat.client import WeChatClient
from guanxi.vocabulary.reasons import Refused

BATCH_MAX = 100


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
        openids = tuple(str(one) for one in (words.get("data") or {}).get("openid") or ())
        if openids:
            yield openids
        before, after = after, str(words.get("next_openid") or "")
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
        yield from (_follower(row) for row in words.get("user_info_list") or ())


def _follower(row: dict[str, Any]) -> Follower:
    openid = str(row.get("openid") or "")
    if not row.get("subscribe"):
        return Follower(openid, follows=False)
    moment = int(row.get("subscribe_time") or 0)
    return Follower(
        openid,
        follows=True,
        union_id=str(row.get("unionid") or ""),
        followed_at=datetime.fromtimestamp(moment, UTC) if moment else None,
        language=str(row.get("language") or ""),
        came_by=str(row.get("subscribe_scene") or ""),
        scene=str(row.get("qr_scene_str") or row.get("qr_scene") or ""),
        tags=tuple(int(tag) for tag in row.get("tagid_list") or ()),
    )
