"""The same pushes and replies, as another program reads and writes them: wechatpy, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from guanxi.channels.hook import HookRequest, ReplyOn
from guanxi.channels.wechat.document import read_document, text_at
from guanxi.channels.wechat.inbound import open_inbound
from guanxi.channels.wechat.signing import signature
from wechat_pushes import APP, AT, BRAND, FAN, KEY, PUSHES, SETTINGS, TOKEN, as_json, as_xml, push, request

_HERE = Path(__file__).parent
PEERS = _HERE.parents[1] / ".venv" / "peers"
TEXT = push("text", "77", Content="热点")
RULE = "欢迎 <b>&]]> friend"

pytestmark = pytest.mark.skipif(not PEERS.exists(), reason="`make .venv/.stamp/peers` installs wechatpy")
SECOND_HAND = {"user_info_modified", "user_authorization_revoke", "user_authorization_cancellation"}


def ask(**asked: list[Any]) -> dict[str, list[Any]]:
    """What wechatpy makes of it."""
    words = json.dumps({"token": TOKEN, "key": KEY, "app": APP, **asked})
    ran = subprocess.run(
        [sys.executable, str(_HERE / "wechat_oracle.py")],
        input=words.encode(),
        capture_output=True,
        check=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(PEERS)},
    )
    answer: dict[str, list[Any]] = json.loads(ran.stdout)
    return answer


def lower(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name.lower(): lower(one) for name, one in value.items()}
    return [lower(one) for one in value] if isinstance(value, list) else value or ""


def test_every_push_is_read_as_wechatpy_reads_it() -> None:
    pushes = {name: fields for name, (fields, _) in PUSHES.items()}
    found = ask(parse=[as_xml(fields).decode() for fields in pushes.values()])["parsed"]
    for (name, fields), theirs in zip(pushes.items(), found, strict=True):
        ours = dict(read_document(as_xml(fields)))
        assert ours == read_document(as_json(fields)), name
        # It invents a message id of 0, takes the prefix off a scene and renames the event; the rest is as it came.
        theirs["data"] = {key: one for key, one in theirs["data"].items() if (key, one) != ("MsgId", 0)}
        told_apart = {"event", "eventkey"} if theirs["class"].startswith("SubscribeScan") else set()
        data = {key: one for key, one in lower(theirs["data"]).items() if key not in told_apart}
        assert data == {key: one for key, one in ours.items() if key not in told_apart}, name
        known = theirs["class"] not in {"UnknownMessage", "UnknownEvent"}
        assert known or fields.get("Event") in NOT_THEIRS or name in NOT_THEIRS, name


NOT_THEIRS = SECOND_HAND | {
    "user_get_card",
    "verify_expired",
    "annual_renew",
    "qualification_verify_fail",
    "PUBLISHJOBFINISH",
    "FREEPUBLISHJOBFINISH",
    "miniprogrampage",
    "merchant_order",
    "kf_create_session",
    "kf_close_session",
    "kf_switch_session",
}


def test_what_wechatpy_encrypts_we_open() -> None:
    texts = [as_xml(fields).decode() for fields, _ in PUSHES.values()][:20]
    account = open_inbound({**SETTINGS, "mode": "safe", "window_minutes": "0"})
    for text, sealed in zip(texts, ask(encrypt=texts)["encrypted"], strict=True):
        signed = text_at(read_document(sealed.encode()), "msgsignature")
        query = {"msg_signature": signed, "timestamp": "1700000000", "nonce": "nonce", "encrypt_type": "aes"}
        heard = account.hear(HookRequest("POST", query, {}, sealed.encode(), AT), lambda on, words: None)
        plain = open_inbound({**SETTINGS, "mode": "plain"}).hear(
            request(text.encode()), lambda on, words: None
        )
        assert [(one.kind, one.identity) for one in heard.told] == [(o.kind, o.identity) for o in plain.told]


@pytest.mark.parametrize("form", [as_xml, as_json])
def test_a_reply_in_safe_mode_is_opened_by_wechatpy_and_says_what_the_rule_says(form: Any) -> None:
    sent = request(form(TEXT), "safe")
    answer = open_inbound({**SETTINGS, "mode": "safe"}).hear(sent, _rule).answer
    sealed = read_document(answer.body)
    signed, timestamp, nonce, encrypted = (
        text_at(sealed, name) for name in ("msgsignature", "timestamp", "nonce", "encrypt")
    )
    assert nonce == sent.query["nonce"]
    assert signed == signature(TOKEN, timestamp, nonce, encrypted)
    (opened,) = ask(decrypt=[[answer.body.decode(), signed, timestamp, nonce]])["decrypted"]
    _is_the_reply(opened.encode())


@pytest.mark.parametrize("form", [as_xml, as_json])
def test_a_reply_in_the_open_is_xml_with_from_and_to_changed_over(form: Any) -> None:
    answer = open_inbound({**SETTINGS, "mode": "plain"}).hear(request(form(TEXT)), _rule).answer
    assert answer.content_type.startswith("application/xml")
    _is_the_reply(answer.body)


def _rule(on: ReplyOn, words: str) -> str | None:
    return RULE if (on, words) == (ReplyOn.TEXT, "热点") else None


def _is_the_reply(xml: bytes) -> None:
    found = {name: text_at(read_document(xml), name) for name in ("tousername", "fromusername", "content")}
    assert found == {"tousername": FAN, "fromusername": BRAND, "content": RULE}
