"""Reads chat groups out of activities: what a group is called, who joined and left it, who was heard in it.

Pure rules. A group is told of by the trait ``group``: an object with name and kind. Where membership is told
of, the group's id is in ``reference`` and the trait may be the bare name; where something was said within the
group, the id is in the object, or the trait is the bare id. The outcome is blind to order.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from guanxi.social.news import latest
from guanxi.vocabulary.activity import Kind
from guanxi.vocabulary.facts import NAME_MAX, VALUE_MAX, clean, read_traits

MARK = '"group"'
OPENED, CLOSED = "group_opened", "group_closed"
_TELLING = frozenset({Kind.JOINED, Kind.LEFT, Kind.NOTED})


class GroupWord(NamedTuple):
    """What one activity says of a group; ``row`` is its place in the batch."""

    row: int
    external_id: str
    fan: int
    kind: str
    happened_at: datetime
    name: str = ""
    group_kind: str = ""
    notice: str = ""

    @property
    def is_talk(self) -> bool:
        """Whether something was done within the group, rather than to its membership."""
        return self.kind not in _TELLING


@dataclass(slots=True)
class GroupNews:
    """What a batch says of a group."""

    name: str = ""
    named_at: datetime | None = None
    kind: str = ""
    opened_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(slots=True)
class MemberNews:
    """The latest moments at which a fan joined a group, left it, or was heard in it."""

    joined_at: datetime | None = None
    left_at: datetime | None = None
    heard_at: datetime | None = None


@dataclass(slots=True)
class GroupsNews:
    """What a batch says of groups, and of members by (group, fan)."""

    groups: dict[int, GroupNews] = field(default_factory=dict)
    members: dict[tuple[int, int], MemberNews] = field(default_factory=dict)


def words_of_groups(
    told: Iterable[tuple[int, int, str, datetime, str | None, str | None]],
) -> list[GroupWord]:
    """What is said of groups.

    Args:
        told: row, fan (0: nobody's), kind, moment, reference and traits of activities.
    """
    words = (_word(*one) for one in told)
    return [word for word in words if word is not None]


def news_of_groups(words: Iterable[tuple[int, GroupWord]]) -> GroupsNews:
    """The words put together; ``words`` pairs each with its group's id."""
    news = GroupsNews()
    for group, word in words:
        _learn(news.groups.setdefault(group, GroupNews()), word)
        if word.fan and word.kind != Kind.NOTED:
            _meet(news.members.setdefault((group, word.fan), MemberNews()), word)
    return news


def _word(
    row: int, fan: int, kind: str, happened_at: datetime, reference: str | None, traits: str | None
) -> GroupWord | None:
    stated = read_traits(traits)
    group = stated.get("group")
    within = kind not in _TELLING
    named = group if isinstance(group, dict) else {"id" if within else "name": group}
    external_id = _text(named.get("id"), VALUE_MAX) if within else clean(reference or "", VALUE_MAX)
    name, group_kind = _text(named.get("name"), VALUE_MAX), _text(named.get("kind"), NAME_MAX)
    if not external_id or not (within or name or isinstance(group, dict)):
        return None
    notice = _text(stated.get("notice"), NAME_MAX)
    return GroupWord(row, external_id, fan, kind, happened_at, name, group_kind, notice)


def _learn(news: GroupNews, word: GroupWord) -> None:
    named = (word.happened_at, word.name)
    if word.name and (news.named_at is None or named > (news.named_at, news.name)):
        news.named_at, news.name = named
    news.kind = max(news.kind, word.group_kind)
    if word.notice == OPENED:
        news.opened_at = latest(news.opened_at, word.happened_at)
    elif word.notice == CLOSED:
        news.closed_at = latest(news.closed_at, word.happened_at)


def _meet(news: MemberNews, word: GroupWord) -> None:
    if word.kind == Kind.JOINED:
        news.joined_at = latest(news.joined_at, word.happened_at)
    elif word.kind == Kind.LEFT:
        news.left_at = latest(news.left_at, word.happened_at)
    else:
        news.heard_at = latest(news.heard_at, word.happened_at)


def _text(value: object, length_max: int) -> str:
    return clean(value.strip(), length_max) if isinstance(value, str) else ""
