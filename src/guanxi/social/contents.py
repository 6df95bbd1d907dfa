"""Writes contents: those first met in an activity, and what publications say of them (the latest holds)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

import psycopg

from guanxi.records.databases import copy_rows
from guanxi.records.register import Newcomer
from guanxi.vocabulary.facts import NAME_MAX, VALUE_MAX, clean, read_traits

TOPICS_MAX = 12


class Description(NamedTuple):
    """What a publication says of a content."""

    published_at: datetime
    title: str
    kind: str
    topics: list[str]
    promotes_product: bool | None


def describe(published_at: datetime, written: str | None) -> Description:
    """The description in a publication's traits; what cannot be read is left empty."""
    traits = read_traits(written)
    topics = traits.get("topics")
    listed = topics if isinstance(topics, list) else []
    promotes = traits.get("promotes_product")
    return Description(
        published_at,
        _text(traits.get("title"), VALUE_MAX),
        _text(traits.get("kind"), NAME_MAX),
        [clean(topic, NAME_MAX) for topic in listed if isinstance(topic, str) and topic][:TOPICS_MAX],
        promotes if isinstance(promotes, bool) else None,
    )


def write_contents(
    connection: psycopg.Connection[Any],
    newcomers: list[Newcomer],
    published: Iterable[tuple[int, datetime, str | None]],
) -> None:
    """Newcomers exist, and every content is described as its latest publication described it."""
    rows = ((one.id, one.account, one.key, clean(one.external_id, VALUE_MAX)) for one in newcomers)
    copy_rows(connection, "content", ("id", "account_id", "key", "external_id"), rows)
    described: dict[int, Description] = {}
    for content, published_at, written in published:
        one = describe(published_at, written)
        described[content] = max(described.get(content, one), one, key=_order)
    if described:
        with connection.cursor() as cursor:
            cursor.executemany(_DESCRIBE, [(*d, content, d.published_at) for content, d in described.items()])


_DESCRIBE = (
    "UPDATE content SET published_at = %s, title = %s, kind = %s, topics = %s, promotes_product = %s"
    " WHERE id = %s AND (published_at IS NULL OR published_at <= %s)"
)


def _order(one: Description) -> tuple[datetime, str, str, list[str], bool]:
    return one.published_at, one.title, one.kind, one.topics, bool(one.promotes_product)


def _text(value: object, length_max: int) -> str:
    return clean(value, length_max) if isinstance(value, str) else ""
