"""What each push of the X Activity API means; pure.

Shapes: docs.x.com/x-api/activity/event-payloads and …/introduction, read 2026-11-22 (source: xdevplatform/docs,
x-api/activity/event-payloads.mdx). A push names who follows or likes only as the documents show it; where it does
not say who it was, or an event has no documented shape, it is kept whole. Encrypted chat is told without its words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from guanxi.channels.hook import Told
from guanxi.channels.reading import Object, each_at, moment_at, object_at, text_at
from guanxi.channels.x.activities import (
    TITLE_MAX,
    About,
    introduced,
    messaged,
    revoked_account,
    somebody,
)
from guanxi.vocabulary.activity import Kind

Reader = Callable[[Object, About], Sequence[Told] | None]


def named_user(push: Object) -> str:
    """Whose activities the subscription is about; empty for news, and for a permission that was taken back."""
    return text_at(push, "filter", "user_id")


def told_in(push: Object, brand: str, received_at: datetime) -> Sequence[Told] | None:
    """What a push tells; None where its event is not known, or does not say who it was."""
    about = About(brand, received_at, dict(_names(push)))
    event = text_at(push, "event_type")
    if event.startswith("profile.update."):
        return (_noted(push, about, "profile_updated", reference=event.removeprefix("profile.update.")),)
    read = _READERS.get(event)
    return read(push, about) if read else None


def _names(push: Object) -> Iterator[tuple[str, str]]:
    """The names of everybody the push describes, by id."""
    payload = object_at(push, "payload")
    described = [
        *each_at(push, "includes", "users"),
        *(object_at(payload, side) for side in ("source", "target")),
        *(object_at(payload, "users", user) for user in object_at(payload, "users")),
    ]
    for one in map(_person, described):
        if text_at(one, "id") and text_at(one, "name"):
            yield text_at(one, "id"), text_at(one, "name")


def _person(user: Object) -> Object:
    """A user, who is wrapped in ``data`` in some events and not in others."""
    return object_at(user, "data") or user


def _posted(push: Object, about: About) -> Sequence[Told] | None:
    post = object_at(push, "payload")
    author, number = text_at(post, "author_id"), text_at(post, "id")
    if not (author and number):
        return None
    referred = {text_at(one, "type"): text_at(one, "id") for one in each_at(post, "referenced_tweets")}
    begun = Told(Kind.MENTIONED, author, _written_at(post, about), f"post:{number}", reference=number)
    if author != about.brand:
        return [_meant(begun, post, referred, _authors(push), about), *_introduced(begun, about)]
    if "retweeted" in referred:
        return ()
    traits = {"title": text_at(post, "text")[:TITLE_MAX], "kind": "post"}
    return (replace(begun, kind=Kind.PUBLISHED, actor="", content=number, reference=None, traits=traits),)


def _authors(push: Object) -> dict[str, str]:
    """Who wrote each of the posts that came along."""
    return {text_at(one, "id"): text_at(one, "author_id") for one in each_at(push, "includes", "tweets")}


def _meant(
    begun: Told, post: Object, referred: dict[str, str], authors: dict[str, str], about: About
) -> Told:
    for name, form in (("retweeted", "copy"), ("quoted", "quote")):
        if original := referred.get(name):
            through = somebody(authors.get(original, ""), begun, about)
            return replace(
                begun, kind=Kind.RESHARED, content=original, through=through, traits={"form": form}
            )
    if answered := referred.get("replied_to"):
        writer = text_at(post, "in_reply_to_user_id") or authors.get(answered, "")
        return replace(begun, kind=Kind.REPLIED, content=answered, through=somebody(writer, begun, about))
    return begun


def _liked(push: Object, about: About) -> Sequence[Told] | None:
    """Who likes is in no field of a like; of a like of ours, it is the one other person who came along."""
    like = object_at(push, "payload")
    number, content = text_at(like, "id"), text_at(like, "liked_tweet_id")
    if not content or not text_at(like, "liked_tweet_author_id"):
        return None
    if text_at(like, "liked_tweet_author_id") != about.brand:
        return ()
    others = {text_at(_person(one), "id") for one in each_at(push, "includes", "users")} - {"", about.brand}
    if len(others) != 1:
        return None
    at = moment_at(like, "timestamp_ms", otherwise=about.received_at, per_second=1000)
    liked = Told(Kind.LIKED, others.pop(), at, f"like:{number}" if number else "", content=content)
    return [liked, *_introduced(liked, about)]


def _followed(kind: Kind) -> Reader:
    """No push dates a follow; it was when it came."""

    def read(push: Object, about: About) -> Sequence[Told] | None:
        fan, whom = (text_at(_side(push, side), "id") for side in ("source", "target"))
        if not fan or not whom:
            return None
        if whom != about.brand:
            return ()
        followed = Told(kind, fan, about.received_at, _identity(push))
        return [followed, *_introduced(followed, about)]

    return read


def _side(push: Object, side: str) -> Object:
    return _person(object_at(push, "payload", side))


def _messaged(push: Object, about: About) -> Sequence[Told] | None:
    events = list(each_at(push, "payload", "direct_message_events"))
    read = [messaged(event, about) for event in events]
    if not read or None in read:
        return None
    return [told for some in read for told in some or ()]


def _chatted(push: Object, about: About) -> Sequence[Told] | None:
    chat = object_at(push, "payload")
    sender, number = text_at(chat, "sender_id"), text_at(chat, "id")
    if not sender:
        return None
    if sender == about.brand:
        return ()
    at = moment_at(chat, "created_at_msec", otherwise=about.received_at, per_second=1000)
    identity = f"message:{number}" if number else _identity(push)
    said = Told(Kind.MESSAGED, sender, at, identity, reference=number or None, traits={"form": "encrypted"})
    return [said, *_introduced(said, about)]


def _revoked(push: Object, about: About) -> Sequence[Told] | None:
    payload = object_at(push, "payload")
    user, at = text_at(payload, "user_id"), _moment(text_at(payload, "date_time"), about)
    if user in ("", about.brand):
        return revoked_account(at, _identity(push))
    return (Told(Kind.NOTED, user, at, _identity(push), traits={"notice": "authorization_revoked"}),)


def _about(notice: str, *path: str, of: str = "") -> Reader:
    """A notice; ``path`` leads to what it refers to, ``of`` to the side of the payload it is about."""

    def read(push: Object, about: About) -> Sequence[Told] | None:
        return (_noted(push, about, notice, text_at(push, "payload", *path) if path else "", of),)

    return read


def _noted(push: Object, about: About, notice: str, reference: str = "", of: str = "") -> Told:
    person = text_at(_side(push, of), "id") if of else text_at(push, "payload", "author_id")
    actor = "" if person == about.brand else person
    traits = {"notice": notice}
    return Told(
        Kind.NOTED, actor, about.received_at, _identity(push), reference=reference or None, traits=traits
    )


def _identity(push: Object) -> str:
    number = text_at(push, "event_uuid")
    return f"push:{number}" if number else ""


def _introduced(told: Told, about: About) -> Sequence[Told]:
    return introduced(told, about.names.get(told.actor, ""))


def _written_at(post: Object, about: About) -> datetime:
    return _moment(text_at(post, "created_at"), about)


def _moment(written: str, about: About) -> datetime:
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return about.received_at
    return found.astimezone(UTC) if found.tzinfo else about.received_at


def _nothing(push: Object, about: About) -> Sequence[Told]:
    return ()


_READERS: dict[str, Reader] = {
    "post.create": _posted,
    "post.mention.create": _posted,
    "post.delete": _about("unsent", "id"),
    "like.create": _liked,
    "follow.follow": _followed(Kind.FOLLOWED),
    "follow.unfollow": _followed(Kind.UNFOLLOWED),
    "dm.received": _messaged,
    "dm.sent": _messaged,
    "dm.indicate_typing": _nothing,
    "chat.received": _chatted,
    "chat.sent": _chatted,
    "block.block": _about("block", of="target"),
    "block.unblock": _about("unblock", of="target"),
    "mute.mute": _about("mute", of="target"),
    "mute.unmute": _about("unmute", of="target"),
    "spaces.start": _about("space_started", "broadcast_id"),
    "spaces.end": _about("space_ended", "broadcast_id"),
    "news.new": _about("news", "id"),
    "oauth.revoke": _revoked,
}
