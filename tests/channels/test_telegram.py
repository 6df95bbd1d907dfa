"""Telegram: what updates tell, admitted by the secret header alone."""

from __future__ import annotations

from typing import Any

from hearing import as_json, assert_identities_differ, assert_refused, in_short, of_kind, posted, silent

from guanxi.channels.hook import Heard
from guanxi.channels.registry import open_inbound
from guanxi.channels.telegram.signing import HEADER

SECRET = "a-secret_token"
TELEGRAM = open_inbound("telegram", {"secret_token": SECRET})
ANN = {"id": 111, "is_bot": False, "first_name": "Ann", "last_name": "Lee", "language_code": "en"}
BOB = {"id": 222, "is_bot": False, "first_name": "Bob"}
BOT = {"id": 999, "is_bot": True, "first_name": "Brand"}
PRIVATE = {"id": 111, "type": "private", "first_name": "Ann"}
GROUP = {"id": -1001, "type": "supergroup", "title": "Runners"}
NAMED = {"group": {"id": "-1001", "name": "Runners", "kind": "supergroup"}}


def hear(kind: str, **found: Any) -> Heard:
    update = {"update_id": 700, kind: found}
    heard = TELEGRAM.hear(posted(as_json(update), {HEADER: SECRET}), silent)
    assert_identities_differ(heard)
    return heard


def message(chat: dict[str, Any] = PRIVATE, sender: dict[str, Any] = ANN, **more: Any) -> Heard:
    return hear("message", message_id=5, date=1700000000, chat=chat, **{"from": sender}, **more)


def test_a_private_message_tells_who_wrote_and_is_counted_by_its_update() -> None:
    heard = message(text="hello")
    assert in_short(heard) == [("messaged", "111", "5"), ("identified", "111", None)]
    assert heard.told[0].identity == "700"
    assert heard.told[1].traits == {"name": "Ann Lee", "facts": {"language": "en"}}


def test_a_deep_link_is_a_scene_and_a_start() -> None:
    assert in_short(message(text="/start store_42"))[0] == ("followed", "111", "store_42")
    assert in_short(message(text="/start"))[0] == ("followed", "111", None)
    assert in_short(message(text="/start@BrandBot x-1"))[0] == ("followed", "111", "x-1")


def test_stop_as_a_command_or_a_word_withdraws() -> None:
    for words in ("/stop", "Stop", "стоп"):
        assert len(of_kind(message(text=words), "withdrew")) == 1


def test_a_card_of_ones_own_tells_a_phone_and_anothers_does_not() -> None:
    own = message(contact={"user_id": 111, "phone_number": "491701234567"})
    assert (of_kind(own, "identified")[0].traits or {})["phone"] == "+491701234567"
    other = message(contact={"user_id": 222, "phone_number": "491701234567"})
    assert "phone" not in (of_kind(other, "identified")[0].traits or {})


def test_talk_in_a_group_names_the_group_and_a_reply_came_through_whom_it_answers() -> None:
    said, _ = message(GROUP, text="anyone?").told
    assert (said.kind, said.traits) == ("messaged", {"form": "text", **NAMED})
    answer, _ = message(GROUP, BOB, text="me", reply_to_message={"from": ANN}).told
    assert (answer.kind, answer.actor, answer.through) == ("replied", "222", "111")
    to_bot, _ = message(GROUP, BOB, text="me", reply_to_message={"from": BOT}).told
    assert (to_bot.kind, to_bot.through) == ("messaged", None)


def test_members_join_and_leave_a_group_and_bots_do_not() -> None:
    heard = message(GROUP, new_chat_members=[BOB, BOT, {"id": 333, "is_bot": False}])
    assert in_short(heard) == [("joined", "222", "-1001"), ("joined", "333", "-1001")]
    assert heard.told[0].traits == NAMED
    assert in_short(message(GROUP, left_chat_member=BOB)) == [("left", "222", "-1001")]


def test_a_changed_membership_is_told_once_by_what_changed() -> None:
    def changed(before: str, after: str, chat: dict[str, Any] = GROUP) -> list[tuple[Any, ...]]:
        old, new = {"status": before, "user": BOB}, {"status": after, "user": BOB}
        return in_short(hear("chat_member", chat=chat, date=1, old_chat_member=old, new_chat_member=new))

    assert changed("left", "member") == [("joined", "222", "-1001")]
    assert changed("member", "kicked") == [("left", "222", "-1001")]
    assert changed("member", "administrator") == []
    channel = {"id": -5, "type": "channel", "title": "News"}
    assert changed("left", "member", channel) == [("followed", "222", None)]


def test_a_person_who_blocks_the_bot_leaves_and_one_who_unblocks_it_comes_back() -> None:
    def ours(status: str, chat: dict[str, Any]) -> Heard:
        return hear("my_chat_member", chat=chat, date=1, new_chat_member={"status": status, "user": BOT})

    assert in_short(ours("kicked", PRIVATE)) == [("unfollowed", "111", None)]
    assert in_short(ours("member", PRIVATE)) == [("followed", "111", None)]
    assert (ours("member", GROUP).told[0].traits or {})["notice"] == "group_opened"
    assert (ours("left", GROUP).told[0].traits or {})["notice"] == "group_closed"


def test_buttons_reactions_polls_and_posts() -> None:
    assert in_short(hear("callback_query", id="1", data="more", **{"from": ANN})) == [
        ("clicked", "111", "more")
    ]
    there = {"chat": GROUP, "message_id": 8, "date": 1, "user": ANN}
    (liked,) = hear("message_reaction", new_reaction=[{"type": "emoji", "emoji": "👍"}], **there).told
    assert (liked.kind, liked.content) == ("liked", "-1001/8")
    assert hear("message_reaction", new_reaction=[], **there).told[0].kind == "noted"
    assert in_short(hear("poll_answer", poll_id="p1", user=ANN, option_ids=[0])) == [
        ("answered", "111", "p1")
    ]
    (post,) = hear("channel_post", chat={"id": -5, "type": "channel"}, message_id=3, date=1, text="Sale").told
    assert (post.kind, post.actor, post.content) == ("published", "", "-5/3")


def test_bots_tell_nothing_and_unknown_updates_are_kept() -> None:
    assert message(PRIVATE, BOT, text="x").told == ()
    heard = hear("something_new", x=1)
    assert (heard.told, [one.reason for one in heard.unread]) == ((), ["kind_unknown"])


def test_only_the_secret_admits() -> None:
    body = as_json({"update_id": 1})
    for given in ("", "wrong", SECRET + "x", "é"):
        assert_refused(TELEGRAM, posted(body, {HEADER: given}), "signature_wrong")
    assert_refused(TELEGRAM, posted(body, {}), "signature_wrong")
    assert_refused(TELEGRAM, posted(b"[]", {HEADER: SECRET}), "body_unreadable")
