"""A push as WeChat writes it: fields into XML or JSON, plain, in both ways at once, or sealed; and signed.

Reads our passive replies back the same way, and says what is wrong with them.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from guanxi.channels.wechat.document import read_document
from guanxi.channels.wechat.fake.chaos import Chaos, Switch
from guanxi.channels.wechat.fake.world import Account
from guanxi.channels.wechat.signing import decrypt, encrypt, is_signed, signature
from guanxi.vocabulary.reasons import Refused

PASSIVE_TYPES = {"text", "image", "voice", "video", "music", "news", "transfer_customer_service"}
Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Push:
    """One POST: its query and its body."""

    query: dict[str, str]
    body: bytes
    content_type: str


def written(account: Account, fields: Fields) -> bytes:
    """The fields as the account wants them."""
    if account.format == "json":
        return json.dumps(fields, ensure_ascii=False).encode()
    return f"<xml>{_xml(fields)}</xml>".encode()


def _xml(fields: Fields) -> str:
    return "".join(_element(name, value) for name, value in fields.items())


def _element(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_element(name, one) for one in value)
    if isinstance(value, Mapping):
        return f"<{name}>{_xml(value)}</{name}>"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"<{name}>{value}</{name}>"
    text = str(value)
    return f"<{name}>{escape(text)}</{name}>" if "]]>" in text else f"<{name}><![CDATA[{text}]]></{name}>"


def push_of(account: Account, openid: str, plain: bytes, now: float, chaos: Chaos) -> Push:
    """The POST that carries the plain text in the account's mode."""
    timestamp, nonce = str(int(now)), str(secrets.randbelow(10**9))
    query = {"timestamp": timestamp, "nonce": nonce, "openid": openid}
    query["signature"] = signature(account.token, timestamp, nonce)
    body = plain
    if account.mode != "plain":
        tail = "wxsomebodyelse" if chaos.strikes(Switch.TAIL) else account.app_id
        sealed = encrypt(account.aes_key, plain, tail, secrets.token_bytes(16))
        query |= {"encrypt_type": "aes", "msg_signature": signature(account.token, timestamp, nonce, sealed)}
        body = _enveloped(account, plain, sealed)
    if chaos.strikes(Switch.SIGNATURE):
        query |= {name: "0" * 40 for name in query if name.endswith("signature")}
    form = "application/json" if account.format == "json" else "text/xml"
    return Push(query, body, form)


def _enveloped(account: Account, plain: bytes, sealed: str) -> bytes:
    """In compat mode the plain text stands beside the sealed one."""
    outer: dict[str, Any] = {"ToUserName": account.original_id, "Encrypt": sealed}
    if account.mode == "safe":
        return written(account, outer)
    if account.format == "json":
        return written(account, {**(json.loads(plain) if plain.startswith(b"{") else {}), **outer})
    return plain.removesuffix(b"</xml>") + _xml({"Encrypt": sealed}).encode() + b"</xml>"


def read_reply(account: Account, openid: str, body: bytes) -> dict[str, str]:
    """What our passive reply says, names in lower case; empty for silence.

    Raises:
        ValueError: with the fault, where it is no reply that WeChat would pass on.
    """
    if body.strip() in (b"", b"success"):
        return {}
    reply = _fields(body)
    if account.mode == "safe":
        if "encrypt" not in reply:
            raise ValueError("a reply in safe mode must be sealed")
        reply = _opened(account, reply)
    if reply.get("tousername") != openid or reply.get("fromusername") != account.original_id:
        raise ValueError("the reply is to or from somebody else")
    if reply.get("msgtype") not in PASSIVE_TYPES:
        raise ValueError("no such type of reply")
    if reply["msgtype"] == "text" and not 0 < len(reply.get("content", "").encode()) <= 2048:
        raise ValueError("the text is empty or too long")
    return reply


def _opened(account: Account, reply: dict[str, str]) -> dict[str, str]:
    sealed, timestamp, nonce = reply["encrypt"], reply.get("timestamp", ""), reply.get("nonce", "")
    if not is_signed(reply.get("msgsignature", ""), account.token, timestamp, nonce, sealed):
        raise ValueError("the reply is signed wrongly")
    try:
        return _fields(decrypt(account.aes_key, sealed, account.app_id))
    except Refused as refused:
        raise ValueError(f"the reply cannot be opened: {refused.code}") from None


def _fields(body: bytes) -> dict[str, str]:
    try:
        found = read_document(body)
    except Refused as refused:
        raise ValueError(f"the reply is no document: {refused.detail}") from None
    return {name: value if isinstance(value, str) else "" for name, value in found.items()}
