"""X: the challenge, and activities of the account, signed over the raw body."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

from hearing import (
    CAME_AT,
    as_json,
    asked,
    assert_identities_differ,
    assert_refused,
    in_short,
    posted,
    silent,
)

from guanxi.channels.hook import Heard
from guanxi.channels.registry import open_inbound
from guanxi.channels.x.signing import HEADER

SECRET, BRAND = "consumer-secret", "100"
X = open_inbound("x", {"consumer_secret": SECRET, "user_id": BRAND})
ANN = {"id_str": "1", "name": "Ann", "screen_name": "ann"}
US = {"id_str": BRAND, "name": "Brand"}


def sealed(body: bytes) -> str:
    return "sha256=" + base64.b64encode(hmac.new(SECRET.encode(), body, hashlib.sha256).digest()).decode()


def hear(name: str, *events: Any, **more: Any) -> Heard:
    body = as_json({"for_user_id": BRAND, name: list(events), **more})
    heard = X.hear(posted(body, {HEADER: sealed(body)}), silent)
    assert_identities_differ(heard)
    return heard


def post(user: dict[str, str] = ANN, **more: Any) -> dict[str, Any]:
    return {"id_str": "50", "user": user, "text": "words", "timestamp_ms": "1700000000000", **more}


def short(heard: Heard) -> list[tuple[Any, ...]]:
    return [
        (one.kind.value, one.actor, one.content, one.through)
        for one in heard.told
        if one.kind != "identified"
    ]


def test_the_challenge_is_answered_with_the_seal_of_the_token() -> None:
    answer = X.hear(asked({"crc_token": "abc"}), silent).answer
    assert json.loads(answer.body) == {"response_token": sealed(b"abc")}
    assert answer.content_type == "application/json"
    assert_refused(X, asked({}), "signature_wrong")


def test_a_mention_a_reply_a_copy_and_a_quote() -> None:
    assert short(hear("tweet_create_events", post())) == [("mentioned", "1", None, None)]
    reply = post(in_reply_to_status_id_str="40", in_reply_to_user_id_str=BRAND)
    assert short(hear("tweet_create_events", reply)) == [("replied", "1", "40", None)]
    copy = post(retweeted_status={"id_str": "40", "user": US})
    assert short(hear("tweet_create_events", copy)) == [("reshared", "1", "40", None)]
    quote = post(quoted_status={"id_str": "41", "user": {"id_str": "2"}})
    assert short(hear("tweet_create_events", quote)) == [("reshared", "1", "41", "2")]


def test_a_reply_to_somebody_else_came_through_them() -> None:
    reply = post(in_reply_to_status_id_str="40", in_reply_to_user_id_str="2")
    assert short(hear("tweet_create_events", reply)) == [("replied", "1", "40", "2")]
    own = post(in_reply_to_status_id_str="40", in_reply_to_user_id_str="1")
    assert short(hear("tweet_create_events", own)) == [("replied", "1", "40", None)]


def test_what_the_brand_posts_is_published() -> None:
    (published,) = hear("tweet_create_events", post(US)).told
    assert (published.kind, published.actor, published.content) == ("published", "", "50")
    assert hear("tweet_create_events", post(US, retweeted_status={"id_str": "1"})).told == ()


def test_a_post_without_milliseconds_is_dated_by_its_text() -> None:
    written = {
        k: v for k, v in post(created_at="Sat Nov 21 10:00:00 +0000 2026").items() if k != "timestamp_ms"
    }
    assert hear("tweet_create_events", written).told[0].happened_at.isoformat() == "2026-11-21T10:00:00+00:00"
    assert hear("tweet_create_events", {**written, "created_at": "yesterday"}).told[0].happened_at == CAME_AT


def test_likes_and_follows_of_the_brand_by_others() -> None:
    like = {"id": "l1", "user": ANN, "favorited_status": post(US), "timestamp_ms": 1700000000000}
    assert short(hear("favorite_events", like)) == [("liked", "1", "50", None)]
    follow = {"type": "follow", "created_timestamp": "1700000000000", "source": {"id": "1", "name": "Ann"}}
    assert short(hear("follow_events", {**follow, "target": {"id": BRAND}})) == [
        ("followed", "1", None, None)
    ]
    left = {**follow, "type": "unfollow", "target": {"id": BRAND}}
    assert short(hear("follow_events", left)) == [("unfollowed", "1", None, None)]
    assert short(hear("unfollow_events", {**left, "type": "unfollow"})) == short(hear("follow_events", left))
    assert short(hear("unfollow_events", {k: v for k, v in left.items() if k != "type"})) == [
        ("unfollowed", "1", None, None)
    ]
    ours = {**follow, "source": {"id": BRAND}, "target": {"id": "1"}}
    assert hear("follow_events", ours).told == ()


def direct(sender: str, text: str) -> dict[str, Any]:
    return {
        "type": "message_create",
        "id": "m1",
        "created_timestamp": "1700000000000",
        "message_create": {"sender_id": sender, "message_data": {"text": text}},
    }


def test_direct_messages_of_others_are_told_with_their_names_and_ours_are_not() -> None:
    heard = hear("direct_message_events", direct("1", "stop"), users={"1": {"name": "Ann"}})
    assert in_short(heard) == [("messaged", "1", "m1"), ("withdrew", "1", "m1"), ("identified", "1", None)]
    assert hear("direct_message_events", direct(BRAND, "hello")).told == ()


def test_a_direct_message_of_ours_tells_that_somebody_was_answered_and_not_what() -> None:
    ours = direct(BRAND, "in the left pocket")
    ours["message_create"]["target"] = {"recipient_id": "1"}
    (told,) = hear("direct_message_events", ours).told
    assert (told.kind, told.actor, told.traits) == ("noted", "1", {"notice": "message_answered"})


def test_notices_of_posts_people_and_the_account() -> None:
    deleted = hear("tweet_delete_events", {"status": {"id": "50", "user_id": "1"}, "timestamp_ms": "1"})
    assert in_short(deleted) == [("noted", "1", "50")]
    body = as_json({"user_event": {"revoke": {"date_time": "x"}}})
    (lost,) = X.hear(posted(body, {HEADER: sealed(body)}), silent).told
    assert lost.traits == {"notice": "token_revoked", "alarm": True}
    assert hear("direct_message_indicate_typing_events", {"sender_id": "1"}).told == ()
    assert [one.position for one in hear("new_events", {"x": 1}).unread] == ["new_events[0]"]


def test_who_is_no_longer_blocked_is_noted() -> None:
    change = {"created_timestamp": "1700000000000", "source": {"id": BRAND}, "target": {"id": "1"}}
    for name in ("unblock_events", "unmute_events"):
        assert in_short(hear(name, change)) == [("noted", "1", None)]


def test_only_what_is_signed_and_for_us_is_heard() -> None:
    body = as_json({"for_user_id": BRAND})
    for given in ("", "sha256=", sealed(b"other"), "é"):
        assert_refused(X, posted(body, {HEADER: given}), "signature_wrong")
    other = as_json({"for_user_id": "200"})
    assert_refused(X, posted(other, {HEADER: sealed(other)}), "message_for_another")
