"""What each kind of Telegram's updates means; pure.

Bots are nobody's fans and tell nothing. A reply to another fan within a group came through that fan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from guanxi.channels.hook import Told
from guanxi.channels.opt_out import with_opt_out
from guanxi.channels.reading import Object, each_at, group_words, moment_at, object_at, text_at
from guanxi.vocabulary.activity import Kind

Reader = Callable[[Told, Object], Sequence[Told]]
_GROUPS = frozenset({"group", "supergroup"})
_INSIDE = frozenset({"creator", "administrator", "member"})
_FORMS = (
    "text",
    "photo",
    "voice",
    "audio",
    "video",
    "video_note",
    "animation",
    "sticker",
    "document",
    "location",
    "venue",
    "contact",
    "poll",
    "dice",
    "story",
)
_GROUP_NEWS = {
    "new_chat_title": "group_changed",
    "group_chat_created": "group_opened",
    "supergroup_chat_created": "group_opened",
    "migrate_to_chat_id": "group_closed",
    "migrate_from_chat_id": "group_opened",
}
_TITLE_MAX = 80


def _message(told: Told, message: Object) -> Sequence[Told]:
    begun = _begun(told, message)
    chat = object_at(message, "chat")
    if text_at(chat, "type") in _GROUPS:
        said = list(_said(begun, message))
        return [*_of_group(begun, message), *said, *(_introduced(begun, message) if said else ())]
    start = _start(message)
    if start is not None:
        followed = replace(begun, kind=Kind.FOLLOWED, reference=start or None)
        return [followed, *_introduced(begun, message)] if begun.actor else []
    return [*_said(begun, message), *_introduced(begun, message)]


def _begun(told: Told, message: Object) -> Told:
    sender = object_at(message, "from")
    return replace(
        told,
        actor=_person(sender),
        happened_at=moment_at(message, "date", otherwise=told.happened_at),
        reference=text_at(message, "message_id") or None,
    )


def _person(user: Object) -> str:
    return "" if user.get("is_bot") is True else text_at(user, "id")


def _start(message: Object) -> str | None:
    """The payload of a deep link; empty where the bot was started without one, None where it was not."""
    command, _, payload = text_at(message, "text").partition(" ")
    return payload.strip() if command.partition("@")[0] == "/start" else None


def _said(begun: Told, message: Object) -> Iterator[Told]:
    form = next((name for name in _FORMS if name in message), "")
    if not (begun.actor and form):
        return
    traits: dict[str, Any] = {"form": form, **_group_of(object_at(message, "chat"))}
    answered = _person(object_at(message, "reply_to_message", "from"))
    through = answered if "group" in traits and answered not in ("", begun.actor) else None
    kind = Kind.REPLIED if through else Kind.MESSAGED
    said = replace(begun, kind=kind, through=through, traits=traits)
    yield from with_opt_out(said, text_at(message, "text"))


def _group_of(chat: Object) -> dict[str, Any]:
    if text_at(chat, "type") not in _GROUPS:
        return {}
    return group_words(text_at(chat, "id"), text_at(chat, "title"), text_at(chat, "type"))


def _of_group(begun: Told, message: Object) -> Iterator[Told]:
    chat = object_at(message, "chat")
    there = replace(begun, reference=text_at(chat, "id"), traits=_group_of(chat))
    joined = [*each_at(message, "new_chat_members")]
    for kind, members in ((Kind.JOINED, joined), (Kind.LEFT, [object_at(message, "left_chat_member")])):
        for member in members:
            if _person(member):
                yield replace(there, kind=kind, actor=_person(member))
    for name, notice in _GROUP_NEWS.items():
        if name in message:
            yield replace(there, actor="", traits={**(there.traits or {}), "notice": notice})


def _introduced(begun: Told, message: Object) -> Iterator[Told]:
    """Name and language as the platform gives them; the phone where they sent their own contact."""
    sender, card = object_at(message, "from"), object_at(message, "contact")
    if not begun.actor:
        return
    name = f"{text_at(sender, 'first_name')} {text_at(sender, 'last_name')}".strip()
    traits: dict[str, Any] = {"name": name} if name else {}
    if language := text_at(sender, "language_code"):
        traits["facts"] = {"language": language}
    if text_at(card, "user_id") == begun.actor and text_at(card, "phone_number"):
        traits["phone"] = "+" + text_at(card, "phone_number").removeprefix("+")
    if traits:
        yield replace(begun, kind=Kind.IDENTIFIED, reference=None, traits=traits)


def _noted(notice: str) -> Reader:
    def read(told: Told, found: Object) -> Sequence[Told]:
        return (replace(_begun(told, found), traits={"notice": notice}),)

    return read


def _posted(told: Told, post: Object) -> Sequence[Told]:
    """The brand's own post in its channel."""
    content = f"{text_at(post, 'chat', 'id')}/{text_at(post, 'message_id')}"
    title = (text_at(post, "text") or text_at(post, "caption"))[:_TITLE_MAX]
    at = moment_at(post, "date", otherwise=told.happened_at)
    traits = {"title": title, "kind": "post"}
    return (replace(told, kind=Kind.PUBLISHED, happened_at=at, content=content, traits=traits),)


def _pressed(told: Told, pressed: Object) -> Sequence[Told]:
    actor = _person(object_at(pressed, "from"))
    button = text_at(pressed, "data") or text_at(pressed, "game_short_name")
    clicked = replace(told, kind=Kind.CLICKED, actor=actor, reference=button or None, traits={"by": "button"})
    return (clicked,) if actor else ()


def _reacted(told: Told, reaction: Object) -> Sequence[Told]:
    actor = _person(object_at(reaction, "user"))
    if not actor:
        return ()
    chat = object_at(reaction, "chat")
    at = moment_at(reaction, "date", otherwise=told.happened_at)
    there = replace(told, actor=actor, happened_at=at, reference=text_at(reaction, "message_id") or None)
    if not reaction.get("new_reaction"):
        return (replace(there, traits={"notice": "reaction_removed"}),)
    content = None if text_at(chat, "type") == "private" else f"{text_at(chat, 'id')}/{there.reference}"
    return (replace(there, kind=Kind.LIKED, content=content, traits=_group_of(chat) or None),)


def _of_us(told: Told, change: Object) -> Sequence[Told]:
    """Whether we may still speak: a person who blocked us, a group that let us in or out."""
    chat, ours = object_at(change, "chat"), _is_inside(object_at(change, "new_chat_member"))
    at = moment_at(change, "date", otherwise=told.happened_at)
    if text_at(chat, "type") == "private":
        kind = Kind.FOLLOWED if ours else Kind.UNFOLLOWED
        return (replace(told, kind=kind, actor=text_at(chat, "id"), happened_at=at),)
    notice = "group_opened" if ours else "group_closed"
    traits = {**_group_of(chat), "notice": notice if _group_of(chat) else "channel_rights"}
    return (replace(told, happened_at=at, reference=text_at(chat, "id") or None, traits=traits),)


def _of_member(told: Told, change: Object) -> Sequence[Told]:
    chat, member = object_at(change, "chat"), object_at(change, "new_chat_member")
    before, after = _is_inside(object_at(change, "old_chat_member")), _is_inside(member)
    actor = _person(object_at(member, "user"))
    if before == after or not actor:
        return ()
    at = moment_at(change, "date", otherwise=told.happened_at)
    invited_by = text_at(change, "invite_link", "name")
    there = replace(told, actor=actor, happened_at=at)
    if text_at(chat, "type") == "channel":
        kind = Kind.FOLLOWED if after else Kind.UNFOLLOWED
        return (replace(there, kind=kind, reference=invited_by or None),)
    kind = Kind.JOINED if after else Kind.LEFT
    return (replace(there, kind=kind, reference=text_at(chat, "id"), traits=_group_of(chat)),)


def _is_inside(member: Object) -> bool:
    status = text_at(member, "status")
    return status in _INSIDE or (status == "restricted" and member.get("is_member") is True)


def _answered(told: Told, answer: Object) -> Sequence[Told]:
    actor = _person(object_at(answer, "user"))
    poll = text_at(answer, "poll_id") or None
    if not actor:
        return ()
    if not answer.get("option_ids"):
        return (replace(told, actor=actor, reference=poll, traits={"notice": "vote_retracted"}),)
    return (replace(told, kind=Kind.ANSWERED, actor=actor, reference=poll),)


READERS: dict[str, Reader] = {
    "message": _message,
    "edited_message": _noted("edited"),
    "channel_post": _posted,
    "edited_channel_post": _posted,
    "business_message": _message,
    "callback_query": _pressed,
    "message_reaction": _reacted,
    "my_chat_member": _of_us,
    "chat_member": _of_member,
    "chat_join_request": _noted("chat_join_request"),
    "poll_answer": _answered,
    "poll": _noted("poll"),
    "inline_query": _noted("inline_query"),
    "chosen_inline_result": _noted("chosen_inline_result"),
    "chat_boost": _noted("chat_boost"),
}
