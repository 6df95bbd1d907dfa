"""What a batch of activities says about people: names, facts and contacts, and how that joins what was known.

Pure rules, the same for fans and customers; a source's last word holds, in whatever order it is heard.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from guanxi.vocabulary.facts import Fact, facts_of, merged, read_profile

BEGINNING = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class Portrait:
    """What is known, or newly heard, of one fan or customer; each contact with the moment it was last stated."""

    name: str = ""
    named_at: datetime | None = None
    facts: list[Fact] = field(default_factory=list)
    contacts: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def name_is(self, name: str, named_at: datetime | None) -> None:
        """The later name holds; of two given at once, the one that sorts last."""
        if name and (named_at or BEGINNING, name) > (self.named_at or BEGINNING, self.name):
            self.name, self.named_at = name, named_at

    def reached_by(self, contacts: Iterable[tuple[str, str]], stated_at: datetime) -> None:
        """The contacts were stated at the moment, or later."""
        for contact in contacts:
            self.contacts[contact] = max(self.contacts.get(contact, stated_at), stated_at)


def gather(stated: Iterable[tuple[int, str, datetime, str | None]]) -> dict[int, Portrait]:
    """A portrait of everybody about whom something was stated.

    Args:
        stated: id, platform, moment and traits of each statement.
    """
    heard: dict[int, Portrait] = {}
    for ref, platform, happened_at, traits in stated:
        profile = read_profile(traits)
        portrait = heard.setdefault(ref, Portrait())
        portrait.name_is(profile.name, happened_at)
        moment = happened_at.astimezone(UTC).isoformat(timespec="microseconds")
        portrait.facts = merged(portrait.facts, facts_of(profile, platform, moment))
        portrait.reached_by(profile.contacts, happened_at)
    return heard


def absorbed(known: Portrait, heard: Portrait) -> Portrait:
    """What is known once the heard is known too."""
    together = Portrait(known.name, known.named_at, merged(known.facts, heard.facts), heard.contacts)
    together.name_is(heard.name, heard.named_at)
    return together
