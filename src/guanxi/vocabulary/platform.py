"""The platforms Guanxi knows by name; any other is refused where it is declared."""

from __future__ import annotations

from enum import StrEnum


class Platform(StrEnum):
    """Where a fan or a customer is known."""

    WECHAT = "wechat"
    WECOM = "wecom"
    WEIBO = "weibo"
    LINE = "line"
    WHATSAPP = "whatsapp"
    TELEGRAM = "telegram"
    KAKAO = "kakao"
    X = "x"
    FACEBOOK = "facebook"
    INSTAGRAM = "instagram"
    PINTEREST = "pinterest"
    EMAIL = "email"
    SMS = "sms"
    WEB = "web"
    SHOP = "shop"
    ECHO = "echo"


FOLLOWED_IN_WAYS = frozenset({Platform.WECOM})
"""Where one follows an account through its employees, coming to and parting from each apart."""
