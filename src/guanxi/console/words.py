"""The glossary's words for codes that rooms use: platforms, kinds, bands, verdicts, states, facts."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = Mapping[str, Promise]

PLATFORMS: Words = {
    "wechat": _("WeChat"),
    "wecom": _("WeCom"),
    "weibo": _("Weibo"),
    "line": _("LINE"),
    "whatsapp": _("WhatsApp"),
    "telegram": _("Telegram"),
    "kakao": _("KakaoTalk"),
    "x": _("X"),
    "facebook": _("Facebook"),
    "instagram": _("Instagram"),
    "pinterest": _("Pinterest"),
    "email": _("Email"),
    "sms": _("SMS"),
    "web": _("Web site"),
    "shop": _("Shop"),
    "echo": _("Echo (test)"),
}
KINDS: Words = {
    "followed": _("followed"),
    "unfollowed": _("unfollowed"),
    "identified": _("told us about themselves"),
    "clicked": _("clicked"),
    "viewed": _("checked content"),
    "liked": _("liked"),
    "commented": _("commented"),
    "replied": _("replied"),
    "mentioned": _("mentioned"),
    "messaged": _("sent a message"),
    "shared": _("shared"),
    "opened": _("opened a share"),
    "reshared": _("shared again"),
    "joined": _("joined a group"),
    "left": _("left a group"),
    "parted": _("parted from an employee"),
    "answered": _("answered a poll"),
    "attended": _("attended"),
    "published": _("published"),
    "ordered": _("ordered"),
    "refunded": _("returned goods"),
    "recorded": _("recorded"),
    "consented": _("gave consent"),
    "withdrew": _("withdrew consent"),
    "tagged": _("was tagged"),
    "untagged": _("lost a tag"),
    "revoked": _("took back what they had told"),
    "noted": _("the platform noted something"),
}
NOTICES: Words = {
    "verify_expired": _("The account's verification has run out"),
    "annual_renew": _("The account's yearly verification is due"),
    "qualification_verify_fail": _("The account's verification failed"),
    "naming_verify_fail": _("The account's name was not verified"),
    "botSuspended": _("The account is suspended"),
    "botResumed": _("The account works again"),
    "deactivated": _("The account no longer receives messages"),
    "account_update": _("The platform changed the account's standing"),
    "account_alerts": _("The platform warns about the account"),
    "phone_number_quality_update": _("The number's quality or limit changed"),
    "token_revoked": _("The account took its permission back"),
    "qualification_verify_success": _("The account was verified"),
    "naming_verify_success": _("The account's name was verified"),
    "masssendjobfinish": _("a mass message has gone out"),
    "templatesendjobfinish": _("template message delivered or refused"),
    "subscribe_msg_sent_event": _("subscription notice delivered or refused"),
    "freepublishjobfinish": _("an article was published or refused"),
    "kf_create_session": _("talk with an agent began"),
    "kf_switch_session": _("talk with an agent went to another"),
    "kf_close_session": _("talk with an agent ended"),
    "user_get_card": _("card taken"),
    "user_gifting_card": _("card given away"),
    "user_del_card": _("card thrown away"),
    "user_consume_card": _("card redeemed"),
    "user_view_card": _("card looked at"),
    "message_sent": _("message sent"),
    "message_delivered": _("message delivered"),
    "message_read": _("message read"),
    "message_failed": _("message failed"),
    "message_answered": _("the brand answered"),
    "bounce": _("mail could not be delivered"),
    "auto_reply": _("automatic reply"),
    "complaint": _("complaint about mail"),
    "unsent": _("message taken back"),
    "edited": _("message changed"),
    "group_opened": _("let into a group"),
    "group_closed": _("group closed"),
    "group_named": _("group renamed"),
    "list_untold": _("The platform does not give this account the list"),
}
MOVED_TO: Words = {
    "opened": _("moved %(n)s to open"),
    "reshared": _("moved %(n)s to share on"),
    "replied": _("moved %(n)s to reply"),
    "mentioned": _("moved %(n)s to mention us"),
}
MOVED: Words = {
    "moved_opened": _("moved to open"),
    "moved_reshared": _("moved to share on"),
    "moved_replied": _("moved to reply"),
    "moved_mentioned": _("moved to mention us"),
}
SECOND_HOP: Words = {
    "opened": _("through them, %(n)s more opened"),
    "reshared": _("through them, %(n)s more shared on"),
    "replied": _("through them, %(n)s more replied"),
    "mentioned": _("through them, %(n)s more mentioned us"),
}
DEPTHS: Words = {
    "glance": _("glanced at"),
    "read": _("read"),
    "deep": _("read deeply"),
    "": _("depth not known"),
}
BANDS: Words = {
    "igniter": _("igniter"),
    "amplifier": _("amplifier"),
    "participant": _("participant"),
    "listener": _("listener"),
}
VERDICTS: Words = {
    "send": pgettext_lazy("verdict", "send"),
    "hold": pgettext_lazy("verdict", "hold"),
    "drop": pgettext_lazy("verdict", "drop"),
    "due": pgettext_lazy("verdict", "due"),
}
VERDICT_TONES = {"send": "go", "hold": "wait", "drop": "plain", "due": "love"}
STATES: Words = {
    "proposed": _("proposed"),
    "made": _("made"),
    "confirmed": _("confirmed"),
    "rejected": _("rejected"),
    "undone": _("undone"),
    "questioned": _("questioned"),
    "draft": _("draft"),
    "planned": _("planned"),
    "approved": _("approved"),
    "sending": _("sending"),
    "sent": _("sent"),
    "measured": _("measured"),
    "delivered": _("delivered"),
    "failed": _("failed"),
    "unknown": _("unknown"),
    "withheld": _("withheld"),
    "pending": _("pending"),
    "reserved": _("reserved"),
    "active": _("active"),
    "resting": _("resting"),
    "invited": _("invited"),
    "screened": _("screened"),
    "declined": _("declined"),
    "suggested": _("suggested"),
    "shortlisted": _("shortlisted"),
    "queued": _("waiting to leave"),
    "leased": _("leaving now"),
    "cancelled": _("cancelled"),
    "done": _("finished"),
    "stopped": _("stopped"),
    "overdue": _("overdue"),
    "promised": _("within the promise"),
    "unpromised": _("no promise"),
    "missed": _("window closed"),
}
STATE_TONES = {
    "proposed": "wait",
    "questioned": "wait",
    "made": "go",
    "confirmed": "go",
    "active": "go",
    "sent": "go",
    "delivered": "go",
    "failed": "stop",
    "unknown": "wait",
    "planned": "wait",
    "sending": "go",
    "invited": "go",
    "stopped": "stop",
    "rejected": "plain",
    "undone": "plain",
    "overdue": "stop",
    "promised": "go",
}
PURPOSES: Words = {
    "engage": _("engage"),
    "sell": _("sell"),
    "contact": _("contact"),
    "reward": _("reward"),
}
CHANNELS: Words = {**PLATFORMS, "any": _("any channel"), "call": _("phone call"), "post": _("letter")}
ROLES: Words = {
    "admin": _("admin"),
    "marketer": _("marketer"),
    "analyst": _("analyst"),
    "care": _("customer care"),
    "agency": _("agency"),
}
FACTS: Words = {
    "gender": _("gender"),
    "city": _("city"),
    "language": _("language"),
    "birth_year": _("birth year"),
    "standing": _("standing"),
    "subscribed_on": _("subscribed on"),
    "tier": _("tier"),
    "name": _("name"),
    "phone": _("phone"),
    "email": _("email"),
    "union_id": _("union id"),
    "female": _("female"),
    "male": _("male"),
}
POINTS: Words = {"love": _("love points"), "spend": _("spend points")}
ENTRIES: Words = {
    "earned": _("earned"),
    "redeemed": _("redeemed"),
    "reserved": _("reserved"),
    "released": _("released"),
    "reversed": _("reversed"),
    "expired": _("expired"),
    "adjusted": _("adjusted"),
    "written_off": _("written off"),
}
SIDES: Words = {
    "social": _("social side"),
    "customers": _("customers side"),
    "relationship": _("relationship"),
}


def word(words: Words, code: str | None) -> str:
    """The word for a code; a code without one is shown with spaces, so that nothing is hidden."""
    if not code:
        return "–"
    found = words.get(code)
    return str(found) if found is not None else code.replace("_", " ")
