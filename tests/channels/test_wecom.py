"""WeCom: the encrypted address check and changes of contacts and groups, against another library's encryption."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hearing import CAME_AT, asked, assert_identities_differ, assert_refused, in_short, posted, silent

from guanxi.channels.hook import Heard, HookRequest
from guanxi.channels.registry import open_inbound
from guanxi.channels.wechat.signing import encrypt, signature

TOKEN, KEY, CORP = "QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "ww5f4c472a66331eeb"
WECOM = open_inbound("wecom", {"corp_id": CORP, "token": TOKEN, "aes_key": KEY})
ANN, BOB = "wmNHB1CgAAelLahs7gi", "woAJ2GCAAAXtWyujaWJH"
STAMP, NONCE = "1634117861", "n1"
PEERS = Path(__file__).parents[2] / ".venv" / "peers"


def sealed(plain: str, corp: str = CORP, salt: bytes = b"0123456789abcdef") -> tuple[str, dict[str, str]]:
    secret = encrypt(KEY, plain.encode(), corp, salt)
    signed = signature(TOKEN, STAMP, NONCE, secret)
    return secret, {"msg_signature": signed, "timestamp": STAMP, "nonce": NONCE}


def request(plain: str, corp: str = CORP, salt: bytes = b"0123456789abcdef") -> HookRequest:
    secret, query = sealed(plain, corp, salt)
    return posted(
        f"<xml><ToUserName>{corp}</ToUserName><Encrypt>{secret}</Encrypt></xml>".encode(), {}, query
    )


def change(event: str, change_type: str, nested: str = "", **fields: str) -> str:
    stated = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items())
    kind = f"<ChangeType>{change_type}</ChangeType>" if change_type else ""
    return (
        f"<xml><ToUserName>{CORP}</ToUserName><FromUserName>sys</FromUserName><CreateTime>1634117861</CreateTime>"
        f"<MsgType>event</MsgType><Event>{event}</Event>{kind}{stated}{nested}</xml>"
    )


def hear(event: str, change_type: str, nested: str = "", **fields: str) -> Heard:
    heard = WECOM.hear(request(change(event, change_type, nested, **fields)), silent)
    assert_identities_differ(heard)
    return heard


def contact(change_type: str, **fields: str) -> Heard:
    return hear("change_external_contact", change_type, UserID="zhangsan", ExternalUserID=ANN, **fields)


def chat(change_type: str, detail: str = "", nested: str = "", **fields: str) -> Heard:
    named = {"UpdateDetail": detail} if detail else {}
    return hear("change_external_chat", change_type, nested, ChatId="wr1", **named, **fields)


def test_the_address_check_is_answered_with_what_was_encrypted() -> None:
    echo, query = sealed("1616140317555161061")
    assert WECOM.hear(asked({**query, "echostr": echo}), silent).answer.body == b"1616140317555161061"
    assert_refused(WECOM, asked({**query, "echostr": echo, "nonce": "n2"}), "signature_wrong")
    assert_refused(WECOM, asked({}), "signature_wrong")


def test_a_new_contact_follows_by_the_scene_that_was_scanned() -> None:
    heard = contact("add_external_contact", State="store-7", WelcomeCode="w")
    assert in_short(heard) == [("followed", ANN, "store-7")]
    assert heard.told[0].happened_at.timestamp() == 1634117861
    assert in_short(contact("add_half_external_contact")) == [("followed", ANN, None)]
    assert "WelcomeCode" not in str(heard.told)


def test_a_contact_who_deletes_an_employee_opts_out() -> None:
    left, withdrew = contact("del_follow_user").told
    assert (left.kind, left.traits) == ("parted", {"staff": "zhangsan", "by": "contact"})
    assert (withdrew.kind, withdrew.traits) == ("withdrew", {"channel": "wecom"})


def test_an_employee_who_deletes_a_contact_parts_from_them_and_nobody_opts_out() -> None:
    (left,) = contact("del_external_contact", Source="DELETE_BY_TRANSFER").told
    assert left.kind == "parted"
    assert left.traits == {"staff": "zhangsan", "by": "employee", "source": "DELETE_BY_TRANSFER"}


def test_what_employees_do_is_noted() -> None:
    for change_type in (
        "edit_external_contact",
        "transfer_fail",
        "msg_audit_approved",
    ):
        (noted,) = contact(change_type).told
        assert (noted.kind, noted.actor) == ("noted", ANN)
        assert (noted.traits or {})["notice"] == f"external_contact_{change_type}"


def test_groups_open_change_and_close() -> None:
    notices = [
        (one.reference, (one.traits or {})["notice"])
        for heard in (
            chat("create"),
            chat("update", "change_name"),
            chat("dismiss"),
            chat("update", "add_member"),
        )
        for one in heard.told
    ]
    assert notices == [
        ("wr1", "group_opened"),
        ("wr1", "group_change_name"),
        ("wr1", "group_closed"),
        ("wr1", "group_add_member"),
    ]


def test_external_members_join_and_leave_and_employees_are_no_fans() -> None:
    listed = f"<MemChangeList><Item>{ANN}</Item><Item>zhangsan</Item><Item>{BOB}</Item></MemChangeList>"
    joined = chat("update", "add_member", listed, JoinScene="3")
    assert in_short(joined) == [("joined", ANN, "wr1"), ("joined", BOB, "wr1")]
    assert joined.told[0].traits == {"group": {"name": "", "kind": "customer_group"}, "scene": "3"}
    written = f"<MemChangeList>{ANN},zhangsan,{BOB}</MemChangeList>"
    assert in_short(chat("update", "add_member", written)) == in_short(joined)
    single = f"<MemChangeList><Item>{ANN}</Item></MemChangeList>"
    assert in_short(chat("update", "del_member", single)) == [("left", ANN, "wr1")]


def test_tags_and_customer_service_are_noted_without_their_secrets() -> None:
    (tag,) = hear("change_external_tag", "update", Id="et1", TagType="tag").told
    assert (tag.reference, tag.traits) == ("et1", {"notice": "external_tag_update", "tagtype": "tag"})
    (waiting,) = hear(
        "kf_msg_or_event", "", Token="ENCApHxnGDNAVNY4AaSJKj4Tb5mwsEMzxhFmHVGcra996NR", OpenKfId="wk1"
    ).told
    assert waiting.reference == "wk1"
    assert "ENCAp" not in str(waiting)


def test_an_unknown_event_is_kept() -> None:
    assert [one.reason for one in hear("something_new", "").unread] == ["kind_unknown"]


def test_the_same_push_encrypted_anew_is_the_same_and_another_is_not() -> None:
    push = change("change_external_contact", "add_external_contact", ExternalUserID=ANN)
    first, again = (WECOM.hear(request(push, salt=salt), silent) for salt in (b"0" * 16, b"1" * 16))
    assert first.told == again.told
    assert contact("add_external_contact").told[0].identity != first.told[0].identity


def test_a_push_for_another_corporation_or_under_another_signature_is_refused() -> None:
    push = change("change_external_contact", "add_external_contact", ExternalUserID=ANN)
    assert_refused(WECOM, request(push, "ww-other"), "message_for_another")
    good = request(push)
    bad = HookRequest("POST", {**good.query, "msg_signature": "0" * 40}, {}, good.body, CAME_AT)
    assert_refused(WECOM, bad, "signature_wrong")
    assert_refused(WECOM, posted(b"<xml/>", {}, good.query), "body_unreadable")
    assert_refused(
        WECOM, posted(b'<!DOCTYPE a [<!ENTITY b "c">]><xml>&b;</xml>', {}, good.query), "body_unreadable"
    )


@pytest.mark.skipif(not PEERS.is_dir(), reason="the other library is not installed: make .venv/peers")
def test_another_librarys_encryption_is_understood() -> None:
    push = change("change_external_contact", "del_follow_user", UserID="zhangsan", ExternalUserID=ANN)
    program = (
        "import sys; from wechatpy.work.crypto import WeChatCrypto as C;"
        f"c = C({TOKEN!r}, {KEY!r}, {CORP!r});"
        f"sys.stdout.write(c.encrypt_message(sys.stdin.read(), {NONCE!r}, {STAMP!r}))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        input=push,
        env={"PYTHONPATH": str(PEERS)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    signed = ran.stdout.partition("<MsgSignature><![CDATA[")[2].partition("]")[0]
    query = {"msg_signature": signed, "timestamp": STAMP, "nonce": NONCE}
    heard = WECOM.hear(posted(ran.stdout.encode(), {}, query), silent)
    assert [one.kind for one in heard.told] == ["parted", "withdrew"]
