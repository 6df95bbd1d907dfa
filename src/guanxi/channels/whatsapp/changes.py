"""What each change of WhatsApp's webhook means: messages, receipts, preferences, notices; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from guanxi.channels.hook import Told
from guanxi.channels.opt_out import with_opt_out, withdrawal
from guanxi.channels.reading import Object, each_at, moment_at, object_at, text_at
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
# Shapes: developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/user_preferences and
# …/messages/system, read 2026-11-22. Scoped ids (two letters, a dot, up to 128 signs) after docs.360dialog.com and
# docs.kapso.ai, which name `user_id_update` and `contacts` without their shapes: those are kept whole.
_OF_PEOPLE = frozenset({"user_id_update", "contacts"})
_CHANGED = re.compile(r" changed from ([A-Z]{2}(?:\.ENT)?\.[A-Za-z0-9]{1,128}) to ")


class Person(NamedTuple):
    """Who it is: the id they go by here, with name and phone where the platform gives them."""

    actor: str
    name: str = ""
    phone: str = ""


PartReader = Callable[[Object, Mapping[str, Person], datetime], Sequence[Told] | None]


def told_in(change: Object, received_at: datetime) -> Iterator[Found]:
    """Each part of a change, as a change of that part alone, and what it tells; None where its kind is not known."""
    field, value = text_at(change, "field"), object_at(change, "value")
    if field not in _PARTS:
        known = field and field not in _OF_PEOPLE
        yield change, _noted_of_account(field, value, received_at) if known else None
        return
    people = _people(value)
    for name in _PARTS[field]:
        for part in each_at(value, name):
            yield _alone(field, value, name, part), _PART_READERS[name](part, people, received_at)


def _alone(field: str, value: Object, name: str, part: Object) -> Object:
    """The part with what its reading needs of the change around it."""
    around = {"metadata": object_at(value, "metadata")}
    people = list(islice(each_at(value, "contacts"), _PEOPLE_KEPT_MAX + 1))
    kept = {"contacts": people} if len(people) <= _PEOPLE_KEPT_MAX else {}
    return {"field": field, "value": {**around, **kept, name: [part]}}


def _people(value: Object) -> Mapping[str, Person]:
    """Whoever the change names, by each id they are known under."""
    found: dict[str, Person] = {}
    for contact in each_at(value, "contacts"):
        wa_id, user_id = text_at(contact, "wa_id"), text_at(contact, "user_id")
        person = Person(user_id or wa_id, text_at(contact, "profile", "name"), wa_id)
        found.update({known: person for known in (wa_id, user_id) if known})
    return found


def _person(part: Object, people: Mapping[str, Person], *names: str) -> Person:
    known = [text_at(part, name) for name in names]
    for one in known:
        if one in people:
            return people[one]
    actor = next((one for one in known if one), "")
    if not actor and len(set(people.values())) == 1:
        return next(iter(people.values()))
    return Person(actor, "", actor if actor.isdigit() else "")


def _message(message: Object, people: Mapping[str, Person], received_at: datetime) -> Sequence[Told] | None:
    form = text_at(message, "type")
    person = _person(message, people, "from_user_id", "user_id", "from")
    begun = Told(
        Kind.MESSAGED,
        person.actor,
        moment_at(message, "timestamp", otherwise=received_at),
        text_at(message, "id"),
        reference=text_at(message, "id") or None,
    )
    if form == "system":
        return _system(begun, message)
    read = _READERS.get(form) or (_said if form in _FORMS else None)
    if read is None or not person.actor:
        return None
    return [*read(begun, message), *_introduced(begun, person)]


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


def _system(begun: Told, message: Object) -> Sequence[Told]:
    """Somebody goes by another number or id: both are told the same contact, so that they can be linked."""
    system = object_at(message, "system")
    said = _CHANGED.search(text_at(system, "body"))
    before = begun.actor or text_at(system, "previous_user_id") or (said[1] if said else "")
    after = text_at(system, "user_id") or text_at(system, "wa_id") or text_at(system, "new_wa_id")
    notice = text_at(system, "type") or "system"
    told = [replace(begun, kind=Kind.NOTED, actor=before, traits={"notice": notice})]
    if not (before and after and before != after):
        return told
    contact = {"phone": f"+{after}"} if after.isdigit() else {"union_id": f"whatsapp:{after}"}
    changed = replace(begun, kind=Kind.IDENTIFIED, reference=None, traits=contact)
    return [
        *told,
        replace(changed, actor=before, identity=f"{begun.identity}:before"),
        replace(changed, actor=after, identity=f"{begun.identity}:after"),
    ]


def _introduced(begun: Told, person: Person) -> Iterator[Told]:
    traits = {"name": person.name, "phone": f"+{person.phone}" if person.phone else ""}
    stated = {name: value for name, value in traits.items() if value}
    if stated:
        identity = f"{begun.identity}:who" if begun.identity else ""
        yield replace(
            begun,
            kind=Kind.IDENTIFIED,
            identity=identity,
            reference=None,
            content=None,
            traits=stated,
        )


def _status(status: Object, people: Mapping[str, Person], received_at: datetime) -> Sequence[Told] | None:
    state, message = text_at(status, "status"), text_at(status, "id")
    if not state:
        return None
    code = next((text_at(error, "code") for error in each_at(status, "errors")), "")
    noted = Told(
        Kind.NOTED,
        _person(status, people, "recipient_user_id", "recipient_id").actor,
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
    person = _person(wish, people, "user_id", "wa_id")
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
_PARTS = {"messages": ("messages", "statuses"), "user_preferences": ("user_preferences",)}
_PART_READERS: dict[str, PartReader] = {
    "messages": _message,
    "statuses": _status,
    "user_preferences": _preference,
}
