"""What a push asks the reply rules, and what it never asks."""

from __future__ import annotations

import pytest

from guanxi.channels.hook import ReplyOn
from guanxi.channels.wechat.inbound import open_inbound
from wechat_pushes import PUSHES, SETTINGS, as_xml, request

ASKS = {
    "text": (ReplyOn.TEXT, "你好"),
    "text that asks for silence": (ReplyOn.TEXT, "请退订"),
    "text from an article": (ReplyOn.TEXT, "x"),
    "text to one of several businesses": (ReplyOn.TEXT, "x"),
    "choice in a menu message": (ReplyOn.TEXT, "yes"),
    "subscribe": (ReplyOn.FOLLOW, ""),
    "subscribe by a scene": (ReplyOn.FOLLOW, "q:store7"),
    "subscribe after a payment": (ReplyOn.FOLLOW, ""),
    "scan": (ReplyOn.SCAN, "q:store7"),
    "click": (ReplyOn.MENU, "NEWS"),
    "scancode_push": (ReplyOn.MENU, "6"),
    "scancode_waitmsg": (ReplyOn.MENU, "6"),
    "pic_sysphoto": (ReplyOn.MENU, "6"),
    "pic_photo_or_album": (ReplyOn.MENU, "6"),
    "pic_weixin": (ReplyOn.MENU, "6"),
    "location_select": (ReplyOn.MENU, "6"),
}


@pytest.mark.parametrize("name", PUSHES)
def test_only_what_somebody_did_towards_the_account_is_answered(name: str) -> None:
    asked: list[tuple[ReplyOn, str]] = []

    def eager(on: ReplyOn, words: str) -> str | None:
        asked.append((on, words))
        return "hello"

    heard = open_inbound({**SETTINGS, "mode": "plain"}).hear(request(as_xml(PUSHES[name][0])), eager)
    assert asked == ([ASKS[name]] if name in ASKS else [])
    assert (b"hello" in heard.answer.body) == (name in ASKS)
    assert asked or heard.answer.body == b"success"
