"""The port of every platform that can be asked: who follows, what it says of them, their tags and groups.

What a platform, or an account of its kind, does not tell is `Untold`: a matter of coverage and no error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from guanxi.vocabulary.reasons import Refused


class Part(StrEnum):
    """What may be asked for."""

    FOLLOWERS = "followers"
    TAGS = "tags"
    GROUPS = "groups"
    MEMBERS = "members"


class Untold(Refused):
    """The platform does not tell this to anybody, or not to an account of this kind."""

    def __init__(self, platform: str, part: Part) -> None:
        super().__init__("platform_tells_not", f"{platform}: {part}")
        self.part = part


@dataclass(frozen=True, slots=True)
class Way:
    """An employee through whom somebody follows: since when, how they came and by which code."""

    staff: str
    since: datetime | None = None
    came_by: str = ""
    scene: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """What a platform says of one of its ids; of somebody who does not follow, perhaps only that.

    Attributes:
        follow_dates: since when they follow, ascending: one date for each way in which they do, none where the
            platform names none.
        came_by: how they came, in the platform's word.
        scene: the code by which they came.
        facts: words for a profile, such as the language.
        ways: through which employees they follow, where the platform tells ways.
        tags: the platform's ids of their tags; None where it does not tell them with the person.
    """

    address: str
    follows: bool
    follow_dates: tuple[datetime, ...] = ()
    name: str = ""
    union_id: str = ""
    came_by: str = ""
    scene: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    ways: tuple[Way, ...] = ()
    tags: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class PlatformTag:
    """A tag as the platform knows it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a group; ``joined_at`` is None where the platform does not date it."""

    address: str
    joined_at: datetime | None = None
    name: str = ""
    union_id: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A chat group; ``members`` is None where the platform does not tell them."""

    id: str
    name: str = ""
    kind: str = ""
    is_open: bool = True
    opened_at: datetime | None = None
    members: tuple[Member, ...] | None = None


@dataclass(frozen=True, slots=True)
class Habits:
    """How a platform's lists are to be read.

    Attributes:
        list_is_whole: whoever is not listed does not follow; otherwise each of them must be asked about.
        members_are_whole: whoever is not listed is not in the group; otherwise nothing follows from it.
        lists_words: the list itself says what the platform knows of each.
        tells_ways: it says through which employees each follows; and who parted from one may stay listed there.
        unlisted_ways: the employees of whom the list tells nothing.
        edited_by: the notice by which it tells that words or tags of somebody changed; empty where it does not.
        asks_max: of how many people a reading may ask at most.
    """

    list_is_whole: bool = True
    members_are_whole: bool = True
    lists_words: bool = False
    tells_ways: bool = False
    unlisted_ways: frozenset[str] = frozenset()
    edited_by: str = ""
    asks_max: int = 20_000


@runtime_checkable
class Directory(Protocol):
    """An account of a platform that can be asked. Raises `Refused`, or `Untold` for what it does not tell."""

    def habits(self) -> Habits:
        """How its lists are to be read; known for good once they were read."""

    def followers(self) -> Iterator[Sequence[str]]:
        """The id of everybody who follows, page by page."""

    def people(self, addresses: Sequence[str]) -> Iterator[Person]:
        """What the platform says of each; of whom it says nothing is left out."""

    def tags(self) -> Sequence[PlatformTag]:
        """The account's tags."""

    def tagged(self, tag: str) -> Iterator[str]:
        """The id of everybody who has the tag."""

    def groups(self, known: Sequence[str]) -> Iterator[Group]:
        """The account's groups; those ``known`` to us too, with whether they are still open."""

    def set_tag(self, tag: str, name: str, addresses: Sequence[str], wanted: bool) -> str:
        """All of them carry the tag, or none does; says under which id the platform knows the tag.

        The same may be said twice. Whom the platform no longer knows is passed over.

        Args:
            tag: the platform's id of it, or its name where the platform may not know it yet.
            name: what it is called; made under this name where it is wanted and not there.
            addresses: whom.
            wanted: whether they shall carry it.

        Raises:
            Refused: the platform refused, and nobody knows how far it got.
        """

    def close(self) -> None:
        """Connections are closed."""
