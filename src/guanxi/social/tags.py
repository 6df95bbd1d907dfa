"""Reads tags out of activities: which fans got or lost which tag, and what the tag is called; pure rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from guanxi.social.news import latest
from guanxi.vocabulary.activity import Kind
from guanxi.vocabulary.facts import VALUE_MAX, clean, read_traits

TELLING = (Kind.TAGGED, Kind.UNTAGGED)


class TagWord(NamedTuple):
    """One tag put on a fan or taken off; ``row`` is its place in the batch."""

    row: int
    external_id: str
    fan: int
    is_tagged: bool
    happened_at: datetime
    name: str


@dataclass(slots=True)
class TagNews:
    """The latest moments at which a tag was put on a fan and taken off."""

    tagged_at: datetime | None = None
    untagged_at: datetime | None = None


@dataclass(slots=True)
class TagsNews:
    """What a batch says of tags: the latest name of each, and its fans by (tag, fan)."""

    names: dict[int, tuple[datetime, str]] = field(default_factory=dict)
    fans: dict[tuple[int, int], TagNews] = field(default_factory=dict)


def words_of_tags(
    told: Iterable[tuple[int, int, str, datetime, str | None, str | None]],
) -> list[TagWord]:
    """What is said of tags; a tag without an id of its own is known by its name.

    Args:
        told: row, fan, kind, moment, reference and traits of activities of the telling kinds.
    """
    words = []
    for row, fan, kind, happened_at, reference, traits in told:
        stated = read_traits(traits).get("name")
        name = clean(stated.strip(), VALUE_MAX) if isinstance(stated, str) else ""
        tag = clean(reference or "", VALUE_MAX) or name
        if tag:
            words.append(TagWord(row, tag, fan, kind == Kind.TAGGED, happened_at, name))
    return words


def news_of_tags(words: Iterable[tuple[int, TagWord]]) -> TagsNews:
    """The words put together; ``words`` pairs each with its tag's id."""
    news = TagsNews()
    for tag, word in words:
        if word.name:
            named = (word.happened_at, word.name)
            news.names[tag] = max(news.names.get(tag, named), named)
        one = news.fans.setdefault((tag, word.fan), TagNews())
        if word.is_tagged:
            one.tagged_at = latest(one.tagged_at, word.happened_at)
        else:
            one.untagged_at = latest(one.untagged_at, word.happened_at)
    return news
