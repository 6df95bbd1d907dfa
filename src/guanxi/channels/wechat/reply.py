"""Writes a passive reply: text, always XML (the platform shows its users an error for anything else).

Pure. From and to change places; in safe mode the whole is encrypted and signed with the request's nonce.
"""

from __future__ import annotations

from guanxi.channels.wechat.signing import encrypt, signature

SUCCESS = b"success"
XML_TYPE = "application/xml; charset=utf-8"


def text_reply(to: str, sender: str, text: str, created: int) -> bytes:
    """A text for ``to``, from the account ``sender``, as the platform reads it."""
    return (
        f"<xml><ToUserName>{_quoted(to)}</ToUserName><FromUserName>{_quoted(sender)}</FromUserName>"
        f"<CreateTime>{created}</CreateTime><MsgType>{_quoted('text')}</MsgType>"
        f"<Content>{_quoted(text)}</Content></xml>"
    ).encode()


def sealed_reply(
    plain: bytes, app_id: str, token: str, encoding_key: str, timestamp: str, nonce: str, salt: bytes
) -> bytes:
    """The reply, encrypted for safe mode; ``salt`` is 16 random bytes that the caller draws."""
    encrypted = encrypt(encoding_key, plain, app_id, salt)
    signed = signature(token, timestamp, nonce, encrypted)
    return (
        f"<xml><Encrypt>{_quoted(encrypted)}</Encrypt><MsgSignature>{_quoted(signed)}</MsgSignature>"
        f"<TimeStamp>{timestamp}</TimeStamp><Nonce>{_quoted(nonce)}</Nonce></xml>"
    ).encode()


def _quoted(text: str) -> str:
    """Text that ends its own quotation is quoted in two pieces.

    >>> _quoted("a]]>b")
    '<![CDATA[a]]]]><![CDATA[>b]]>'
    """
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"
