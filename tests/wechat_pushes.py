"""Pushes as WeChat sends them, built from its field tables, with real signatures; and what each must tell."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

from guanxi.channels.hook import HookRequest, ReplyOn
from guanxi.channels.wechat.signing import encrypt, signature

APP, TOKEN, KEY = "wxba5fad812f8e6fb9", "AAAAA", "A" * 42 + "E"
FAN, BRAND = "o9AgO5Kd5ggOC-bXrbNODIiE3bGY", "gh_97417a04a28d"
AT = datetime(2026, 11, 1, 12, tzinfo=UTC)
SETTINGS = {"app_id": APP, "token": TOKEN, "aes_key": KEY}
Fields = dict[str, Any]


def push(kind: str, message_id: str = "", **fields: Any) -> Fields:
    sent = {
        "ToUserName": BRAND,
        "FromUserName": FAN,
        "CreateTime": str(int(AT.timestamp()) - 2),
        "MsgType": kind,
        **fields,
    }
    return {**sent, "MsgId": message_id} if message_id else sent


def event(name: str, **fields: Any) -> Fields:
    return push("event", Event=name, **fields)


def as_xml(fields: Mapping[str, Any]) -> bytes:
    return f"<xml>{_elements(fields)}</xml>".encode()


def as_json(fields: Mapping[str, Any]) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode()


def _elements(fields: Mapping[str, Any]) -> str:
    return "".join(_element(name, one) for name, value in fields.items() for one in _several(value))


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _element(name: str, value: Any) -> str:
    inner = _elements(value) if isinstance(value, Mapping) else escape(str(value))
    return f"<{name}>{inner}</{name}>"


def request(body: bytes, mode: str = "plain", at: datetime = AT, app: str = APP, **query: str) -> HookRequest:
    """The push as the platform would deliver it in a mode; ``query`` overrides what is signed."""
    timestamp, nonce = str(int(at.timestamp())), "415670741"
    signed = {"signature": signature(TOKEN, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}
    if mode != "plain":
        encrypted = encrypt(KEY, body, app, b"0123456789abcdef")
        signed["encrypt_type"] = "aes"
        signed["msg_signature"] = signature(TOKEN, timestamp, nonce, encrypted)
        body = _enveloped(body, encrypted, mode)
    return HookRequest("POST", {**signed, "openid": FAN, **query}, {}, body, at)


def _enveloped(body: bytes, encrypted: str, mode: str) -> bytes:
    """In compat mode what is written in the open is a lie, so that nobody may believe it."""
    lies = {"ToUserName": BRAND}
    if mode == "compat":
        lies |= {"FromUserName": "forged", "MsgType": "event", "Event": "unsubscribe", "CreateTime": "1"}
    fields = {**lies, "Encrypt": encrypted}
    return as_xml(fields) if body.lstrip().startswith(b"<") else as_json(fields)


def silent(on: ReplyOn, words: str) -> str | None:
    """Rules of an account that has none."""
    return None


TEMPLATE = "tmpl-1"
LIST = {"TemplateId": TEMPLATE, "SubscribeStatusString": "accept", "PopupScene": "0"}
SECOND = {"TemplateId": "tmpl-2", "SubscribeStatusString": "reject", "PopupScene": "0"}
TAKEN_BACK = {"FromUserName": "platform", "OpenID": FAN, "AppID": APP}
AGREED = {"purpose": "engage", "channel": "wechat", "scene": "0"}

# Name, push, and the activities it must tell as (kind, actor, reference, content, traits).
Expected = tuple[str, str, str | None, str | None, dict[str, Any] | None]


def one(
    kind: str,
    reference: str | None = None,
    content: str | None = None,
    actor: str = FAN,
    **traits: Any,
) -> list[Expected]:
    return [(kind, actor, reference, content, traits or None)]


MESSAGES: dict[str, tuple[Fields, list[Expected]]] = {
    "text": (push("text", "1", Content="你好"), one("messaged", "1", form="text", text="你好")),
    "text that asks for silence": (
        push("text", "12", Content="请退订"),
        [*one("messaged", "12", form="text", text="请退订"), *one("withdrew", "12", said="请退订")],
    ),
    "text from an article": (
        push("text", "2", Content="x", MsgDataId="12003", Idx="3"),
        one("messaged", "2", "12003_3", form="text", text="x"),
    ),
    "text to one of several businesses": (
        push("text", "3", Content="x", BusinessId="7"),
        one("messaged", "3", form="text", text="x", business="7"),
    ),
    "choice in a menu message": (
        push("text", "4", Content="yes", bizmsgmenuid="101"),
        one("clicked", "101", by="menu_message", text="yes"),
    ),
    "image": (
        push("image", "5", PicUrl="http://x/1", MediaId="m1"),
        one("messaged", "5", form="image", media="m1"),
    ),
    "voice": (
        push("voice", "6", MediaId="m2", Format="amr", Recognition="退订"),
        [
            *one("messaged", "6", form="voice", media="m2", format="amr", text="退订"),
            *one("withdrew", "6", said="退订"),
        ],
    ),
    "video": (
        push("video", "7", MediaId="m3", ThumbMediaId="t"),
        one("messaged", "7", form="video", media="m3"),
    ),
    "shortvideo": (
        push("shortvideo", "8", MediaId="m4", ThumbMediaId="t"),
        one("messaged", "8", form="video", media="m4"),
    ),
    "location": (
        push("location", "9", Location_X="23.134521", Location_Y="113.358803", Scale="20", Label="Home"),
        one("messaged", "9", form="location"),
    ),
    "link": (
        push("link", "10", Title="T", Description="D", Url="https://x/1"),
        one("messaged", "10", form="link", title="T", about="D", address="https://x/1"),
    ),
    "miniprogrampage": (
        push("miniprogrampage", "11", Title="T", AppId="wx9", PagePath="p/1", ThumbUrl="u", ThumbMediaId="t"),
        one("messaged", "11", form="mini_program_page", title="T", app="wx9", page="p/1"),
    ),
}
PEOPLE: dict[str, tuple[Fields, list[Expected]]] = {
    "subscribe": (event("subscribe", EventKey=""), one("followed")),
    "subscribe by a scene": (
        event("subscribe", EventKey="qrscene_q:store7", Ticket="t"),
        one("followed", "q:store7"),
    ),
    "subscribe after a payment": (
        event("subscribe", EventKey="last_trade_no_4200"),
        one("followed", by="last_trade_no_4200"),
    ),
    "unsubscribe": (event("unsubscribe", EventKey=""), one("unfollowed")),
    "scan": (event("SCAN", EventKey="q:store7", Ticket="t"), one("clicked", "q:store7", by="scan")),
    "place": (event("LOCATION", Latitude="23.137466", Longitude="113.352425", Precision="119.38"), []),
    "click": (event("CLICK", EventKey="NEWS"), one("clicked", "NEWS", by="menu")),
    "view": (
        event("VIEW", EventKey="https://brand/spring", MenuId="42"),
        one("clicked", "42", "https://brand/spring", by="menu"),
    ),
    "view_miniprogram": (
        event("view_miniprogram", EventKey="pages/1", MenuId="43"),
        one("clicked", "43", "pages/1", by="menu_mini_program"),
    ),
    "scancode_push": (
        event("scancode_push", EventKey="6", ScanCodeInfo={"ScanType": "qrcode", "ScanResult": "1"}),
        one("clicked", "6", by="menu_scan", code="1", form="qrcode"),
    ),
    "scancode_waitmsg": (
        event("scancode_waitmsg", EventKey="6", ScanCodeInfo={"ScanType": "qrcode", "ScanResult": "2"}),
        one("clicked", "6", by="menu_scan", code="2", form="qrcode"),
    ),
    **{
        name: (
            event(
                name, EventKey="6", SendPicsInfo={"Count": "1", "PicList": {"item": {"PicMd5Sum": "1b5f"}}}
            ),
            one("clicked", "6", by="menu_photo", pictures="1"),
        )
        for name in ("pic_sysphoto", "pic_photo_or_album", "pic_weixin")
    },
    "location_select": (
        event(
            "location_select",
            EventKey="6",
            SendLocationInfo={"Location_X": "23", "Location_Y": "113", "Scale": "15", "Label": "Home"},
        ),
        one("clicked", "6", by="menu_place"),
    ),
    "popup, one template": (
        event("subscribe_msg_popup_event", SubscribeMsgPopupEvent={"List": LIST}),
        one("consented", TEMPLATE, **AGREED),
    ),
    "popup, two templates": (
        event("subscribe_msg_popup_event", SubscribeMsgPopupEvent={"List": [LIST, SECOND]}),
        [*one("consented", TEMPLATE, **AGREED), *one("withdrew", "tmpl-2", **AGREED)],
    ),
    "subscription switched off": (
        event(
            "subscribe_msg_change_event",
            SubscribeMsgChangeEvent={"List": {"TemplateId": TEMPLATE, "SubscribeStatusString": "reject"}},
        ),
        one("withdrew", TEMPLATE, purpose="engage", channel="wechat"),
    ),
    "taken back: nickname": (
        event("user_authorization_revoke", **TAKEN_BACK, RevokeInfo="205"),
        one("revoked", fields=["name", "avatar"]),
    ),
    "taken back: several": (
        event("user_authorization_revoke", **TAKEN_BACK, RevokeInfo="201,206"),
        one("revoked", fields=["address", "location"]),
    ),
    "taken back: unheard of": (
        event("user_authorization_revoke", **TAKEN_BACK, RevokeInfo="999"),
        one("revoked", fields=["all"]),
    ),
    "account closed": (
        event("user_authorization_cancellation", **TAKEN_BACK, RevokeInfo="201,205"),
        one("revoked", fields=["all"]),
    ),
    "profile cleaned, in lower case": (
        event("user_info_modified", FromUserName="platform", openid=FAN, appid=APP),
        one("revoked", fields=["name", "avatar"]),
    ),
}
NOTICES: dict[str, tuple[Fields, list[Expected]]] = {
    "template sent": (
        event("TEMPLATESENDJOBFINISH", MsgID="200", Status="failed:user block"),
        one("noted", "200", notice="templatesendjobfinish", status="failed:user block"),
    ),
    "subscription notice sent": (
        event(
            "subscribe_msg_sent_event",
            SubscribeMsgSentEvent={
                "List": {"TemplateId": TEMPLATE, "MsgID": "17", "ErrorCode": "0", "ErrorStatus": "success"}
            },
        ),
        one("noted", "17", notice="subscribe_msg_sent_event", template=TEMPLATE, code="0", status="success"),
    ),
    "mass message sent": (
        event(
            "MASSSENDJOBFINISH",
            MsgID="10001",
            Status="send success",
            TotalCount="100",
            FilterCount="80",
            SentCount="75",
            ErrorCount="5",
        ),
        one(
            "noted",
            "10001",
            actor="",
            notice="masssendjobfinish",
            status="send success",
            total="100",
            filtered="80",
            sent="75",
            failed="5",
        ),
    ),
    "article published": (
        event(
            "PUBLISHJOBFINISH",
            PublishEventInfo={"publish_id": "247", "publish_status": "2", "fail_idx": ["1", "2"]},
        ),
        one("noted", "247", actor="", notice="freepublishjobfinish", status="2"),
    ),
    "article published, as libraries have it": (
        event(
            "FREEPUBLISHJOBFINISH",
            PublishEventInfo={
                "publish_id": "247",
                "publish_status": "0",
                "article_id": "b5O",
                "article_detail": {"count": "1", "item": {"idx": "1", "article_url": "https://x/1"}},
            },
        ),
        one("noted", "247", actor="", notice="freepublishjobfinish", status="0", article="b5O"),
    ),
    "agent begins": (
        event("kf_create_session", KfAccount="a@b"),
        one("noted", notice="kf_create_session", agent="a@b"),
    ),
    "agent ends": (
        event("kf_close_session", KfAccount="a@b", CloseType="KF"),
        one("noted", notice="kf_close_session", agent="a@b", how="KF"),
    ),
    "agents change": (
        event("kf_switch_session", FromKfAccount="a@b", ToKfAccount="c@b"),
        one("noted", notice="kf_switch_session", agent="c@b", before="a@b"),
    ),
    "card taken": (
        event("user_get_card", CardId="p1", IsGiveByFriend="0", UserCardCode="1"),
        one("noted", "p1", notice="user_get_card"),
    ),
    "verification runs out": (
        event("verify_expired", ExpiredTime="1442401061"),
        one("noted", actor="", notice="verify_expired", until="1442401061"),
    ),
    "verification to be renewed": (
        event("annual_renew", ExpiredTime="1442401004"),
        one("noted", actor="", notice="annual_renew", until="1442401004"),
    ),
    "verification refused": (
        event("qualification_verify_fail", FailTime="1442401156", FailReason="by time"),
        one("noted", actor="", notice="qualification_verify_fail", failed_at="1442401156", why="by time"),
    ),
    "order in the shop": (
        event("merchant_order", OrderId="o1", OrderStatus="2", ProductId="p"),
        one("noted", "o1", notice="merchant_order", status="2", product="p"),
    ),
}
PUSHES = {**MESSAGES, **PEOPLE, **NOTICES}
