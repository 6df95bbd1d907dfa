"""What each change of WhatsApp's webhook means: messages, receipts, preferences, notices; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any

from guanxi.channels.hook import Told
from guanxi.channels.opt_out import with_opt_out, withdrawal
from guanxi.channels.reading import Object, each_at, moment_at, object_at, text_at
from guanxi.channels.whatsapp.people import (
    Person,
    by_another_id,
    introduced,
    own_number,
    people_in,
    person_of,
    renamed,
)
from guanxi.vocabulary.activity import Kind

Found = tuple[Object, Sequence[Told] | None]
_FORMS = frozenset(
    {"text", "image", "video", "audio", "document", "sticker", "location", "contacts", "order"}
    | {"unsupported", "unknown"}
)
_ALARMS = frozenset(
    {"account_update", "account_alerts", "phone_number_quality_update", "business_status_update"}
)
_STOPPED = "131050"
_HERE = {"channel": "whatsapp"}
_NOTED_MAX = 12
_PEOPLE_KEPT_MAX = 20
PartReader = Callable[[Object, Mapping[str, Person], datetime], Sequence[Told] | None]


def told_in(change: Object, received_at: datetime) -> Iterator[Found]:
    """Each part of a change, as a change of that part alone, and what it tells; None where its kind is not known."""
    field, value = text_at(change, "field"), object_at(change, "value")
    if field not in _PARTS:
        yield change, _noted_of_account(field, value, received_at) if field else None
        return
    people = people_in(value)
    for name in _PARTS[field]:
        for part in each_at(value, name):
            yield _alone(field, value, name, part), _PART_READERS[name](part, people, received_at)


def _alone(field: str, value: Object, name: str, part: Object) -> Object:
    """The part with what its reading needs of the change around it."""
    around = {"metadata": object_at(value, "metadata")}
    people = list(islice(each_at(value, "contacts"), _PEOPLE_KEPT_MAX + 1))
    kept = {"contacts": people} if len(people) <= _PEOPLE_KEPT_MAX else {}
    return {"field": field, "value": {**around, **kept, name: [part]}}


def _message(message: Object, people: Mapping[str, Person], received_at: datetime) -> Sequence[Told] | None:
    form = text_at(message, "type")
    person = person_of(message, people, "from_user_id", "user_id", "from")
    begun = Told(
        Kind.MESSAGED,
        person.actor,
        moment_at(message, "timestamp", otherwise=received_at),
        text_at(message, "id"),
        reference=text_at(message, "id") or None,
    )
    if form == "system":
        return by_another_id(begun, message)
    read = _READERS.get(form) or (_said if form in _FORMS else None)
    if read is None or not person.actor:
        return None
    given = person._replace(phone=person.phone or own_number(message))
    return [*read(begun, message), *introduced(begun, given)]


def _said(begun: Told, message: Object) -> Sequence[Told]:
    traits: dict[str, Any] = {"form": text_at(message, "type")}
    if group := text_at(message, "group_id"):
        traits["group"] = group
    if answered := text_at(message, "context", "id"):
        traits["answers"] = answered
    advert = text_at(message, "referral", "source_id") or None
    said = replace(begun, content=advert, traits=traits)
    return with_opt_out(said, text_at(message, "text", "body"))


def _pressed(begun: Told, message: Object) -> Sequence[Told]:
    interactive = object_at(message, "interactive")
    chosen = object_at(interactive, text_at(interactive, "type"))
    text = text_at(message, "button", "text") or text_at(chosen, "title")
    button = text_at(message, "button", "payload") or text_at(chosen, "id") or text
    return with_opt_out(
        replace(begun, kind=Kind.CLICKED, reference=button or None, traits={"by": "button"}), text
    )


def _reacted(begun: Told, message: Object) -> Sequence[Told]:
    there = replace(begun, reference=text_at(message, "reaction", "message_id") or None)
    if not text_at(message, "reaction", "emoji"):
        return (replace(there, kind=Kind.NOTED, traits={"notice": "reaction_removed"}),)
    return (replace(there, kind=Kind.LIKED),)


def _unsaid(notice: str, form: str) -> Callable[[Told, Object], Sequence[Told]]:
    def read(begun: Told, message: Object) -> Sequence[Told]:
        original = text_at(message, form, "original_message_id")
        noted = replace(begun, kind=Kind.NOTED, reference=original or None, traits={"notice": notice})
        return (noted,)

    return read


def _status(status: Object, people: Mapping[str, Person], received_at: datetime) -> Sequence[Told] | None:
    state, message = text_at(status, "status"), text_at(status, "id")
    if not state:
        return None
    code = next((text_at(error, "code") for error in each_at(status, "errors")), "")
    noted = Told(
        Kind.NOTED,
        person_of(status, people, "recipient_user_id", "recipient_id").actor,
        moment_at(status, "timestamp", otherwise=received_at),
        f"{message}:{state}" if message else "",
        reference=message or None,
        traits={
            "notice": f"message_{state}",
            **({"code": code} if code else {}),
            **({"category": category} if (category := text_at(status, "pricing", "category")) else {}),
        },
    )
    return (noted, withdrawal(noted, _HERE)) if code == _STOPPED and noted.actor else (noted,)


def _preference(wish: Object, people: Mapping[str, Person], received_at: datetime) -> Sequence[Told] | None:
    value, category = text_at(wish, "value"), text_at(wish, "category")
    person = person_of(wish, people, "user_id", "wa_id")
    if category != "marketing_messages" or value not in ("stop", "resume", "signup") or not person.actor:
        return None
    at = moment_at(wish, "timestamp", otherwise=received_at)
    identity = f"preference:{person.actor}:{value}:{at.isoformat()}"
    wished = Told(Kind.WITHDREW, person.actor, at, identity, reference=category, traits=_HERE)
    if value == "stop":
        return (wished,)
    granted = replace(wished, kind=Kind.CONSENTED)
    return [
        replace(granted, identity=f"{identity}:{purpose}", traits={**_HERE, "purpose": purpose})
        for purpose in ("engage", "sell")
    ]


def _noted_of_account(field: str, value: Object, received_at: datetime) -> Sequence[Told]:
    stated = {name: text_at(value, name) for name in list(value)[:_NOTED_MAX] if text_at(value, name)}
    traits = {**stated, "notice": field, "alarm": field in _ALARMS}
    return (Told(Kind.NOTED, "", received_at, traits=traits),)


_READERS: dict[str, Callable[[Told, Object], Sequence[Told]]] = {
    "button": _pressed,
    "interactive": _pressed,
    "reaction": _reacted,
    "revoke": _unsaid("unsent", "revoke"),
    "edit": _unsaid("edited", "edit"),
}
_PARTS = {
    "messages": ("messages", "statuses"),
    "user_preferences": ("user_preferences",),
    "user_id_update": ("user_id_update",),
}
_PART_READERS: dict[str, PartReader] = {
    "messages": _message,
    "statuses": _status,
    "user_preferences": _preference,
    "user_id_update": renamed,
}
