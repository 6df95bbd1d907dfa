"""Pushes of the X Activity API, in the shapes of docs.x.com/x-api/activity/event-payloads (read 2026-11-22).

The payloads are that page's examples (xdevplatform/docs, x-api/activity/event-payloads.mdx) with its own ids; fields
that say nothing to us are left out, and ids change hands where the page shows only the account's own deeds.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hearing import CAME_AT, as_json, assert_identities_differ, assert_refused, in_short, posted, silent
from test_x import SECRET, sealed

from guanxi.channels.hook import Heard, Kept, ReadsAgain
from guanxi.channels.registry import open_inbound
from guanxi.channels.x.signing import HEADER

US, OTHER, PUBLIC, ANOTHER = (str(digit) * 19 for digit in (1, 2, 3, 4))
X = open_inbound("x", {"consumer_secret": SECRET, "user_id": US})
OTHER_USER = {"username": "OtherUser", "name": "OtherUser", "id": OTHER, "verified": False}
OUR_USER = {"username": "ExampleUser", "name": "Example User", "id": US, "verified": True}


def push(event: str, payload: Any, **more: Any) -> dict[str, Any]:
    named = {"event_uuid": "-7953119945885597316", "filter": {"user_id": US}, "tag": "t"}
    return {**named, "event_type": event, "payload": payload, **more}


def hear(event: str, payload: Any, **more: Any) -> Heard:
    body = as_json({"data": push(event, payload, **more)})
    heard = X.hear(posted(body, {HEADER: sealed(body)}), silent)
    assert_identities_differ(heard)
    return heard


def post(author: str, **more: Any) -> dict[str, Any]:
    return {
        "created_at": "2026-07-24T21:23:23.000Z",
        "conversation_id": "2080765813578191303",
        "text": "hey @ExampleUser",
        "author_id": author,
        "id": "2080765813578191303",
        **more,
    }


def pair(source: str, target: str) -> dict[str, Any]:
    names = {OTHER: "OtherUser", US: "Example User", ANOTHER: "AnotherUser"}
    return {
        side: {"data": {"id": who, "name": names[who]}}
        for side, who in (("source", source), ("target", target))
    }


def test_a_post_of_ours_is_published_and_a_copy_of_ours_is_not() -> None:
    ours = post(US, text="Hello from the Activity API")
    (published,) = hear("post.create", ours, includes={"tweets": [ours], "users": [OUR_USER]}).told
    assert (published.kind, published.actor, published.content) == ("published", "", ours["id"])
    assert published.traits == {"title": "Hello from the Activity API", "kind": "post"}
    assert published.happened_at == datetime(2026, 7, 24, 21, 23, 23, tzinfo=UTC)
    copied = post(US, referenced_tweets=[{"type": "retweeted", "id": "5"}])
    assert hear("post.create", copied).told == ()


def test_whoever_mentions_us_does_so_with_their_name() -> None:
    heard = hear("post.mention.create", post(OTHER), includes={"users": [OTHER_USER, OUR_USER]})
    assert in_short(heard) == [("mentioned", OTHER, post(OTHER)["id"]), ("identified", OTHER, None)]
    assert heard.told[1].traits == {"name": "OtherUser"}


@pytest.mark.parametrize(
    ("referred", "author", "meant"),
    [
        ({"type": "replied_to", "id": "5"}, US, ("replied", "5", None)),
        ({"type": "replied_to", "id": "5"}, PUBLIC, ("replied", "5", PUBLIC)),
        ({"type": "quoted", "id": "5"}, PUBLIC, ("reshared", "5", PUBLIC)),
        ({"type": "retweeted", "id": "5"}, OTHER, ("reshared", "5", None)),
    ],
)
def test_a_mention_that_answers_quotes_or_copies_came_through_who_wrote_the_other_post(
    referred: dict[str, str], author: str, meant: tuple[str, ...]
) -> None:
    mention = post(OTHER, referenced_tweets=[referred])
    told = hear("post.mention.create", mention, includes={"tweets": [{"id": "5", "author_id": author}]}).told
    assert [(one.kind.value, one.content, one.through) for one in told] == [meant]


def test_the_same_post_through_both_interfaces_of_x_counts_once() -> None:
    (new,) = hear("post.mention.create", post(OTHER)).told
    old = {"id_str": post(OTHER)["id"], "user": {"id_str": OTHER}, "text": "hey"}
    body = as_json({"for_user_id": US, "tweet_create_events": [old]})
    (same,) = X.hear(posted(body, {HEADER: sealed(body)}), silent).told
    assert (new.identity, new.kind) == (same.identity, same.kind)


def test_a_like_of_ours_is_by_the_one_other_person_who_came_along_and_else_is_kept() -> None:
    like = {
        "id": "87719f50ee17bdfa06a3089098a2b9ed",
        "created_at": "2026-07-24T21:12:45.000Z",
        "timestamp_ms": "1784927565236",
        "liked_tweet_author_id": US,
        "liked_tweet_id": "2079814480427442556",
    }
    heard = hear("like.create", like, includes={"users": [OTHER_USER, {"data": OUR_USER}]})
    assert in_short(heard) == [("liked", OTHER, None), ("identified", OTHER, None)]
    assert heard.told[0].content == like["liked_tweet_id"]
    assert heard.told[0].happened_at.timestamp() == pytest.approx(1784927565.236)
    assert hear("like.create", {**like, "liked_tweet_author_id": PUBLIC}).told == ()
    for along in ({}, {"users": [OUR_USER]}, {"users": [OTHER_USER, {"id": PUBLIC}]}):
        unnamed = hear("like.create", like, includes=along)
        assert (unnamed.told, len(unnamed.unread)) == ((), 1)


def test_who_follows_us_and_who_no_longer_does() -> None:
    heard = hear("follow.follow", pair(OTHER, US))
    assert in_short(heard) == [("followed", OTHER, None), ("identified", OTHER, None)]
    assert heard.told[0].happened_at == CAME_AT
    assert in_short(hear("follow.unfollow", pair(OTHER, US)))[0] == ("unfollowed", OTHER, None)
    assert hear("follow.follow", pair(US, ANOTHER)) == Heard(heard.answer)


def test_direct_messages_in_the_open_opt_out_and_encrypted_ones_are_told_without_words() -> None:
    said: dict[str, Any] = {
        "direct_message_events": [
            {
                "type": "message_create",
                "id": "2080765901528535096",
                "created_timestamp": "1784928224372",
                "message_create": {
                    "target": {"recipient_id": US},
                    "sender_id": OTHER,
                    "message_data": {"text": "stop", "entities": {"urls": []}},
                },
            }
        ],
        "users": {OTHER: {"data": OTHER_USER}, US: {"data": OUR_USER}},
    }
    told = in_short(hear("dm.received", said))
    assert [(kind, actor) for kind, actor, _ in told] == [
        ("messaged", OTHER),
        ("withdrew", OTHER),
        ("identified", OTHER),
    ]
    said["direct_message_events"][0]["message_create"]["sender_id"] = US
    assert hear("dm.sent", said).told == ()
    sealed_words = {
        "id": "e4f4d3fc-8bbf-4928-92eb-e5058d6bb6f6",
        "created_at_msec": "1784841183370",
        "sender_id": OTHER,
        "conversation_id": f"{OTHER}:{US}",
        "encoded_event": "CwABAAAAEzIwODA0MDA4MjUyMjcxMDAxNjALAAIA",
    }
    (chatted,) = hear("chat.received", sealed_words).told
    assert (chatted.kind, chatted.actor, chatted.traits) == ("messaged", OTHER, {"form": "encrypted"})
    assert hear("chat.sent", {**sealed_words, "sender_id": US}).told == ()


@pytest.mark.parametrize(
    ("event", "payload", "notice", "actor", "reference"),
    [
        ("post.delete", {"id": "208", "author_id": US}, "unsent", "", "208"),
        ("block.block", pair(US, OTHER), "block", OTHER, None),
        ("mute.unmute", pair(US, OTHER), "unmute", OTHER, None),
        ("profile.update.bio", {"before": "a", "after": "b"}, "profile_updated", "", "bio"),
        ("spaces.start", {"user": {"data": OUR_USER}, "broadcast_id": "1qx"}, "space_started", "", "1qx"),
    ],
)
def test_what_is_no_deed_of_a_fan_is_noted(
    event: str, payload: Any, notice: str, actor: str, reference: str | None
) -> None:
    (noted,) = hear(event, payload).told
    assert (noted.kind, noted.actor, noted.reference) == ("noted", actor, reference)
    assert noted.traits == {"notice": notice}


def test_news_name_no_account_and_a_permission_taken_back_is_an_alarm() -> None:
    news = hear("news.new", {"id": "2080756868147019827", "name": "Pets"}, filter={"keyword": "OpenAI"})
    assert in_short(news) == [("noted", "", "2080756868147019827")]
    taken = {"date_time": "2026-07-23T21:44:05+00:00", "user_id": US, "app_id": "29820954"}
    (alarm,) = hear("oauth.revoke", taken, filter={}).told
    assert alarm.traits == {"notice": "token_revoked", "alarm": True}
    assert alarm.happened_at == datetime(2026, 7, 23, 21, 44, 5, tzinfo=UTC)
    (other,) = hear("oauth.revoke", {**taken, "user_id": OTHER}, filter={}).told
    assert (other.actor, other.traits) == (OTHER, {"notice": "authorization_revoked"})


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        ("chat.conversation_join", {"conversation_id": "1"}),
        ("dm.read", {"x": 1}),
        ("dm.received", {"users": {}}),
        ("follow.follow", {}),
        ("post.create", {"id": "1"}),
        ("something.new", {"words": "y" * 100}),
    ],
)
def test_what_has_no_documented_shape_is_kept_whole_and_read_again_the_same(event: str, payload: Any) -> None:
    heard = hear(event, payload)
    (unread,) = heard.unread
    assert (heard.told, unread.position, unread.reason) == ((), "data", "kind_unknown")
    assert json.loads(unread.raw) == {"data": push(event, payload)}
    assert isinstance(X, ReadsAgain)
    again = X.read_again(Kept(unread.raw, unread.identity, CAME_AT))
    assert again == heard


def test_a_long_push_is_kept_without_what_only_came_along() -> None:
    (unread,) = hear("something.new", {"id": "1"}, includes={"tweets": ["z" * 20_000]}).unread
    assert json.loads(unread.raw) == {"data": push("something.new", {"id": "1"})}


def test_a_push_about_another_account_is_refused_and_an_account_without_its_id_believes_the_push() -> None:
    body = as_json({"data": push("follow.follow", pair(OTHER, US), filter={"user_id": ANOTHER})})
    assert_refused(X, posted(body, {HEADER: sealed(body)}), "message_for_another")
    trusting = open_inbound("x", {"consumer_secret": SECRET})
    body = as_json({"data": push("follow.follow", pair(OTHER, US))})
    assert in_short(trusting.hear(posted(body, {HEADER: sealed(body)}), silent))[0][0] == "followed"


@pytest.mark.parametrize(
    "payload", [None, [], "x", {"source": 1, "users": [], "direct_message_events": [1], "created_at": "?"}]
)
@pytest.mark.parametrize(
    "event", ["post.create", "like.create", "follow.follow", "dm.received", "chat.received", "oauth.revoke"]
)
def test_a_push_of_any_shape_is_no_error(event: str, payload: Any) -> None:
    assert hear(event, payload, includes=payload).answer.status == 200
