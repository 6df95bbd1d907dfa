"""Whatever a signed body holds, a platform tells, keeps, or refuses by a code; it never breaks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hearing import CAME_AT, posted, silent
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.channels.email.signing import HEADER as EMAIL_HEADER
from guanxi.channels.email.signing import sign
from guanxi.channels.hook import HookRequest, Inbound
from guanxi.channels.line.signing import HEADER as LINE_HEADER
from guanxi.channels.line.signing import signature as line_signature
from guanxi.channels.registry import open_inbound
from guanxi.channels.telegram.signing import HEADER as TELEGRAM_HEADER
from guanxi.channels.wechat.signing import encrypt, signature
from guanxi.channels.whatsapp.signing import HEADER as WHATSAPP_HEADER
from guanxi.channels.whatsapp.signing import signature as whatsapp_signature
from guanxi.channels.x.signing import HEADER as X_HEADER
from guanxi.channels.x.signing import crc_answer
from guanxi.vocabulary.reasons import Refused

WORDS = re.findall(
    r"\S+",
    """
    update_id message from id is_bot chat type private group supergroup title text /start date
    new_chat_members left_chat_member my_chat_member chat_member new_chat_member old_chat_member
    status member kicked user message_reaction new_reaction callback_query data events source userId
    groupId webhookEventId timestamp follow unfollow memberJoined joined members postback unsend
    entry changes field value messages contacts wa_id user_id profile name statuses errors code
    user_preferences category marketing_messages stop system interactive button reaction emoji
    for_user_id tweet_create_events id_str retweeted_status quoted_status favorite_events
    favorited_status follow_events target direct_message_events message_create sender_id user_event
    revoke users created_at timestamp_ms user_changed_number previous_user_id
    """,
)
_leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.sampled_from(WORDS),
    st.text(max_size=9),
)
_bodies = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(WORDS), inner, max_size=5)
    ),
    max_leaves=25,
)
LINE = open_inbound("line", {"channel_secret": "s"})
TELEGRAM = open_inbound("telegram", {"secret_token": "s"})
WHATSAPP = open_inbound("whatsapp", {"app_secret": "s", "verify_token": "v"})
X = open_inbound("x", {"consumer_secret": "s"})
EMAIL = open_inbound("email", {"hook_secret": "s"})
KEY = "A" * 43
WECOM = open_inbound("wecom", {"corp_id": "ww1", "token": "t", "aes_key": KEY})


def hear(inbound: Inbound, request: HookRequest) -> None:
    try:
        heard = inbound.hear(request, silent)
    except Refused:
        return
    for one in heard.told:
        assert isinstance(one.actor, str)
        assert one.happened_at.tzinfo is not None
        json.dumps(dict(one.traits or {})).encode()
        "\n".join(
            (one.actor, one.reference or "", one.through or "", one.content or "", one.identity)
        ).encode()
    assert all(unread.raw.encode() is not None for unread in heard.unread)


def in_x(body: bytes) -> str:
    return crc_answer("s", body.decode("latin-1"))["response_token"] if body.isascii() else ""


JSON: dict[str, tuple[Inbound, Callable[[bytes], dict[str, str]]]] = {
    "line": (LINE, lambda body: {LINE_HEADER: line_signature("s", body)}),
    "telegram": (TELEGRAM, lambda body: {TELEGRAM_HEADER: "s"}),
    "whatsapp": (WHATSAPP, lambda body: {WHATSAPP_HEADER: whatsapp_signature("s", body)}),
    "x": (X, lambda body: {X_HEADER: in_x(body)}),
}
_OUTER: dict[str, Callable[[Any], Any]] = {
    "line": lambda body: {"events": [body, {"type": "message", "message": body, "source": body}]},
    "telegram": lambda body: {"update_id": 1, "message": body} if isinstance(body, dict) else body,
    "whatsapp": lambda body: {"entry": [{"changes": [{"field": "messages", "value": body}, body]}]},
    "x": lambda body: {"for_user_id": "1", "tweet_create_events": [body], "follow_events": body},
}


@pytest.mark.parametrize("platform", sorted(JSON))
@settings(max_examples=50, deadline=None)
@given(body=_bodies, inside=st.booleans())
def test_any_json_is_told_kept_or_refused(platform: str, body: Any, inside: bool) -> None:
    inbound, signed = JSON[platform]
    raw = json.dumps(_OUTER[platform](body) if inside else body).encode()
    hear(inbound, posted(raw, signed(raw)))


@pytest.mark.parametrize("platform", sorted(JSON))
@settings(max_examples=30, deadline=None)
@given(raw=st.binary(max_size=200))
def test_any_bytes_are_told_kept_or_refused(platform: str, raw: bytes) -> None:
    inbound, signed = JSON[platform]
    hear(inbound, posted(raw, signed(raw)))


_LINES = st.sampled_from(
    ["From: a@b.cc", "From: =?utf-8?b?/w==?= <a@b.cc>", "Content-Type: multipart/report; report-type=delivery-status;"
     " boundary=b", "Content-Type: text/html", "", "--b", "--b--", "Content-Type: message/delivery-status",
     "Final-Recipient: rfc822; x@y.zz", "Final-Recipient: ;;;", "Status: 5", "Date: 99999", "\x00", "stop", "> stop",
     "Content-Transfer-Encoding: base64", "<p><blockquote", "Content-Type: message/rfc822", "In-Reply-To: <>"]
)  # fmt: skip


@settings(max_examples=50, deadline=None)
@given(lines=st.lists(_LINES | st.text(max_size=30), max_size=25))
def test_any_message_is_told_kept_or_refused(lines: list[str]) -> None:
    raw = "\r\n".join(lines).encode(errors="replace")
    hear(EMAIL, posted(raw, {EMAIL_HEADER: sign("s", int(CAME_AT.timestamp()), raw)}))


_XML = st.lists(
    st.sampled_from(
        ["<xml>", "</xml>", "<Event>change_external_chat</Event>", "<Event>change_external_contact</Event>",
         "<ChangeType>update</ChangeType>", "<UpdateDetail>add_member</UpdateDetail>", "<MemChangeList>",
         "</MemChangeList>", "<Item>wm1</Item>", "<CreateTime>99999999999999</CreateTime>", "<CreateTime/>", "&#0;",
         "<ExternalUserID><a/></ExternalUserID>", "<!DOCTYPE a>", "<ChangeType>del_follow_user</ChangeType>"]
    ),
    max_size=15,
).map("".join)  # fmt: skip


@settings(max_examples=50, deadline=None)
@given(inner=_XML)
def test_any_push_of_wecom_is_told_kept_or_refused(inner: str) -> None:
    for plain in (inner, f"<xml>{inner}</xml>"):
        sealed = encrypt(KEY, plain.encode(), "ww1", bytes(16))
        query = {"msg_signature": signature("t", "1", "n", sealed), "timestamp": "1", "nonce": "n"}
        hear(WECOM, posted(f"<xml><Encrypt>{sealed}</Encrypt></xml>".encode(), {}, query))
