"""Signatures against the vectors the platforms publish."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.channels.echo import signing as echo
from guanxi.channels.line import signing as line
from guanxi.channels.telegram import signing as telegram
from guanxi.channels.wechat import signing as wechat
from guanxi.channels.wecom import signing as wecom
from guanxi.channels.whatsapp import signing as whatsapp
from guanxi.channels.x import signing as x
from guanxi.vocabulary.reasons import Refused

KEY = "A" * 43
APP = "wxba5fad812f8e6fb9"
SAFE = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6J"
    "sXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8"
    "EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
)


def test_wechat_address_check_has_the_published_signature() -> None:
    given_signature = "f464b24fc39322e44b38aa78f5edd27bd1441696"
    assert wechat.is_signed(given_signature, "AAAAA", "1714036504", "1514711492")
    assert not wechat.is_signed(given_signature, "AAAAA", "1714036505", "1514711492")
    assert not wechat.is_signed("é", "AAAAA", "1714036504", "1514711492")


def test_wechat_safe_mode_opens_the_published_push() -> None:
    assert wechat.signature("AAAAA", "1714112445", "415670741") == "6c5c811b55cc85e0e1b54100749188c20beb3f5d"
    assert wechat.is_signed(
        "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3", "AAAAA", "1714112445", "415670741", SAFE
    )
    message = wechat.decrypt(KEY, SAFE, APP)
    assert len(message) == 167
    assert json.loads(message)["debug_str"] == "hello world"
    assert wechat.encrypt(KEY, message, APP, b"a8eedb185eb2fecf") == SAFE


def test_wechat_safe_mode_refuses_a_message_meant_for_another_account() -> None:
    with pytest.raises(Refused, match="message_for_another"):
        wechat.decrypt(KEY, SAFE, "wx0000000000000000")


@pytest.mark.parametrize("text", ["", "AAAA", "not base64!", SAFE[:-8], SAFE[24:]])
def test_wechat_safe_mode_refuses_what_it_cannot_read(text: str) -> None:
    with pytest.raises(Refused):
        wechat.decrypt(KEY, text, APP)


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=200), st.binary(min_size=16, max_size=16))
def test_wechat_safe_mode_opens_what_it_sealed(message: bytes, salt: bytes) -> None:
    assert wechat.decrypt(KEY, wechat.encrypt(KEY, message, APP, salt), APP) == message


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=300))
def test_wechat_safe_mode_never_fails_otherwise_than_by_refusing(sealed: bytes) -> None:
    with pytest.raises(Refused):
        wechat.decrypt(KEY, base64.b64encode(sealed).decode(), APP)


def test_wechat_encoding_keys_must_have_their_length() -> None:
    with pytest.raises(Refused, match="encoding_key"):
        wechat.decrypt("A" * 42, SAFE, APP)


def test_wechat_pages_sign_their_address_without_the_fragment() -> None:
    ticket = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"
    for address in ("http://mp.weixin.qq.com?params=value", "http://mp.weixin.qq.com?params=value#top"):
        signature = wechat.js_signature(ticket, "Wm3WZYTPz0wzccnW", 1414587457, address)
        assert signature == "0f9de62fce790f9a083d5c99e95740ceb90c27ed"


def test_wecom_opens_a_push_only_with_its_signature() -> None:
    sealed = wechat.encrypt(KEY, b"hello", "corp", bytes(16))
    signature = wechat.signature("token", "1", "2", sealed)
    assert wecom.open_push(signature, "token", KEY, "corp", "1", "2", sealed) == b"hello"
    with pytest.raises(Refused, match="signature"):
        wecom.open_push("0" * 40, "token", KEY, "corp", "1", "2", sealed)


def test_line_has_the_published_signature() -> None:
    published = "/gg9a+LvFevTH1sd7XCQycD7tsWclCsInj7MhBHxN7k="
    assert line.is_signed("channel_secret", published, b"bodybodybodybody")
    assert not line.is_signed("channel_secret", published, b"bodybodybodybodz")


def test_whatsapp_verifies_raw_bytes_and_answers_only_our_challenge() -> None:
    body = b'{"name":"\\u00e9"}'
    expected = "sha256=" + hmac.new(b"secret", body, hashlib.sha256).hexdigest()
    assert whatsapp.is_signed("secret", expected, body)
    assert not whatsapp.is_signed("secret", expected, '{"name":"é"}'.encode())
    query = {"hub.mode": "subscribe", "hub.verify_token": "ours", "hub.challenge": "1158201444"}
    assert whatsapp.challenge(query, "ours") == "1158201444"
    assert whatsapp.challenge(query, "theirs") is None


def test_telegram_compares_its_secret_and_an_unset_one_admits_nobody() -> None:
    assert telegram.is_signed("secret", "secret")
    assert not telegram.is_signed("secret", "Secret")
    assert not telegram.is_signed("", "")


def test_x_answers_its_challenge_with_an_hmac() -> None:
    digest = hmac.new(b"consumer", b"token", hashlib.sha256).digest()
    sealed = "sha256=" + base64.b64encode(digest).decode()
    assert x.crc_answer("consumer", "token") == {"response_token": sealed}
    assert x.is_signed("consumer", sealed, b"token")
    assert not x.is_signed("consumer", sealed, b"tokem")


@pytest.mark.parametrize(
    ("timestamp", "now", "fits"),
    [("100", 100, True), ("100", 400, True), ("100", 401, False), ("-1", 0, False)],
)
def test_echo_signatures_grow_stale(timestamp: str, now: int, fits: bool) -> None:
    signature = echo.sign(b"key", 100, b"body")
    assert echo.is_signed(b"key", timestamp, signature, b"body", now) is fits


def test_echo_refuses_a_changed_body_and_another_key() -> None:
    signature = echo.sign(b"key", 100, b"body")
    assert not echo.is_signed(b"key", "100", signature, b"bode", 100)
    assert not echo.is_signed(b"kez", "100", signature, b"body", 100)
