"""What a platform's own lists tell that no push told, as activities: dated, sourced, and each told once.

An activity is known by what it says and by when we last heard of a change, so that however often a difference is
found before it is digested, it counts once, and the next one counts again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from guanxi.channels.directory import Group, Member, Person, Way
from guanxi.channels.hook import Told
from guanxi.channels.reading import group_words
from guanxi.listen.accept import accept
from guanxi.listen.hooks.told_rows import row_of
from guanxi.listen.rows import as_table
from guanxi.listen.scenes.rules import Scenes, resolve
from guanxi.records.databases import SOCIAL, transaction
from guanxi.records.register import Place
from guanxi.vocabulary.activity import Kind

BLOCK = 10_000
CONFIDENCE = 0.9
Traits = dict[str, Any]
_FOLLOWING = (Kind.FOLLOWED, Kind.UNFOLLOWED)
T = TypeVar("T")


def found_by(platform: str) -> str:
    """What such an activity says of its source."""
    return f"{platform} lists"


def came(place: Place, one: Person, moment: datetime, since: datetime | None) -> Told:
    """That somebody follows."""
    by = {"by": one.came_by} if one.came_by else {}
    dated = {} if moment in one.follow_dates else {"undated": True}
    return _told(place, Kind.FOLLOWED, one.address, moment, since, one.scene, {**by, **dated})


def gone(place: Place, address: str, as_of: datetime, since: datetime | None) -> Told:
    """That somebody follows no more; nobody dates it."""
    return _told(place, Kind.UNFOLLOWED, address, as_of, since)


def added(place: Place, one: Person, way: Way, moment: datetime, since: datetime | None) -> Told:
    """That somebody follows through an employee; ``since`` is when we last heard of these two."""
    by = {"by": way.came_by} if way.came_by else {}
    dated = {} if moment == way.since else {"undated": True}
    return _told(
        place, Kind.FOLLOWED, one.address, moment, since, way.scene, {**by, **dated, "staff": way.staff}
    )


def parted(place: Place, address: str, staff: str, as_of: datetime, since: datetime, after: datetime) -> Told:
    """That somebody and an employee have parted, at some moment between ``after`` and ``as_of``."""
    between = {"after": after.isoformat(), "undated": True}
    return _told(place, Kind.PARTED, address, as_of, since, "", {"staff": staff, **between})


def tagged(
    place: Place, address: str, as_of: datetime, since: datetime | None, tag: str, name: str, wanted: bool
) -> Told:
    """That somebody carries a tag, or no longer; nobody dates it."""
    kind = Kind.TAGGED if wanted else Kind.UNTAGGED
    return _told(place, kind, address, as_of, since, tag, {"name": name})


def described(place: Place, one: Person | Member, as_of: datetime, since: datetime | None) -> Told | None:
    """What the platform says of somebody, as evidence and as facts; None where it says nothing."""
    facts = dict(one.facts) if isinstance(one, Person) else {}
    said = {"name": one.name, "union_id": one.union_id, "facts": facts}
    stated = {name: value for name, value in said.items() if value}
    if not stated:
        return None
    words = json.dumps(stated, ensure_ascii=False, sort_keys=True)
    traits = {**stated, "source": found_by(place.platform), "confidence": CONFIDENCE}
    return Told(
        Kind.IDENTIFIED,
        one.address,
        as_of,
        _identity(place, "identified", one.address, words, since),
        traits=traits,
    )


def joined(place: Place, group: Group, one: Member, moment: datetime, since: datetime | None) -> Told:
    """That somebody is in a group."""
    return _told(place, Kind.JOINED, one.address, moment, since, group.id, _named(group))


def left(place: Place, group: Group, address: str, as_of: datetime, since: datetime | None) -> Told:
    """That somebody is in a group no more; nobody dates it."""
    return _told(place, Kind.LEFT, address, as_of, since, group.id, _named(group))


def noted(place: Place, group: Group, notice: str, moment: datetime, since: datetime | None) -> Told:
    """That a group was opened, called otherwise or closed."""
    words = f"{notice}\0{group.name}"
    traits = {"notice": notice, "found_by": found_by(place.platform), **_named(group)}
    return Told(
        Kind.NOTED,
        "",
        moment,
        _identity(place, "group", group.id, words, since),
        reference=group.id,
        traits=traits,
    )


def untold(place: Place, part: str, as_of: datetime) -> Told:
    """That the platform does not tell an account of this kind something; noted once in a while."""
    traits = {"notice": "list_untold", "what": part, "found_by": found_by(place.platform)}
    return Told(
        Kind.NOTED, "", as_of, _identity(place, "untold", part, "", None), reference=part, traits=traits
    )


def keep(place: Place, told: Iterable[Told], scenes: Scenes) -> int:
    """All of it waits in the inbox; says how much was new."""
    source, new = f"{place.platform}:{place.account}", 0
    for some in _blocks(told):
        rows = [row_of(source, place, resolve(one, scenes), one.identity) for one in some]
        with transaction(SOCIAL) as connection:
            new += accept(connection, source, as_table(rows)).accepted
    return new


def _told(
    place: Place,
    kind: Kind,
    address: str,
    moment: datetime,
    since: datetime | None,
    reference: str = "",
    more: Traits | None = None,
) -> Told:
    # A follow is one, whatever its scene, with each employee; whatever else is about something is about that.
    traits = {"found_by": found_by(place.platform), **(more or {})}
    about = traits.get("staff", "" if kind in _FOLLOWING else reference)
    identity = _identity(place, kind.value, address, about, since)
    return Told(kind, address, moment, identity, reference=reference or None, traits=traits)


def _identity(place: Place, *words: str | datetime | None) -> str:
    parts = (one.isoformat() if isinstance(one, datetime) else one or "" for one in words)
    return "\0".join((found_by(place.platform), *parts))


def _named(group: Group) -> Traits:
    words: Traits = group_words(group.id, group.name, group.kind)
    return words


def _blocks(items: Iterable[T]) -> Iterator[list[T]]:
    left_over = iter(items)
    while some := list(islice(left_over, BLOCK)):
        yield some
