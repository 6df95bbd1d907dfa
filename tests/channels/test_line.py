"""LINE: what its events tell, each once, and only when the raw body is signed."""

from __future__ import annotations

from typing import Any

from hearing import (
    CAME_AT,
    as_json,
    assert_identities_differ,
    assert_refused,
    in_short,
    of_kind,
    posted,
    silent,
)

from guanxi.channels.hook import Heard, HookRequest
from guanxi.channels.line.signing import HEADER, signature
from guanxi.channels.registry import open_inbound

SECRET = "channel-secret"
LINE = open_inbound("line", {"channel_secret": SECRET})
ANN, GROUP = "U" + "a" * 32, "C" + "1" * 32


def event(form: str, number: int = 1, source: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "type": form,
        "mode": "active",
        "timestamp": 1700000000000 + number,
        "source": source or {"type": "user", "userId": ANN},
        "webhookEventId": f"01HF{number:022d}",
        "deliveryContext": {"isRedelivery": False},
        **more,
    }


def request(*events: Any, secret: str = SECRET) -> HookRequest:
    body = as_json({"destination": "Ubrand", "events": list(events)})
    return posted(body, {HEADER: signature(secret, body)})


def hear(*events: Any) -> Heard:
    heard = LINE.hear(request(*events), silent)
    assert heard.answer.status == 200
    assert_identities_differ(heard)
    return heard


IN_GROUP = {"type": "group", "groupId": GROUP, "userId": ANN}


def test_the_platforms_own_check_is_answered_and_tells_nothing() -> None:
    assert (hear().told, hear().unread) == ((), ())


def test_a_message_tells_its_form_and_its_own_id() -> None:
    heard = hear(
        event("message", message={"type": "text", "id": "m1", "text": "hello", "quotedMessageId": "m0"})
    )
    (said,) = heard.told
    assert in_short(heard) == [("messaged", ANN, "m1")]
    assert said.traits == {"form": "text", "answers": "m0"}
    assert said.identity == "01HF" + "1".zfill(22)
    assert said.happened_at.timestamp() == 1700000000.001


def test_a_message_in_a_group_names_the_group() -> None:
    (said,) = hear(event("message", source=IN_GROUP, message={"type": "sticker", "id": "m1"})).told
    assert said.traits == {"form": "sticker", "group": {"id": GROUP, "name": "", "kind": "group"}}


def test_a_word_that_opts_out_withdraws() -> None:
    heard = hear(event("message", message={"type": "text", "id": "m1", "text": "配信停止"}))
    assert in_short(heard) == [("messaged", ANN, "m1"), ("withdrew", ANN, "m1")]


def test_following_and_leaving() -> None:
    heard = hear(event("follow", follow={"isUnblocked": True}), event("unfollow", 2))
    assert in_short(heard) == [("followed", ANN, None), ("unfollowed", ANN, None)]
    assert heard.told[0].traits == {"again": True}


def test_members_of_a_group_join_and_leave_each_for_themselves() -> None:
    members = {"members": [{"type": "user", "userId": "U1"}, {"type": "user", "userId": "U2"}]}
    heard = hear(
        event("memberJoined", 1, {"type": "group", "groupId": GROUP}, joined=members),
        event("memberLeft", 2, {"type": "group", "groupId": GROUP}, left={"members": [{"userId": "U1"}]}),
    )
    assert in_short(heard) == [("joined", "U1", GROUP), ("joined", "U2", GROUP), ("left", "U1", GROUP)]


def test_the_account_enters_and_leaves_groups() -> None:
    room = {"type": "room", "roomId": "R1"}
    heard = hear(event("join", 1, room), event("leave", 2, room))
    assert [(one.kind, one.reference, (one.traits or {})["notice"]) for one in heard.told] == [
        ("noted", "R1", "group_opened"),
        ("noted", "R1", "group_closed"),
    ]


def test_what_was_pressed_seen_and_taken_back() -> None:
    heard = hear(
        event("postback", 1, postback={"data": "buy=1"}),
        event("videoPlayComplete", 2, videoPlayComplete={"trackingId": "v1"}),
        event("unsend", 3, unsend={"messageId": "m9"}),
    )
    assert in_short(heard) == [("clicked", ANN, "buy=1"), ("viewed", ANN, "v1"), ("noted", ANN, "m9")]


def test_notices_of_people_and_of_the_account() -> None:
    heard = hear(
        event("accountLink", 1, link={"result": "ok", "nonce": "n1"}),
        event("membership", 2, membership={"type": "joined", "membershipId": 3189}),
        event("beacon", 3, beacon={"type": "enter", "hwid": "d41d8cd98f"}),
        event("botSuspended", 4, source={"type": "none"}),
        event("delivery", 5, source={"type": "none"}, delivery={"data": "hash"}),
    )
    notices = [
        ((one.traits or {})["notice"], (one.traits or {}).get("alarm"), one.reference) for one in heard.told
    ]
    assert notices == [
        ("account_link", None, "n1"),
        ("membership", None, "3189"),
        ("beacon", None, None),
        ("botSuspended", True, None),
        ("delivery", None, "hash"),
    ]
    assert "d41d8cd98f" not in str(heard.told)


def test_an_unknown_event_is_kept_and_the_others_are_told() -> None:
    heard = hear(event("things", 1), event("follow", 2), "no object", {"type": 3})
    assert len(of_kind(heard, "followed")) == 1
    assert [(one.position, one.reason) for one in heard.unread] == [
        ("events[0]", "kind_unknown"),
        ("events[2]", "kind_unknown"),
    ]


def test_an_event_of_another_shape_breaks_nothing() -> None:
    odd = {"type": "message", "timestamp": "soon", "source": [], "message": 7, "webhookEventId": None}
    (said,) = hear(odd).told
    assert (said.actor, said.happened_at) == ("", CAME_AT)


def test_only_what_is_signed_is_heard() -> None:
    good = request(event("follow"))
    for given in ("", "x", "é", signature("other", good.body), signature(SECRET, good.body + b" ")):
        assert_refused(LINE, posted(good.body, {HEADER: given}), "signature_wrong")
    assert_refused(LINE, posted(good.body, {}), "signature_wrong")


def test_a_signed_body_that_is_no_object_is_refused() -> None:
    for body in (b"", b"[]", b"nonsense", b"\xff\xfe", b"[" * 100_000):
        assert_refused(LINE, posted(body, {HEADER: signature(SECRET, body)}), "body_unreadable")
