"""Who a part of WhatsApp's webhook is about, and who goes by another id or number than before; pure.

Since usernames (2026) the phone may be missing; the id that stays is the one scoped to the business, and a parent id is
shared by a business's portfolios. Shapes: developers.facebook.com/documentation/business-messaging/whatsapp
(…/business-scoped-user-ids, …/webhooks/reference/messages/system and /contacts; changelog of 2026-08-11, by which a
changed id comes as a system message and not as the field `user_id_update`, which both Meta's page of 2026-03 and
developer.8x8.com/connect/docs/whatsapp-business-scoped-user-ids describe), read 2026-11-22.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from guanxi.channels.hook import Told
from guanxi.channels.reading import Object, each_at, moment_at, object_at, text_at
from guanxi.vocabulary.activity import Kind

_CHANGED = re.compile(r" changed from ([A-Z]{2}(?:\.ENT)?\.[A-Za-z0-9]{1,128}) to ")
_ASKED_FOR = "contact_request"


class Person(NamedTuple):
    """Who it is: the id they go by here, with name, phone and parent id where the platform gives them."""

    actor: str
    name: str = ""
    phone: str = ""
    parent: str = ""


def people_in(value: Object) -> Mapping[str, Person]:
    """Whoever the change names, by each id they are known under."""
    found: dict[str, Person] = {}
    for contact in each_at(value, "contacts"):
        wa_id, user_id = text_at(contact, "wa_id"), text_at(contact, "user_id")
        name, parent = text_at(contact, "profile", "name"), text_at(contact, "parent_user_id")
        person = Person(user_id or wa_id, name, wa_id, parent)
        found.update({known: person for known in (wa_id, user_id) if known})
    return found


def person_of(part: Object, people: Mapping[str, Person], *names: str) -> Person:
    """Who a part is about: whom one of its fields names, else the only one the change names."""
    known = [text_at(part, name) for name in names]
    for one in known:
        if one in people:
            return people[one]
    actor = next((one for one in known if one), "")
    if not actor and len(set(people.values())) == 1:
        return next(iter(people.values()))
    return Person(actor, "", actor if actor.isdigit() else "")


def introduced(begun: Told, person: Person) -> Iterator[Told]:
    """What the platform says of who did it, as evidence; nothing where it says nothing."""
    traits = {"name": person.name, **_phone(person.phone), **_union(person.parent)}
    stated = {name: value for name, value in traits.items() if value}
    if stated:
        identity = f"{begun.identity}:who" if begun.identity else ""
        yield replace(
            begun, kind=Kind.IDENTIFIED, identity=identity, reference=None, content=None, traits=stated
        )


def own_number(message: Object) -> str:
    """The number that somebody gave when they were asked for it; a card of somebody else is nobody's evidence."""
    for card in each_at(message, "contacts"):
        if _ASKED_FOR in (text_at(card, "origin"), text_at(message, "origin")):
            for phone in each_at(card, "phones"):
                given = text_at(phone, "wa_id") or re.sub(r"[^0-9]", "", text_at(phone, "phone"))
                if given.isdigit():
                    return given
    return ""


def by_another_id(begun: Told, message: Object) -> Sequence[Told]:
    """A system message: somebody goes by another number or id."""
    system = object_at(message, "system")
    after = text_at(system, "user_id") or text_at(system, "wa_id") or text_at(system, "new_wa_id")
    said = _CHANGED.search(text_at(system, "body"))
    known = (text_at(system, "previous_user_id"), begun.actor, said[1] if said else "")
    before = next((one for one in known if one and one != after), begun.actor)
    notice = {"notice": text_at(system, "type") or "system"}
    phone = text_at(system, "wa_id")
    return [
        replace(begun, kind=Kind.NOTED, actor=before, traits=notice),
        *_one_person(begun, before, after, phone, text_at(system, "parent_user_id")),
    ]


def renamed(update: Object, people: Mapping[str, Person], received_at: datetime) -> Sequence[Told] | None:
    """A change of the field `user_id_update`: the id before and the id after are of one person."""
    before, after = (text_at(update, "user_id", side) for side in ("previous", "current"))
    if not (before and after):
        return None
    at = moment_at(update, "timestamp", otherwise=received_at)
    notice = {"notice": "user_changed_user_id"}
    begun = Told(Kind.NOTED, before, at, f"renamed:{before}:{after}", traits=notice)
    phone = text_at(update, "wa_id")
    return [begun, *_one_person(begun, before, after, phone, text_at(update, "parent_user_id", "current"))]


def _one_person(begun: Told, before: str, after: str, phone: str, parent: str) -> Iterator[Told]:
    """Both are told the same contact, so that they can be linked; only the new one has the new number."""
    if not before or not after or before == after:
        return
    contact = _phone(after) if after.isdigit() else _union(after)
    told = replace(begun, kind=Kind.IDENTIFIED, reference=None)
    named = begun.identity
    yield replace(told, actor=before, identity=f"{named}:before", traits=contact)
    yield replace(told, actor=after, identity=f"{named}:after", traits={**contact, **_phone(phone)})
    if parent:
        yield replace(told, actor=after, identity=f"{named}:parent", traits=_union(parent))


def _phone(digits: str) -> dict[str, str]:
    return {"phone": f"+{digits}"} if digits else {}


def _union(number: str) -> dict[str, str]:
    return {"union_id": f"whatsapp:{number}"} if number else {}
