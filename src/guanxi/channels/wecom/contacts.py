"""Whom a corporation's employees have added, as WeCom's API tells: one contact may be followed by several of them.

https://developer.work.weixin.qq.com/document/path/92571 (get_follow_user_list), 92994 (batch/get_by_user), 92114
(get). Since 2022 a union id comes only for a bound developer account, and not for every contact.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from guanxi.channels.errors import PlatformRefused
from guanxi.channels.reading import Object, each_at, moment_at, object_at, text_at, texts_at
from guanxi.channels.wecom.client import WeComClient

STAFF_MAX = 100
PAGE = 100
NOT_A_CONTACT = (40096, 84061)
_NEVER = datetime.fromtimestamp(0, UTC)
_GENDERS = {"1": "male", "2": "female"}


@dataclass(frozen=True, slots=True)
class Addition:
    """One employee who has added a contact: since when, how, through which code, and with which of our tags."""

    staff: str
    since: datetime | None
    added_by: str
    scene: str
    tags: frozenset[str]


@dataclass(frozen=True, slots=True)
class Contact:
    """What WeCom says of one external contact."""

    id: str
    name: str
    gender: str
    union_id: str
    additions: tuple[Addition, ...]

    @property
    def tags(self) -> frozenset[str]:
        """Of all employees together."""
        return frozenset().union(*(addition.tags for addition in self.additions))


@dataclass(slots=True)
class Contacts:
    """Everybody's contacts; those of the ``unlicensed`` employees are missing."""

    by_id: dict[str, Contact]
    unlicensed: set[str] = field(default_factory=set)


def staff(client: WeComClient) -> tuple[str, ...]:
    """The employees who may add customers."""
    return tuple(texts_at(client.get("/cgi-bin/externalcontact/get_follow_user_list"), "follow_user"))


def contacts(client: WeComClient) -> Contacts:
    """Every contact of every employee."""
    found = Contacts({})
    for some in by_hundreds(staff(client)):
        for page in _pages(client, some):
            found.unlicensed.update(texts_at(page, "fail_info", "unlicensed_userid_list"))
            for row in each_at(page, "external_contact_list"):
                one = _listed(row)
                known = found.by_id.get(one.id)
                additions = (*known.additions, *one.additions) if known else one.additions
                found.by_id[one.id] = replace(one, additions=additions)
    found.by_id.pop("", None)
    return found


def by_hundreds(employees: Sequence[str]) -> Iterator[Sequence[str]]:
    """As many employees as may be asked about at once."""
    for start in range(0, len(employees), STAFF_MAX):
        yield employees[start : start + STAFF_MAX]


def contact(client: WeComClient, external_id: str) -> Contact | None:
    """What WeCom says of one; None of whom nobody has added."""
    try:
        pages = list(client.get_pages("/cgi-bin/externalcontact/get", external_userid=external_id))
    except PlatformRefused as refused:
        if refused.errcode in NOT_A_CONTACT:
            return None
        raise
    additions = [_addition(row) for page in pages for row in each_at(page, "follow_user")]
    one = _contact(object_at(pages[0], "external_contact"), tuple(additions))
    return one if one.id and additions else None


def _pages(client: WeComClient, some: Sequence[str]) -> Iterator[Object]:
    asked = {"userid_list": list(some), "limit": PAGE}
    try:
        yield from client.pages("/cgi-bin/externalcontact/batch/get_by_user", asked)
    except PlatformRefused as refused:
        if refused.errcode not in NOT_A_CONTACT:
            raise


def _listed(row: Object) -> Contact:
    return _contact(object_at(row, "external_contact"), (_addition(object_at(row, "follow_info")),))


def _contact(said: Object, additions: tuple[Addition, ...]) -> Contact:
    return Contact(
        text_at(said, "external_userid"),
        text_at(said, "name"),
        _GENDERS.get(text_at(said, "gender"), ""),
        text_at(said, "unionid"),
        additions,
    )


def _addition(said: Object) -> Addition:
    """Lists name tags by their ids alone; a contact's own page by objects, of which a private one has no id."""
    since = moment_at(said, "createtime", otherwise=_NEVER)
    named = (text_at(tag, "tag_id") for tag in each_at(said, "tags"))
    return Addition(
        text_at(said, "userid"),
        None if since == _NEVER else since,
        text_at(said, "add_way"),
        text_at(said, "state"),
        frozenset((*texts_at(said, "tag_id"), *filter(None, named))),
    )
