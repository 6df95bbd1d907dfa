"""What WeChat pushes tell, in every mode and form; and what is never believed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.channels.hook import Heard, HookRequest, Told
from guanxi.channels.registry import open_inbound
from guanxi.channels.wechat.document import BYTES_MAX
from guanxi.channels.wechat.inbound import WeChatInbound
from guanxi.channels.wechat.inbound import open_inbound as open_wechat
from guanxi.vocabulary.reasons import Refused
from wechat_pushes import (
    APP,
    AT,
    FAN,
    KEY,
    PUSHES,
    SETTINGS,
    as_json,
    as_xml,
    event,
    push,
    request,
    silent,
)

FORMS = {"xml": as_xml, "json": as_json}
TEXT = as_xml(push("text", "77", Content="hi"))


def account(mode: str = "plain", **settings: str) -> WeChatInbound:
    return open_wechat({**SETTINGS, "mode": mode, **settings})


def hear(body: bytes, mode: str = "plain", **settings: str) -> Heard:
    return account(mode, **settings).hear(request(body, mode), silent)


def told(heard: Heard) -> list[tuple[object, ...]]:
    return [
        (one.kind.value, one.actor, one.reference, one.content, dict(one.traits) if one.traits else None)
        for one in heard.told
    ]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("mode", ["plain", "compat", "safe"])
@pytest.mark.parametrize("name", PUSHES)
def test_each_type_tells_what_its_table_says_in_every_mode_and_form(name: str, mode: str, form: str) -> None:
    fields, expected = PUSHES[name]
    heard = hear(FORMS[form](fields), mode)
    assert told(heard) == expected
    assert heard.unread == ()
    assert heard.answer.body == b"success"
    assert {one.happened_at for one in heard.told} <= {AT - timedelta(seconds=2)}


def test_the_published_address_check_is_answered_with_its_echo() -> None:
    at = datetime.fromtimestamp(1714036504, UTC)
    query = {
        "signature": "f464b24fc39322e44b38aa78f5edd27bd1441696",
        "timestamp": "1714036504",
        "nonce": "1514711492",
        "echostr": "4375120948345356249",
    }
    check = HookRequest("GET", query, {}, b"", at)
    answer = account().hear(check, silent).answer
    assert (answer.status, answer.body, answer.content_type[:10]) == (
        200,
        b"4375120948345356249",
        "text/plain",
    )
    for wrong in ({**query, "signature": "f" * 40}, {**query, "timestamp": "1714036505"}, {}):
        with pytest.raises(Refused, match="signature_wrong"):
            account().hear(replace(check, query=wrong), silent)


def test_the_published_safe_push_is_opened_and_kept_as_unknown() -> None:
    encrypted = (
        "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzaz"
        "hZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSq"
        "FIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
    )
    query = {
        "signature": "6c5c811b55cc85e0e1b54100749188c20beb3f5d",
        "msg_signature": "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3",
        "timestamp": "1714112445",
        "nonce": "415670741",
        "encrypt_type": "aes",
    }
    body = as_json({"ToUserName": "gh_97417a04a28d", "Encrypt": encrypted})
    sent = HookRequest("POST", query, {}, body, datetime.fromtimestamp(1714112445, UTC))
    heard = account("safe", aes_key="A" * 43).hear(sent, silent)
    assert heard.told == ()
    assert [(one.position, one.reason) for one in heard.unread] == [("event debug_demo", "event_unknown")]
    assert json.loads(heard.unread[0].raw)["debug_str"] == "hello world"
    assert heard.answer.body == b"success"


@pytest.mark.parametrize(
    ("body", "position"),
    [
        (as_xml(push("hologram", "1")), "message hologram"),
        (as_json(event("teleported")), "event teleported"),
        (as_xml({"ToUserName": "x"}), "message "),
        (as_xml(event("subscribe_msg_popup_event")), "event subscribe_msg_popup_event"),
    ],
)
def test_a_type_nobody_knows_is_kept_and_acknowledged(body: bytes, position: str) -> None:
    heard = hear(body)
    assert [(one.position, one.reason, one.raw) for one in heard.unread] == [
        (position, "event_unknown", body.decode())
    ]
    assert (heard.told, heard.answer.body) == ((), b"success")


def test_a_revocation_that_names_nobody_is_kept_for_a_person_to_see() -> None:
    heard = hear(as_json(event("user_info_modified", FromUserName="platform")))
    assert [one.reason for one in heard.unread] == ["actor_missing"]


def test_places_are_dropped_unless_kept_and_then_they_are_coarse() -> None:
    place = PUSHES["place"][0]
    sent = PUSHES["location"][0]
    assert told(hear(as_xml(place), keep_location="coarse")) == [
        ("identified", FAN, None, None, {"source": "wechat", "facts": {"location": "23.1,113.4"}})
    ]
    (message,) = hear(as_xml(sent), keep_location="coarse").told
    assert message.traits == {"form": "location", "place": "23.1,113.4"}
    for setting in ("no", "coarse"):
        kept = str(hear(as_xml(place), keep_location=setting)) + str(
            hear(as_xml(sent), keep_location=setting)
        )
        assert "23.13" not in kept
        assert "Home" not in kept


def identities(*bodies: bytes, mode: str = "plain") -> list[str]:
    return [one.identity for body in bodies for one in hear(body, mode).told]


def test_a_redelivery_has_the_identity_of_the_first_however_it_is_encrypted() -> None:
    again = request(TEXT, "safe", AT + timedelta(seconds=5))
    first = account("safe").hear(request(TEXT, "safe"), silent).told
    assert [one.identity for one in account("safe").hear(again, silent).told] == [first[0].identity]
    assert identities(TEXT) == identities(TEXT, mode="safe")


def test_events_of_one_second_stay_apart_where_anything_tells_them_apart() -> None:
    taken = {"FromUserName": "platform", "RevokeInfo": "205"}
    sent = [{"TemplateId": "t", "MsgID": number, "ErrorStatus": "success"} for number in ("1", "2")]
    found = identities(
        as_xml(event("CLICK", EventKey="A")),
        as_xml(event("CLICK", EventKey="B")),
        as_xml(event("user_authorization_revoke", OpenID="u1", **taken)),
        as_xml(event("user_authorization_revoke", OpenID="u2", **taken)),
        as_xml(event("TEMPLATESENDJOBFINISH", MsgID="1", Status="success")),
        as_xml(event("TEMPLATESENDJOBFINISH", MsgID="2", Status="success")),
        as_xml(event("subscribe_msg_sent_event", SubscribeMsgSentEvent={"List": sent})),
        as_xml({**push("text", Content="no id"), "CreateTime": "1"}),
        as_xml({**push("text", Content="no id either"), "CreateTime": "1"}),
    )
    assert len(found) == len(set(found)) == 10


@pytest.mark.parametrize("mode", ["plain", "compat", "safe"])
def test_what_is_not_signed_for_this_account_now_is_refused(mode: str) -> None:
    def refused(code: str, **changes: object) -> None:
        with pytest.raises(Refused, match=code):
            account(mode).hear(replace(request(TEXT, mode), **changes), silent)  # type: ignore[arg-type]

    query = request(TEXT, mode).query
    name = "signature" if mode == "plain" else "msg_signature"
    refused("signature_wrong", query={**query, name: "0" * 40})
    refused("signature_wrong", query={**query, name: ""})
    refused("signature_wrong", query={**query, "nonce": "2"})
    refused("signature_wrong", query={**query, "timestamp": "x"})
    refused("signature_wrong", query={})
    refused("signature_wrong", received_at=AT + timedelta(minutes=31))
    refused("signature_wrong", received_at=AT - timedelta(minutes=31))
    assert (
        account(mode, window_minutes="60")
        .hear(replace(request(TEXT, mode), received_at=AT + timedelta(minutes=31)), silent)
        .told
    )


@pytest.mark.parametrize("mode", ["compat", "safe"])
def test_an_encrypted_account_believes_nothing_in_the_open_and_nothing_for_others(mode: str) -> None:
    with pytest.raises(Refused, match="signature_wrong"):
        account(mode).hear(request(TEXT, "plain"), silent)
    with pytest.raises(Refused, match="message_for_another"):
        account(mode).hear(request(TEXT, mode, app="wxanother"), silent)
    sent = request(TEXT, mode)
    with pytest.raises(Refused, match="signature_wrong"):
        account(mode).hear(replace(sent, body=sent.body.replace(b"<Encrypt>", b"<Encrypt>AAAA")), silent)


def bomb() -> bytes:
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{lines}]><xml>&l9;</xml>'.encode()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "body_unreadable"),
        (b"hello", "body_unreadable"),
        (b"[1]", "body_unreadable"),
        (b"<xml><a></xml>", "body_unreadable"),
        (b"<!DOCTYPE x><xml><MsgType>text</MsgType></xml>", "body_unreadable"),
        (
            b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml><MsgType>&f;</MsgType></xml>',
            "body_unreadable",
        ),
        (bomb(), "body_unreadable"),
        (b"<a>" * 20_000, "body_unreadable"),
        (b"<a>" * 9 + b"</a>" * 9, "body_unreadable"),
        (b"<a>" * 200_000, "body_too_large"),
        (b'{"a":' * 200_000, "body_too_large"),
        (b'{"a":' * 12_000, "body_unreadable"),
        (b'{"a":' * 11 + b"1" + b"}" * 11, "body_unreadable"),
        (b" " * (BYTES_MAX + 1), "body_too_large"),
    ],
)
def test_what_is_no_document_or_a_trap_is_refused(body: bytes, code: str) -> None:
    with pytest.raises(Refused, match=code):
        hear(body)


def test_a_trap_inside_the_encryption_is_refused_like_one_outside() -> None:
    for trap in (bomb(), b"<a>" * 15_000, b"\xff\xfe"):
        with pytest.raises(Refused, match="body_unreadable"):
            hear(trap, "safe")


def test_numbers_may_come_as_numbers_and_words_may_be_cut() -> None:
    numeric = {**push("text", Content="hi"), "MsgId": 77, "CreateTime": int(AT.timestamp()) - 2}
    assert told(hear(as_json(numeric))) == told(hear(TEXT))
    cut = json.dumps(push("text", "5", Content="a\ud83d")).encode()
    assert hear(cut).told[0].traits == {"form": "text", "text": "a?"}


def test_an_absurd_clock_gives_way_to_the_moment_of_receipt() -> None:
    for absurd in ("9999999999", "0", "-5", "x", "1e9", "9" * 30):
        (one,) = hear(as_xml({**push("text", "1", Content="x"), "CreateTime": absurd})).told
        assert one.happened_at == AT


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"token": ""}, "setting_missing"),
        ({"app_id": ""}, "setting_missing"),
        ({"aes_key": ""}, "setting_missing"),
        ({"aes_key": "short"}, "encoding_key"),
        ({"mode": "loud"}, "setting_unfit"),
        ({"window_minutes": "-1"}, "setting_unfit"),
        ({"window_minutes": "99999"}, "setting_unfit"),
    ],
)
def test_an_account_whose_settings_cannot_work_is_refused(settings: dict[str, str], code: str) -> None:
    with pytest.raises(Refused, match=code):
        open_inbound("wechat", {**SETTINGS, "mode": "safe", **settings})


def test_no_secret_is_in_what_an_account_prints() -> None:
    assert KEY not in repr(account("safe"))
    assert "AAAAA" not in repr(account("safe", app_id=APP))


@settings(max_examples=50, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.builds(lambda inner: b"<xml>" + inner + b"</xml>", st.binary(max_size=200)),
        st.recursive(
            st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=10)),
            lambda inner: st.one_of(
                st.lists(inner, max_size=3),
                st.dictionaries(
                    st.sampled_from(["MsgType", "Event", "List", "OpenID", "x"]), inner, max_size=4
                ),
            ),
            max_leaves=12,
        ).map(
            lambda value: json.dumps(
                {"MsgType": "event", "Event": "subscribe_msg_popup_event", "x": value}
            ).encode()
        ),
    ),
    st.sampled_from(["plain", "safe"]),
)
def test_whatever_comes_is_heard_kept_or_refused(body: bytes, mode: str) -> None:
    try:
        heard = hear(body, mode)
    except Refused:
        return
    assert all(isinstance(one, Told) for one in heard.told)
    assert heard.answer.body == b"success"


@settings(max_examples=50, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["signature", "msg_signature", "timestamp", "nonce", "encrypt_type", "echostr"]),
        st.text(max_size=20),
    ),
    st.binary(max_size=100),
    st.sampled_from(["GET", "POST"]),
)
def test_whatever_query_comes_without_a_signature_is_refused(
    query: dict[str, str], body: bytes, method: str
) -> None:
    with pytest.raises(Refused):
        account("safe").hear(HookRequest(method, query, {}, body, AT), silent)
