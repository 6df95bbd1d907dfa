"""QR pictures of an account: one for thirty days at most, or one for good, of which an account has 100,000.

The scene inside is a short code of ours that says nothing by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from guanxi.channels.wechat.client import API, WeChatClient
from guanxi.vocabulary.reasons import Refused

SECONDS_MAX = 2_592_000
SCENE_LETTERS_MAX = 64
_PICTURES = "https://mp.weixin.qq.com"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was made; ``seconds`` is None for one that stays."""

    ticket: str
    image: str
    content: str
    seconds: int | None


def make_picture(client: WeChatClient, scene: str, seconds: int | None) -> Picture:
    """WeChat has a picture with this scene; for so many seconds, or for good where None."""
    if not 1 <= len(scene) <= SCENE_LETTERS_MAX:
        raise Refused("scene_unfit", scene[:SCENE_LETTERS_MAX])
    if seconds is not None and not 60 <= seconds <= SECONDS_MAX:
        raise Refused("scene_seconds", str(seconds))
    words: dict[str, Any] = {"action_info": {"scene": {"scene_str": scene}}}
    words["action_name"] = "QR_LIMIT_STR_SCENE" if seconds is None else "QR_STR_SCENE"
    if seconds is not None:
        words["expire_seconds"] = seconds
    made = client.post("/cgi-bin/qrcode/create", words)
    ticket = str(made.get("ticket") or "")
    if not ticket:
        raise Refused("platform_unreadable", "wechat: qrcode/create")
    shown_by = _PICTURES if client.address == API else client.address
    image = f"{shown_by}/cgi-bin/showqrcode?ticket={quote(ticket, safe='')}"
    return Picture(ticket, image, str(made.get("url") or ""), seconds)
