"""What each kind of X's account activities means; pure.

What the brand itself writes is published content. A reply to, or a copy of, somebody else's post came through
that person. `pushes` reads the X Activity API, which follows this one; what is the same in both has one identity.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from guanxi.channels.hook import Told
from guanxi.channels.opt_out import with_opt_out
from guanxi.channels.reading import Object, moment_at, object_at, text_at
from guanxi.vocabulary.activity import Kind

TITLE_MAX = 80
_WRITTEN = "%a %b %d %H:%M:%S %z %Y"
SILENT = frozenset({"direct_message_indicate_typing_events"})


@dataclass(frozen=True, slots=True)
class About:
    """What all parts of a request share: whose account it is, when it came, and names by id."""

    brand: str
    received_at: datetime
    names: Mapping[str, str]


Reader = Callable[[Object, About], Sequence[Told] | None]


def names_in(body: Object) -> dict[str, str]:
    """The names of the users whom a request of direct messages describes."""
    users = object_at(body, "users")
    return {user: text_at(users, user, "name") for user in users if text_at(users, user, "name")}


def note_of_account(event: Object, received_at: datetime) -> Sequence[Told] | None:
    """The account took its permission back: nothing will be heard any more."""
    return revoked_account(received_at) if "revoke" in event else None


def revoked_account(at: datetime, identity: str = "") -> Sequence[Told]:
    """The notice that the account's permission is gone, which somebody must see."""
    return (Told(Kind.NOTED, "", at, identity, traits={"notice": "token_revoked", "alarm": True}),)


def _posted(post: Object, about: About) -> Sequence[Told] | None:
    author, number = text_at(post, "user", "id_str"), text_at(post, "id_str")
    if not (author and number):
        return None
    begun = Told(Kind.MENTIONED, author, _written_at(post, about), f"post:{number}", reference=number)
    if author == about.brand:
        traits = {"title": text_at(post, "text")[:TITLE_MAX], "kind": "post"}
        published = replace(
            begun, kind=Kind.PUBLISHED, actor="", content=number, reference=None, traits=traits
        )
        return () if "retweeted_status" in post else (published,)
    return [_meant(begun, post, about), *introduced(begun, text_at(post, "user", "name"))]


def _meant(begun: Told, post: Object, about: About) -> Told:
    for name, form in (("retweeted_status", "copy"), ("quoted_status", "quote")):
        original = object_at(post, name)
        if original:
            through = somebody(text_at(original, "user", "id_str"), begun, about)
            content = text_at(original, "id_str") or None
            return replace(begun, kind=Kind.RESHARED, content=content, through=through, traits={"form": form})
    answered = text_at(post, "in_reply_to_status_id_str")
    if answered:
        through = somebody(text_at(post, "in_reply_to_user_id_str"), begun, about)
        return replace(begun, kind=Kind.REPLIED, content=answered, through=through)
    return begun


def somebody(user: str, begun: Told, about: About) -> str | None:
    """Through whom it came, unless that is the brand or the person's own self."""
    return user if user not in ("", about.brand, begun.actor) else None


def introduced(begun: Told, name: str) -> Sequence[Told]:
    """The name of who did it, where it was told."""
    if not name:
        return ()
    identity = f"{begun.identity}:who" if begun.identity else ""
    return (replace(begun, kind=Kind.IDENTIFIED, identity=identity, reference=None, traits={"name": name}),)


def _liked(like: Object, about: About) -> Sequence[Told] | None:
    actor, number = text_at(like, "user", "id_str"), text_at(like, "id")
    content = text_at(like, "favorited_status", "id_str")
    if not (actor and content):
        return None
    at = _written_at(like, about)
    liked = Told(Kind.LIKED, actor, at, f"like:{number}" if number else "", content=content)
    return [liked, *introduced(liked, text_at(like, "user", "name"))] if actor != about.brand else ()


def _followed(event: Object, about: About) -> Sequence[Told] | None:
    kind = {"follow": Kind.FOLLOWED, "unfollow": Kind.UNFOLLOWED}.get(text_at(event, "type"))
    fan, whom = text_at(event, "source", "id"), text_at(event, "target", "id")
    if kind is None or not fan or not whom:
        return None
    if whom != about.brand:
        return ()
    at = _event_at(event, about)
    followed = Told(kind, fan, at, f"{kind}:{fan}:{at.isoformat()}")
    return [followed, *introduced(followed, text_at(event, "source", "name"))]


def _unfollowed(event: Object, about: About) -> Sequence[Told] | None:
    return _followed({**event, "type": "unfollow"}, about)


def messaged(event: Object, about: About) -> Sequence[Told] | None:
    """What a direct message in the open tells: that it was said, whether it opts out; or that the brand answered."""
    sender = text_at(event, "message_create", "sender_id")
    number = text_at(event, "id")
    if text_at(event, "type") != "message_create" or not sender:
        return None
    if sender == about.brand:
        return _answered(event, about, number)
    said = Told(
        Kind.MESSAGED,
        sender,
        _event_at(event, about),
        f"message:{number}" if number else "",
        reference=number or None,
        traits={"form": "direct"},
    )
    text = text_at(event, "message_create", "message_data", "text")
    return [*with_opt_out(said, text), *introduced(said, about.names.get(sender, ""))]


def _answered(event: Object, about: About, number: str) -> Sequence[Told]:
    """The brand's own message, whoever wrote it and where: its text is nobody's activity."""
    whom = text_at(event, "message_create", "target", "recipient_id")
    if not whom or whom == about.brand:
        return ()
    identity = f"message:{number}" if number else ""
    traits = {"notice": "message_answered"}
    return (
        Told(Kind.NOTED, whom, _event_at(event, about), identity, reference=number or None, traits=traits),
    )


def _noted(notice: str, *actor: str) -> Reader:
    def read(event: Object, about: About) -> Sequence[Told] | None:
        who = text_at(event, *actor)
        named = "" if who == about.brand else who
        number = text_at(event, "id") or text_at(event, "status", "id")
        traits = {"notice": notice}
        return (Told(Kind.NOTED, named, _event_at(event, about), reference=number or None, traits=traits),)

    return read


def _written_at(found: Object, about: About) -> datetime:
    at = moment_at(found, "timestamp_ms", otherwise=about.received_at, per_second=1000)
    written = text_at(found, "created_at")
    if at != about.received_at or not written:
        return at
    try:
        return datetime.strptime(written, _WRITTEN).astimezone(UTC)
    except ValueError:
        return about.received_at


def _event_at(event: Object, about: About) -> datetime:
    return moment_at(event, "created_timestamp", otherwise=about.received_at, per_second=1000)


# Names and shapes: developer.x.com "Account Activity data objects", docs.x.com/x-api/account-activity/introduction,
# read 2026-11-22. Who takes a follow back is told as `follow_events` of the type `unfollow`, or as `unfollow_events`.
READERS: dict[str, Reader] = {
    "tweet_create_events": _posted,
    "favorite_events": _liked,
    "follow_events": _followed,
    "unfollow_events": _unfollowed,
    "direct_message_events": messaged,
    "direct_message_mark_read_events": _noted("message_read", "sender_id"),
    "tweet_delete_events": _noted("unsent", "status", "user_id"),
    "block_events": _noted("block", "target", "id"),
    "unblock_events": _noted("unblock", "target", "id"),
    "mute_events": _noted("mute", "target", "id"),
    "unmute_events": _noted("unmute", "target", "id"),
}
