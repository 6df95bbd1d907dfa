"""Compares a platform's lists with what we know, and lets what differs be heard: follows, words, tags, groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from guanxi.channels.directory import Directory, Group, Member, Part, Person, PlatformTag, Untold
from guanxi.channels.hook import Told
from guanxi.listen.hooks import found as telling
from guanxi.listen.scenes.rules import Scenes
from guanxi.records.register import Place
from guanxi.social.actions_tags import rename_tags
from guanxi.social.groups import CLOSED, OPENED
from guanxi.social.queries.described import Held, held, newcomers, some_followers, undescribed
from guanxi.social.queries.following import Difference, follow_differences, tag_differences, tags_gone
from guanxi.social.queries.membership import KnownGroup, known_groups, member_differences
from guanxi.vocabulary.facts import VALUE_MAX, clean

GRACE = timedelta(minutes=10)
"""Who came so lately is left to the push that tells of it, which may still be on its way."""
NEW = timedelta(minutes=30)
NEWCOMERS_MAX = 1_000
UNDESCRIBED_MAX = 100_000
NAMED = "group_named"
Since = dict[str, datetime | None]


@dataclass(slots=True)
class Reading:
    """One account while it is being asked.

    Attributes:
        before: when its lists were last read to the end.
        untold: gathers what its platform does not tell.
    """

    directory: Directory
    place: Place
    scenes: Scenes
    as_of: datetime
    before: datetime | None = None
    untold: list[str] = field(default_factory=list)

    def keep(self, told: Iterable[Told | None]) -> int:
        """It waits in the inbox; says how much of it was new."""
        return telling.keep(self.place, (one for one in told if one is not None), self.scenes)

    def miss(self, part: Part) -> None:
        """An account of this kind is not told it, which is noted."""
        if part not in self.untold:
            self.untold.append(part)
            self.keep([telling.untold(self.place, part, self.as_of)])


def read_followers(reading: Reading) -> dict[str, int]:
    """Follows and unfollows that no push told, and what the platform says of people, are heard."""
    listed = _listed(reading)
    found, lost = _differences(reading, listed)
    counts = {"listed": len(listed or ()), "followed": 0, "described": 0}
    since: Since = {one.external_id: one.since for one in found}
    for people in blocks(_people(reading, listed or [], since)):
        new = [one for one in people if one.address in since and one.follows]
        counts["followed"] += reading.keep(_came(reading, one, since[one.address]) for one in new)
        counts["described"] += reading.keep(described(reading, people))
    gone = _really_gone(reading, lost, listed is not None)
    told = (telling.gone(reading.place, one.external_id, reading.as_of, one.since) for one in gone)
    return {**counts, "unfollowed": reading.keep(told)}


def describe_newcomers(reading: Reading) -> int:
    """What the platform says of those who came a moment ago is heard; says of how many it said something."""
    source = telling.found_by(reading.place.platform)
    came = newcomers(reading.place, source, reading.as_of - NEW, NEWCOMERS_MAX)
    people = list(reading.directory.people(came)) if came else []
    return reading.keep(described(reading, people))


def read_tags(reading: Reading) -> dict[str, int]:
    """Tags that were put on, taken off or deleted at the platform are heard; renamed ones are called so."""
    counts = {"tagged": 0, "untagged": 0}
    listed = {tag.id: tag.name for tag in reading.directory.tags()}
    rename_tags(reading.place, listed, reading.as_of)
    gone = [PlatformTag(*one) for one in tags_gone(reading.place, listed)]
    for tag in (*(PlatformTag(*one) for one in listed.items()), *gone):
        has = reading.directory.tagged(tag.id) if tag.id in listed else ()
        differences = tag_differences(reading.place, tag.id, has)
        for what, wanted, some in zip(counts, (True, False), differences, strict=True):
            told = (
                telling.tagged(
                    reading.place, one.external_id, reading.as_of, one.since, tag.id, tag.name, wanted
                )
                for one in some
            )
            counts[what] += reading.keep(told)
    return counts


def read_groups(reading: Reading) -> dict[str, int]:
    """Groups, their names, and who joined and left unheard, are heard."""
    known = known_groups(reading.place)
    counts = Counter[str]()
    for group in reading.directory.groups([one.external_id for one in known.values() if one.is_open]):
        reading.keep([_notice(reading, group, known.get(group.id))])
        counts["groups"] += group.is_open
        if group.members is not None:
            counts.update(_members(reading, group, group.members))
        elif group.is_open:
            reading.miss(Part.MEMBERS)
    return counts


def _listed(reading: Reading) -> list[str] | None:
    """Everybody who follows; None where the account is not told."""
    try:
        return [one for page in reading.directory.followers() for one in page]
    except Untold as refused:
        reading.miss(refused.part)
        return None


def _differences(reading: Reading, listed: list[str] | None) -> tuple[list[Difference], list[Difference]]:
    """Who follows unheard, and who may have left unheard; without a list, that is whoever follows."""
    if listed is not None:
        return follow_differences(reading.place, listed, reading.as_of)
    most = reading.directory.habits().asks_max
    return [], [Difference(*one) for one in some_followers(reading.place, reading.as_of, most)]


def _people(reading: Reading, listed: Sequence[str], since: Since) -> Iterator[Person]:
    """What the platform says of whom we did not know to follow, and of whom we have no word of it yet.

    Whom it cannot be asked about in this reading follows all the same.
    """
    habits = reading.directory.habits()
    if habits.lists_words:
        return reading.directory.people(listed)
    asked, unasked = list(since)[: habits.asks_max], list(since)[habits.asks_max :]
    most = min(habits.asks_max - len(asked), UNDESCRIBED_MAX)
    wordless = undescribed(reading.place, telling.found_by(reading.place.platform), most)
    return _chained(
        reading.directory.people(list(dict.fromkeys((*asked, *wordless)))),
        (Person(one, follows=True) for one in unasked),
    )


def _chained(*parts: Iterable[Person]) -> Iterator[Person]:
    for part in parts:
        yield from part


def _came(reading: Reading, one: Person, since: datetime | None) -> Told | None:
    moment = _began(reading, one, since)
    return None if moment is None else telling.came(reading.place, one, moment, since)


def _began(reading: Reading, one: Person, since: datetime | None) -> datetime | None:
    """Since when somebody follows whom we last heard leave at ``since``; None where the list is no news."""
    later = [moment for moment in one.follow_dates if since is None or moment > since]
    if later:
        return None if is_young(later[0], reading) else later[0]
    return reading.as_of


def is_young(moment: datetime, reading: Reading) -> bool:
    """Whether the push that tells of it may still be on its way."""
    return moment > reading.as_of - GRACE


def described(reading: Reading, people: Sequence[Person] | Sequence[Member]) -> Iterator[Told | None]:
    """What the platform says of them, where it is not what we hold."""
    source = telling.found_by(reading.place.platform)
    known = held(reading.place, source, [one.address for one in people])
    for one in people:
        words = known.get(one.address, Held())
        if words.willing and not _is_held(one, words):
            yield telling.described(reading.place, one, reading.as_of, words.since)


def _is_held(one: Person | Member, words: Held) -> bool:
    facts = one.facts if isinstance(one, Person) else {}
    return (
        clean(one.name.strip(), VALUE_MAX) in ("", words.name)
        and (words.has_union_id or not one.union_id)
        and set(facts.items()) <= set(words.facts)
    )


def _really_gone(reading: Reading, lost: list[Difference], were_listed: bool) -> Iterator[Difference]:
    """Where the list leaves people out who follow, each is asked about."""
    if were_listed and reading.directory.habits().list_is_whole:
        yield from lost
        return
    doubted = {one.external_id: one for one in lost[: reading.directory.habits().asks_max]}
    for person in reading.directory.people(list(doubted)):
        if not person.follows:
            yield doubted[person.address]


def _notice(reading: Reading, group: Group, known: KnownGroup | None) -> Told | None:
    place, as_of = reading.place, reading.as_of
    if not group.is_open:
        was_open = known is not None and known.is_open
        return telling.noted(place, group, CLOSED, as_of, known.closed_at) if known and was_open else None
    if known is None:
        return telling.noted(place, group, OPENED, group.opened_at or as_of, None)
    if not known.is_open:
        return telling.noted(place, group, OPENED, as_of, known.closed_at)
    if group.name not in ("", known.name):
        return telling.noted(place, group, NAMED, as_of, known.named_at)
    return None


def _members(reading: Reading, group: Group, members: Sequence[Member]) -> dict[str, int]:
    """Who joined and left unheard; nobody left for not being in a list that leaves people out."""
    by_address = {one.address: one for one in members}
    found, lost = member_differences(reading.place, group.id, by_address, reading.as_of)
    new = [(by_address[one.external_id], one.since) for one in found]
    told = (telling.left(reading.place, group, one.external_id, reading.as_of, one.since) for one in lost)
    return {
        "joined": reading.keep(_joined(reading, group, one, since) for one, since in new),
        "described": reading.keep(described(reading, _named(reading, [one for one, _ in new]))),
        "left": reading.keep(told) if reading.directory.habits().members_are_whole else 0,
    }


def _joined(reading: Reading, group: Group, one: Member, since: datetime | None) -> Told | None:
    moment = one.joined_at or reading.as_of
    if one.joined_at and moment > reading.as_of - GRACE:
        return None
    if since is not None and moment <= since:
        moment = reading.as_of
    return telling.joined(reading.place, group, one, moment, since)


def _named(reading: Reading, members: list[Member]) -> list[Person] | list[Member]:
    """The members with what is said of them; where the list says nothing, each is asked about."""
    if any(one.name for one in members):
        return members
    return list(reading.directory.people([one.address for one in members]))


def blocks(people: Iterator[Person]) -> Iterator[list[Person]]:
    """People in as large numbers as are told at once."""
    while some := list(islice(people, telling.BLOCK)):
        yield some
