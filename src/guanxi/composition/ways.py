"""Compares through which employees people follow, as a platform lists it, with what we know, and lets it be heard.

A platform that keeps whoever parted in its list says nothing by presence: two who have parted are together again only
where the list dates their coming later. Absence says that they parted, at some moment since the last reading.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from guanxi.channels.directory import Person, Way
from guanxi.channels.hook import Told
from guanxi.composition.differences import Reading, blocks, described, is_young
from guanxi.listen.hooks import found as telling
from guanxi.social.queries.following import KnownWays, known_ways

Known = dict[str, KnownWays]


def read_ways(reading: Reading) -> dict[str, int]:
    """Comings and partings that no push told, and what the platform says of people, are heard."""
    listed = [one for page in reading.directory.followers() for one in page]
    known = known_ways(reading.place)
    counts = Counter(listed=len(listed), followed=0, added=0, described=0, unfollowed=0, parted=0)
    together: dict[str, frozenset[str]] = {}
    for people in blocks(iter(reading.directory.people(listed))):
        together.update((one.address, frozenset(way.staff for way in one.ways)) for one in people)
        come = [(one, began) for one in people if (began := list(_begun(reading, one, known)))]
        told = [telling.added(reading.place, one, *way) for one, began in come for way in began]
        new = reading.keep(told)
        counts["added"] += new
        counts["followed"] += min(new, sum(1 for one, _ in come if not _follows(known, one.address)))
        counts["described"] += reading.keep(described(reading, people))
    for person, gone in _parted(reading, known, together):
        new = reading.keep(_partings(reading, person, gone, known[person]))
        counts["parted"] += new if gone else 0
        counts["unfollowed"] += bool(new) and set(gone) >= set(known[person].open_ways())
    return dict(counts)


def _begun(reading: Reading, one: Person, known: Known) -> Iterator[tuple[Way, datetime, datetime | None]]:
    """The ways that are news: when each began, and when we last heard of these two."""
    ways = known[one.address].ways if one.address in known else {}
    for way in one.ways:
        began, ended = ways.get(way.staff, (None, None))
        if way.since and is_young(way.since, reading):
            continue
        if began is None and ended is None:
            yield way, way.since or reading.as_of, None
        elif ended and (began is None or began <= ended) and way.since and way.since > ended:
            yield way, way.since, ended


def _follows(known: Known, address: str) -> bool:
    return address in known and known[address].follows


def _parted(
    reading: Reading, known: Known, together: dict[str, frozenset[str]]
) -> Iterator[tuple[str, Sequence[str]]]:
    """Who is no longer with which employees; who follows through nobody we know of and is not listed is gone.

    Nothing follows from a list in which an employee is missing, for whoever is with that employee.
    """
    habits = reading.directory.habits()
    for address, one in known.items():
        open_ways, still = one.open_ways(), together.get(address, frozenset()) | habits.unlisted_ways
        gone = [staff for staff, began in open_ways.items() if staff not in still and began < reading.as_of]
        unlisted = one.follows and not open_ways and address not in together
        if gone or (unlisted and habits.list_is_whole):
            yield address, gone


def _partings(reading: Reading, address: str, gone: Sequence[str], one: KnownWays) -> Iterable[Told]:
    if not gone:
        return [telling.gone(reading.place, address, reading.as_of, one.since)]
    open_ways = one.open_ways()
    after = {staff: max(filter(None, (open_ways[staff], reading.before))) for staff in gone}
    return [
        telling.parted(reading.place, address, staff, reading.as_of, open_ways[staff], after[staff])
        for staff in gone
    ]
