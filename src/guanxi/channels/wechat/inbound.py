"""A WeChat account that can be heard: verifies, decrypts, reads and answers its pushes.

Believes nothing that is not signed: in the modes compat and safe only what was encrypted to this account, in
plain mode what came with a fresh signature. Answers ``success`` or a marketer's reply, and nothing else.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from guanxi.channels.hook import Heard, HookAnswer, HookRequest, Kept, Replies, ReplyOn
from guanxi.channels.settings import fitted
from guanxi.channels.wechat.document import read_document, text_at
from guanxi.channels.wechat.reading import Push, Read, read_push
from guanxi.channels.wechat.reply import SUCCESS, XML_TYPE, sealed_reply, text_reply
from guanxi.channels.wechat.settings import SETTINGS
from guanxi.channels.wechat.signing import decrypt, encrypt, is_signed
from guanxi.vocabulary.reasons import Refused

REPLIES_ON = tuple(ReplyOn)
_SALT_BYTES = 16
_WINDOW_MINUTES_MAX = 7 * 24 * 60
_ECHO_MAX = 1024


def open_inbound(settings: Mapping[str, str]) -> WeChatInbound:
    """The account that the settings describe; refused where its mode needs a key that is not there."""
    own = {setting.name for setting in SETTINGS}
    told = fitted(SETTINGS, {name: value for name, value in settings.items() if name in own})
    mode = told["mode"] or "safe"
    if told["aes_key"]:
        encrypt(told["aes_key"], b"", told["app_id"], bytes(_SALT_BYTES))
    return WeChatInbound(
        told["app_id"],
        told["token"],
        told["aes_key"],
        mode,
        _minutes(told["window_minutes"]),
        told["keep_location"] == "coarse",
    )


def _minutes(text: str) -> int:
    minutes = int(text or "30") if not text or (text.isascii() and text.isdecimal()) else -1
    if not 0 <= minutes <= _WINDOW_MINUTES_MAX:
        raise Refused("setting_unfit", "window_minutes")
    return minutes


def _drawn_salt() -> bytes:
    return secrets.token_bytes(_SALT_BYTES)


@dataclass(frozen=True, slots=True)
class _Opened:
    """What a push says and whether its answer must be encrypted."""

    body: bytes
    sealed: bool


@dataclass(frozen=True, slots=True)
class WeChatInbound:
    """One account; ``window_minutes`` 0 means that no message is too old."""

    app_id: str
    token: str = field(repr=False)
    aes_key: str = field(repr=False)
    mode: str
    window_minutes: int
    keep_places: bool
    salt: Callable[[], bytes] = field(default=_drawn_salt, repr=False)

    def hear(self, request: HookRequest, replies: Replies) -> Heard:
        """What a push tells, and ``success`` or the reply that a rule gives; the echo of an address check."""
        if request.method == "GET":
            return Heard(self._echo(request))
        opened = self._opened(request)
        push = Push(
            read_document(opened.body),
            opened.body.decode("utf-8", "replace"),
            hashlib.sha256(opened.body).hexdigest(),
            request.received_at,
            self.keep_places,
        )
        read = read_push(push)
        return Heard(self._answer(request, push, read, replies, opened.sealed), read.told, read.unread)

    def can_answer(self, body: bytes) -> bool:
        """Nothing, ``success`` or a document; whatever else somebody answers, WeChat tells its users of a failure."""
        said = body.strip()
        return said in {b"", b"success"} or said.startswith((b"<xml", b"{"))

    def read_again(self, kept: Kept) -> Heard:
        """What a push tells that was kept in the clear once it had been verified; nobody waits for an answer."""
        document = read_document(kept.raw.encode())
        read = read_push(Push(document, kept.raw, kept.identity, kept.received_at, self.keep_places))
        return Heard(HookAnswer(), read.told, read.unread)

    def _echo(self, request: HookRequest) -> HookAnswer:
        self._check_signed(request, "signature")
        echo = request.query.get("echostr", "")
        if not echo or len(echo) > _ECHO_MAX:
            raise Refused("body_unreadable", "echostr")
        return HookAnswer(body=echo.encode())

    def _opened(self, request: HookRequest) -> _Opened:
        """The push as its sender wrote it, once it is sure that the platform did."""
        is_sealed = request.query.get("encrypt_type", "raw") == "aes"
        if not is_sealed:
            if self.mode != "plain":
                raise Refused("signature_wrong", "not encrypted")
            self._check_signed(request, "signature")
            return _Opened(request.body, sealed=False)
        if not self.aes_key:
            raise Refused("signature_wrong", "no key")
        encrypted = text_at(read_document(request.body), "encrypt")
        self._check_signed(request, "msg_signature", encrypted)
        try:
            return _Opened(decrypt(self.aes_key, encrypted, self.app_id), sealed=True)
        except Refused as refused:
            code = "body_unreadable" if refused.code == "message_unreadable" else refused.code
            raise Refused(code, refused.detail) from None

    def _check_signed(self, request: HookRequest, name: str, *parts: str) -> None:
        given, timestamp, nonce = (request.query.get(key, "") for key in (name, "timestamp", "nonce"))
        if not given or not is_signed(given, self.token, timestamp, nonce, *parts):
            raise Refused("signature_wrong", "wechat")
        if self.window_minutes and not self._is_fresh(timestamp, request.received_at.timestamp()):
            raise Refused("signature_wrong", "timestamp")

    def _is_fresh(self, timestamp: str, now: float) -> bool:
        """Repeats come within seconds, so that a window of minutes refuses none; they are counted once anyway."""
        if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
            return False
        return abs(now - int(timestamp)) <= self.window_minutes * 60

    def _answer(
        self, request: HookRequest, push: Push, read: Read, replies: Replies, sealed: bool
    ) -> HookAnswer:
        text = replies(read.reply_on, read.reply_words) if read.reply_on else None
        if text is None:
            return HookAnswer(body=SUCCESS)
        to, sender = (text_at(push.document, name) for name in ("fromusername", "tousername"))
        created = int(request.received_at.timestamp())
        reply = text_reply(to, sender, text, created)
        if sealed:
            nonce = request.query.get("nonce", "")
            reply = sealed_reply(
                reply, self.app_id, self.token, self.aes_key, str(created), nonce, self.salt()
            )
        return HookAnswer(body=reply, content_type=XML_TYPE)
