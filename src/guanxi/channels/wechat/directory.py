"""WeChat as a platform that can be asked: its followers with the little it says of them, and its tags.

WeChat has no groups of an account. Since 2021-12-27 names, cities and portraits come empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from guanxi.channels.calling import Way
from guanxi.channels.directory import Group, Habits, Part, Person, PlatformTag, Untold
from guanxi.channels.wechat.client import WeChatClient, open_client
from guanxi.channels.wechat.followers import Follower, follower_pages, followers
from guanxi.channels.wechat.tags import create_tag, tag_followers, tagged, tags, untag_followers

TAKES_TAGS = True
# A hundred a call, and their dates come by asking.
_HABITS = Habits(asks_max=2_000_000)


class WeChatDirectory:
    """One account of WeChat (`guanxi.channels.directory.Directory`)."""

    def __init__(self, client: WeChatClient) -> None:
        self._client = client

    def habits(self) -> Habits:
        """The list is whole; whoever left is not in it."""
        return _HABITS

    def followers(self) -> Iterator[Sequence[str]]:
        """Every openid, 10,000 a page."""
        return follower_pages(self._client)

    def people(self, addresses: Sequence[str]) -> Iterator[Person]:
        """Since when they follow, their union id and language."""
        return map(_person, followers(self._client, addresses))

    def tags(self) -> Sequence[PlatformTag]:
        """The account's tags."""
        return [PlatformTag(str(tag.id), tag.name) for tag in tags(self._client)]

    def tagged(self, tag: str) -> Iterator[str]:
        """Everybody who has the tag."""
        return tagged(self._client, int(tag))

    def groups(self, known: Sequence[str]) -> Iterator[Group]:
        """There are none."""
        raise Untold("wechat", Part.GROUPS)

    def set_tag(self, tag: str, name: str, addresses: Sequence[str], wanted: bool) -> str:
        """All of them carry the tag, or none does."""
        known = {key: one.id for one in tags(self._client) for key in (one.name, str(one.id))}
        number = known.get(tag) or known.get(name)
        if number is None:
            if not wanted:
                return tag
            number = create_tag(self._client, name).id
        change = tag_followers if wanted else untag_followers
        change(self._client, number, addresses)
        return str(number)

    def close(self) -> None:
        """Connections are closed."""
        self._client.close()


def open_directory(settings: Mapping[str, str], way: Way) -> WeChatDirectory:
    """An account that can be asked; refused without its secret."""
    return WeChatDirectory(open_client(settings, way))


def _person(one: Follower) -> Person:
    return Person(
        one.openid,
        one.follows,
        (one.followed_at,) if one.followed_at else (),
        union_id=one.union_id,
        came_by=one.came_by,
        scene=one.scene,
        facts={"language": one.language} if one.language else {},
    )
