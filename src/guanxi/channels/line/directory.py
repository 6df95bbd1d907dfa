"""LINE as a platform that can be asked: friends, names and languages, groups of the account. LINE has no tags.

The lists of friends and of members are only for verified and premium accounts, and hold nobody who uses LINE on
other devices than phones: https://developers.line.biz/en/reference/messaging-api/#get-follower-ids . A profile is
told of friends who have not blocked the account, and of members of a group that the account is in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from guanxi.channels.calling import Way, Words
from guanxi.channels.directory import Group, Habits, Member, Part, Person, PlatformTag, Untold
from guanxi.channels.errors import PlatformRefused
from guanxi.channels.line.client import LineClient, open_client
from guanxi.channels.reading import text_at, texts_at

TAKES_TAGS = False
# One call each: LINE allows 2,000 a second, we make some twenty.
_HABITS = Habits(list_is_whole=False, members_are_whole=False)
_PERSON, _GROUP = re.compile(r"U[0-9a-f]{32}"), re.compile(r"[CR][0-9a-f]{32}")
_PAGE = "1000"
_FORBIDDEN, _NOT_THERE = 403, 404


class LineDirectory:
    """One channel (`guanxi.channels.directory.Directory`)."""

    def __init__(self, client: LineClient) -> None:
        self._client = client
        self._known: dict[str, Person] = {}
        self._met: dict[str, str] = {}
        self._members_untold = False

    def habits(self) -> Habits:
        """Whoever is not in the list may still be a friend."""
        return _HABITS

    def followers(self) -> Iterator[Sequence[str]]:
        """Every friend's id, a thousand a page."""
        try:
            for page in self._client.pages("/v2/bot/followers/ids", limit=_PAGE):
                yield _people_in(page, "userIds")
        except PlatformRefused as refused:
            raise _untold(refused, Part.FOLLOWERS) from None

    def people(self, addresses: Sequence[str]) -> Iterator[Person]:
        """Each friend's name and language, and the name of who was met in a group; nobody is asked for twice."""
        for address in filter(_PERSON.fullmatch, addresses):
            if address not in self._known:
                self._known[address] = self._person(address)
            yield self._known[address]

    def tags(self) -> Sequence[PlatformTag]:
        """There are none: the tags of LINE's own console are not in its API."""
        raise Untold("line", Part.TAGS)

    def tagged(self, tag: str) -> Iterator[str]:
        """There are none."""
        raise Untold("line", Part.TAGS)

    def groups(self, known: Sequence[str]) -> Iterator[Group]:
        """Those that the account was heard in; LINE has no list of them, and no names of rooms."""
        for group in filter(_GROUP.fullmatch, known):
            kind = "group" if group.startswith("C") else "room"
            said = self._asked(f"/v2/bot/group/{group}/summary") if kind == "group" else {}
            if said is None:
                yield Group(group, kind=kind, is_open=False)
            else:
                name = text_at(said, "groupName")
                yield Group(group, name, kind, members=self._members(kind, group))

    def set_tag(self, tag: str, name: str, addresses: Sequence[str], wanted: bool) -> str:
        """There are none."""
        raise Untold("line", Part.TAGS)

    def close(self) -> None:
        """Connections are closed."""
        self._client.close()

    def _members(self, kind: str, group: str) -> tuple[Member, ...] | None:
        if self._members_untold:
            return None
        try:
            pages = list(self._client.pages(f"/v2/bot/{kind}/{group}/members/ids"))
        except PlatformRefused as refused:
            self._members_untold = refused.errcode == _FORBIDDEN
            if refused.errcode in (_FORBIDDEN, _NOT_THERE):
                return None
            raise
        members = [one for page in pages for one in _people_in(page, "memberIds")]
        self._met.update((one, f"/v2/bot/{kind}/{group}/member/{one}") for one in members)
        return tuple(map(Member, members))

    def _person(self, address: str) -> Person:
        said = self._asked(f"/v2/bot/profile/{address}")
        if said is not None:
            language = text_at(said, "language")
            return Person(
                address,
                True,
                name=text_at(said, "displayName"),
                facts={"language": language} if language else {},
            )
        met = self._asked(self._met[address]) if address in self._met else None
        return Person(address, False, name=text_at(met or {}, "displayName"))

    def _asked(self, path: str) -> Words | None:
        try:
            return self._client.get(path)
        except PlatformRefused as refused:
            if refused.errcode == _NOT_THERE:
                return None
            raise


def open_directory(settings: Mapping[str, str], way: Way) -> LineDirectory:
    """A channel that can be asked; refused without a channel id or a token."""
    return LineDirectory(open_client(settings, way))


def _people_in(page: Words, name: str) -> list[str]:
    return [one for one in texts_at(page, name) if _PERSON.fullmatch(one)]


def _untold(refused: PlatformRefused, part: Part) -> PlatformRefused | Untold:
    return Untold("line", part) if refused.errcode == _FORBIDDEN else refused
