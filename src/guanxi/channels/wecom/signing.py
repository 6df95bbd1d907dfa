"""WeCom's callback: WeChat's crypto, but the address check is itself encrypted and names the corporation."""

from __future__ import annotations

from guanxi.channels.wechat.signing import decrypt, is_signed
from guanxi.vocabulary.reasons import Refused


def open_push(
    given: str, token: str, encoding_key: str, corporation: str, timestamp: str, nonce: str, encrypted: str
) -> bytes:
    """What a callback (or the address check's ``echostr``) says, once its signature fits."""
    if not is_signed(given, token, timestamp, nonce, encrypted):
        raise Refused("signature_wrong", "wecom")
    return decrypt(encoding_key, encrypted, corporation)
