"""What each type of message means: the types of the platform's page on ordinary messages, by ``MsgType``.

Shapes: CHANNELS 1.3 (wechatpy tests/test_parser.py, SKIT event samples). ``menu_text`` is a text with
``bizmsgmenuid``: a choice in a menu message, which opens a shorter window than a message does. ``place`` is
what the account keeps of a place: nothing, or a coarse one.
"""

from __future__ import annotations

from collections.abc import Mapping

from guanxi.channels.hook import ReplyOn
from guanxi.channels.wechat.entry import Entry
from guanxi.vocabulary.activity import Kind


def _message(form: str, reply_on: ReplyOn | None = None, **traits: str) -> Entry:
    return Entry(
        Kind.MESSAGED,
        reference="msgid",
        content="article",
        says={"form": form},
        traits={"business": "businessid", **traits},
        reply_on=reply_on,
        reply_words="content",
    )


MESSAGES: Mapping[str, Entry] = {
    "text": _message("text", ReplyOn.TEXT, text="content"),
    "menu_text": Entry(
        Kind.CLICKED,
        reference="bizmsgmenuid",
        says={"by": "menu_message"},
        traits={"text": "content"},
        reply_on=ReplyOn.TEXT,
        reply_words="content",
    ),
    "image": _message("image", media="mediaid"),
    "voice": _message("voice", media="mediaid", format="format", text="recognition"),
    "video": _message("video", media="mediaid"),
    "shortvideo": _message("video", media="mediaid"),
    "location": _message("location", place="place"),
    "link": _message("link", title="title", about="description", address="url"),
    "miniprogrampage": _message("mini_program_page", title="title", app="appid", page="pagepath"),
}
