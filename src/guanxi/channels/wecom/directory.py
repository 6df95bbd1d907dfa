"""WeCom as a platform that can be asked: contacts with names and tags, tags two ways, customer groups.

Lists are read once and remembered, for one walk through the employees tells of people and tags alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from guanxi.channels.calling import Way
from guanxi.channels.directory import Group, Habits, Person, PlatformTag
from guanxi.channels.directory import Way as FollowingWay
from guanxi.channels.wecom.client import WeComClient, open_client
from guanxi.channels.wecom.contacts import Contact, Contacts, contact, contacts, staff
from guanxi.channels.wecom.groups import group, group_ids
from guanxi.channels.wecom.tags import corporation_tags, create_tag, mark

TAKES_TAGS = True


class WeComDirectory:
    """One corporation (`guanxi.channels.directory.Directory`)."""

    def __init__(self, client: WeComClient) -> None:
        self._client = client
        self._walked: Contacts | None = None

    def habits(self) -> Habits:
        """A contact who deleted the employee stays in the employee's list, with the date of when they came."""
        unlisted = frozenset(self._walked.unlicensed) if self._walked else frozenset[str]()
        whole = not unlisted
        return Habits(
            list_is_whole=whole,
            lists_words=True,
            tells_ways=True,
            unlisted_ways=unlisted,
            edited_by="external_contact_edit_external_contact",
        )

    def followers(self) -> Iterator[Sequence[str]]:
        """Every contact's id."""
        yield list(self._contacts().by_id)

    def people(self, addresses: Sequence[str]) -> Iterator[Person]:
        """What the list says of each, once it was read; whoever is not in it is asked for."""
        listed = self._walked.by_id if self._walked else {}
        for address in addresses:
            found = listed.get(address) or contact(self._client, address)
            yield _person(found) if found else Person(address, follows=False)

    def tags(self) -> Sequence[PlatformTag]:
        """The corporation's tags."""
        return corporation_tags(self._client)

    def tagged(self, tag: str) -> Iterator[str]:
        """Everybody to whom some employee gave the tag."""
        return (one.id for one in self._contacts().by_id.values() if tag in one.tags)

    def groups(self, known: Sequence[str]) -> Iterator[Group]:
        """The groups of employees who may add customers, and the known ones that others own."""
        listed = dict.fromkeys(group_ids(self._client, staff(self._client)))
        for chat_id in dict.fromkeys((*listed, *known)):
            found = group(self._client, chat_id)
            if found is not None:
                yield found

    def set_tag(self, tag: str, name: str, addresses: Sequence[str], wanted: bool) -> str:
        """All of them carry the tag, or none does."""
        listed = self.tags()
        known = {one.name: one.id for one in reversed(listed)} | {one.id: one.id for one in listed}
        number = known.get(tag) or known.get(name)
        if number is None:
            if not wanted:
                return tag
            number = create_tag(self._client, name)
        for address in addresses:
            mark(self._client, number, address, wanted)
        return number

    def close(self) -> None:
        """Connections are closed."""
        self._client.close()

    def _contacts(self) -> Contacts:
        if self._walked is None:
            self._walked = contacts(self._client)
        return self._walked


def open_directory(settings: Mapping[str, str], way: Way) -> WeComDirectory:
    """A corporation that can be asked; refused without the application's secret."""
    return WeComDirectory(open_client(settings, way))


def _person(one: Contact) -> Person:
    """How they came is told by the first employee who says so."""
    additions = sorted(one.additions, key=lambda addition: str(addition.since or ""))
    return Person(
        one.id,
        follows=True,
        follow_dates=tuple(addition.since for addition in additions if addition.since),
        name=one.name,
        union_id=one.union_id,
        came_by=next((addition.added_by for addition in additions if addition.added_by), ""),
        scene=next((addition.scene for addition in additions if addition.scene), ""),
        facts={"gender": one.gender} if one.gender else {},
        ways=tuple(FollowingWay(each.staff, each.since, each.added_by, each.scene) for each in additions),
        tags=one.tags,
    )
