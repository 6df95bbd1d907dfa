"""What each event means, by ``Event`` in lower case: what people do, what they allow, what the platform notes.

Shapes: CHANNELS 1.4 (wechatpy tests/test_events.py, SKIT event samples; authorization_change.md for what
people take back). ``scene`` is ``EventKey`` without ``qrscene_``; ``brought_by`` is ``EventKey`` where it is no
scene; ``revoked`` is ``RevokeInfo`` as names of facts.
"""

from __future__ import annotations

from collections.abc import Mapping

from guanxi.channels.hook import ReplyOn
from guanxi.channels.wechat.entry import Entry, Who
from guanxi.vocabulary.activity import Kind

REVOKED: Mapping[str, tuple[str, ...]] = {
    "201": ("address",),
    "202": ("invoice",),
    "203": ("card",),
    "204": ("microphone",),
    "205": ("name", "avatar"),
    "206": ("location",),
    "207": ("picture", "video"),
}
"""What each code of ``RevokeInfo`` takes back; a code that is not here takes back everything."""


def _pressed(by: str, **traits: str) -> Entry:
    return Entry(
        Kind.CLICKED,
        reference="eventkey",
        says={"by": by},
        traits=traits,
        reply_on=ReplyOn.MENU,
        reply_words="eventkey",
    )


def _noted(notice: str, reference: str = "", who: Who = Who.SENDER, each: str = "", **traits: str) -> Entry:
    return Entry(Kind.NOTED, who=who, reference=reference, says={"notice": notice}, traits=traits, each=each)


def _of_account(notice: str, reference: str = "", **traits: str) -> Entry:
    return _noted(notice, reference, Who.NOBODY, **traits)


def _asked(at: str) -> Entry:
    return Entry(
        None,
        reference="templateid",
        says={"purpose": "engage", "channel": "wechat"},
        traits={"scene": "popupscene"},
        each=at,
        choose="subscribestatusstring",
        kinds={"accept": Kind.CONSENTED, "reject": Kind.WITHDREW},
    )


_DONE: Mapping[str, Entry] = {
    "subscribe": Entry(
        Kind.FOLLOWED,
        reference="scene",
        traits={"by": "brought_by"},
        reply_on=ReplyOn.FOLLOW,
        reply_words="scene",
    ),
    "unsubscribe": Entry(Kind.UNFOLLOWED),
    "scan": Entry(
        Kind.CLICKED, reference="scene", says={"by": "scan"}, reply_on=ReplyOn.SCAN, reply_words="scene"
    ),
    "location": Entry(
        Kind.IDENTIFIED, says={"source": "wechat"}, traits={"facts.location": "place"}, needs="place"
    ),
    "click": _pressed("menu"),
    "view": Entry(Kind.CLICKED, content="eventkey", reference="menuid", says={"by": "menu"}),
    "view_miniprogram": Entry(
        Kind.CLICKED, content="eventkey", reference="menuid", says={"by": "menu_mini_program"}
    ),
    "scancode_push": _pressed("menu_scan", code="scancodeinfo.scanresult", form="scancodeinfo.scantype"),
    "scancode_waitmsg": _pressed("menu_scan", code="scancodeinfo.scanresult", form="scancodeinfo.scantype"),
    "pic_sysphoto": _pressed("menu_photo", pictures="sendpicsinfo.count"),
    "pic_photo_or_album": _pressed("menu_photo", pictures="sendpicsinfo.count"),
    "pic_weixin": _pressed("menu_photo", pictures="sendpicsinfo.count"),
    "location_select": _pressed("menu_place", place="place"),
}
_ALLOWED: Mapping[str, Entry] = {
    "subscribe_msg_popup_event": _asked("subscribemsgpopupevent.list"),
    "subscribe_msg_change_event": _asked("subscribemsgchangeevent.list"),
    "user_info_modified": Entry(Kind.REVOKED, who=Who.OPEN_ID, traits={"fields": "modified"}),
    "user_authorization_revoke": Entry(Kind.REVOKED, who=Who.OPEN_ID, traits={"fields": "revoked"}),
    "user_authorization_cancellation": Entry(Kind.REVOKED, who=Who.OPEN_ID, traits={"fields": "everything"}),
}
# WeChat's page Callback_on_finish.html calls it PUBLISHJOBFINISH, libraries' samples FREEPUBLISHJOBFINISH.
_PUBLISHED = _of_account(
    "freepublishjobfinish",
    "publisheventinfo.publish_id",
    status="publisheventinfo.publish_status",
    article="publisheventinfo.article_id",
)
_SENT: Mapping[str, Entry] = {
    "templatesendjobfinish": _noted("templatesendjobfinish", "msgid", status="status"),
    "subscribe_msg_sent_event": _noted(
        "subscribe_msg_sent_event",
        "msgid",
        each="subscribemsgsentevent.list",
        template="templateid",
        code="errorcode",
        status="errorstatus",
    ),
    "masssendjobfinish": _of_account(
        "masssendjobfinish",
        "msgid",
        status="status",
        total="totalcount",
        filtered="filtercount",
        sent="sentcount",
        failed="errorcount",
    ),
    "publishjobfinish": _PUBLISHED,
    "freepublishjobfinish": _PUBLISHED,
    "kf_create_session": _noted("kf_create_session", agent="kfaccount"),
    "kf_close_session": _noted("kf_close_session", agent="kfaccount", how="closetype"),
    "kf_switch_session": _noted("kf_switch_session", agent="tokfaccount", before="fromkfaccount"),
}
_CARDS = (
    "user_get_card",
    "user_gifting_card",
    "user_del_card",
    "user_consume_card",
    "user_pay_from_pay_cell",
    "user_view_card",
    "user_enter_session_from_card",
    "update_member_card",
    "submit_membercard_user_info",
)
_ACCOUNT = (
    "card_pass_check",
    "card_not_pass_check",
    "card_merchant_check_result",
    "card_sku_remind",
    "card_pay_order",
    "poi_check_notify",
    "qualification_verify_success",
    "qualification_verify_fail",
    "naming_verify_success",
    "naming_verify_fail",
    "annual_renew",
    "verify_expired",
)
_NOTED: Mapping[str, Entry] = {
    **{name: _noted(name, "cardid") for name in _CARDS},
    **{
        name: _of_account(name, "cardid", until="expiredtime", failed_at="failtime", why="failreason")
        for name in _ACCOUNT
    },
    "merchant_order": _noted("merchant_order", "orderid", status="orderstatus", product="productid"),
    "wificonnected": _noted("wificonnected", "shopid"),
    "shakearoundusershake": _noted("shakearoundusershake", "chosenbeacon.uuid"),
}
EVENTS: Mapping[str, Entry] = {**_DONE, **_ALLOWED, **_SENT, **_NOTED}
