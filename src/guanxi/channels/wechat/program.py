"""Mini-programs: who logged in, and the phone number they chose to show.

The session key that WeChat hands out with a login is not kept: nothing here has to be decrypted.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from guanxi.channels.wechat.client import WeChatClient
from guanxi.vocabulary.reasons import Refused


@dataclass(frozen=True, slots=True)
class ProgramUser:
    """Whoever opened the mini-program; the openid is good in this mini-program only."""

    openid: str
    union_id: str = ""


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A number that WeChat itself has verified, with its country code."""

    written: str = field(repr=False)


def user_of(client: WeChatClient, code: str) -> ProgramUser:
    """Who logged in with the code, which is good once."""
    words = client.ask_as_app(
        "/sns/jscode2session", "appid", "secret", js_code=code, grant_type="authorization_code"
    )
    openid = str(words.get("openid") or "")
    if not openid:
        raise Refused("platform_unreadable", "wechat: jscode2session")
    return ProgramUser(openid, str(words.get("unionid") or ""))


def phone_of(client: WeChatClient, code: str) -> PhoneNumber:
    """The number that its owner agreed to show; the code is good once."""
    told = client.post("/wxa/business/getuserphonenumber", {"code": code}).get("phone_info") or {}
    country = str(told.get("countryCode") or "")
    number = str(told.get("purePhoneNumber") or "")
    if not (country.isdigit() and number.isdigit()):
        raise Refused("platform_unreadable", "wechat: getuserphonenumber")
    return PhoneNumber(f"+{country}{number}")
