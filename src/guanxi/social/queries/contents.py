"""Contents: what was passed on, and where."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date, timedelta

from guanxi.lake.engine import Engine
from guanxi.lake.lists import ordered_page, row_count
from guanxi.lake.named import sql
from guanxi.records.actor import Actor, Permission, require
from guanxi.social.mix import DAYS, Mix
from guanxi.social.models import Content
from guanxi.vocabulary.reasons import Refused

SORTS = frozenset({"content", "engagements", "reads", "shares", "openings", "moved", "published_day"})
UNKNOWN_TOPIC = "-"
_ROOM = "guanxi.social"


@dataclass(frozen=True, slots=True)
class ContentRow:
    """A content as lists show it, with what was done with it over all platforms."""

    content: int
    account: int
    platform: str
    kind: str | None
    topic: str | None
    promotes_product: bool | None
    published_day: date | None
    engagements: int
    reads: int
    shares: int
    openings: int
    moved: int
    title: str


@dataclass(frozen=True, slots=True)
class ContentPage:
    """One page of a list, and how many rows the list has."""

    rows: tuple[ContentRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class PlatformRow:
    """What was done with a content on a platform; ``moved`` counts named fans once for each kind.

    Attributes:
        named: how many of all ``n`` engagements have a named fan.
    """

    platform: str
    reads: int
    likes: int
    talks: int
    shares: int
    openings: int
    moved: int
    n: int
    named: int
    fans: int


@dataclass(frozen=True, slots=True)
class ContentFilter:
    """Which contents; empty values leave all in.

    Attributes:
        topic: as it is written, `UNKNOWN_TOPIC` for those without.
        promotes: product, other, unknown, or empty.
        since: published on that day or later.
    """

    platform: str = ""
    topic: str = ""
    kind: str = ""
    promotes: str = ""
    since: date = date.min


@dataclass(frozen=True, slots=True)
class MixRow:
    """What was done on a platform with product content (True), other content (False), or unknown (None)."""

    platform: str
    promotes_product: bool | None
    kind: str
    n: int


def contents(
    actor: Actor,
    engine: Engine,
    chosen: ContentFilter = ContentFilter(),
    sort: str = "-shares",
    offset: int = 0,
    limit: int = 50,
) -> ContentPage:
    """The contents of a filter; ``sort`` is one of `SORTS`, with a leading minus for descending."""
    require(actor, Permission.SEE_SOCIAL)
    values = {
        "platform": chosen.platform,
        "topic": chosen.topic,
        "kind": chosen.kind,
        "promotes": chosen.promotes,
        "from_day": chosen.since,
    }
    question = sql(_ROOM, "content_list")
    rows = ordered_page(engine, question, values, sort, SORTS, offset, limit, "content")
    titles = titles_of(actor, [row["content"] for row in rows])
    shown = tuple(ContentRow(**row, title=titles.get(row["content"], "")) for row in rows)
    return ContentPage(shown, row_count(engine, question, values))


def topics(actor: Actor, engine: Engine) -> dict[str, int]:
    """Every topic with how many contents it has, the most first; `UNKNOWN_TOPIC` for those without."""
    require(actor, Permission.SEE_SOCIAL)
    return {row["topic"]: row["contents"] for row in engine.ask(sql(_ROOM, "topics")).to_pylist()}


def published_mix(actor: Actor, engine: Engine, today: date) -> tuple[Mix, ...]:
    """What was published in the last 90 days on each platform, and the engagement it got; most published first."""
    require(actor, Permission.SEE_SOCIAL)
    counted: dict[str, dict[str, int]] = {}
    for row in engine.ask(sql(_ROOM, "mix"), from_day=today - timedelta(days=DAYS)).to_pylist():
        sort = {True: "product", False: "other", None: "unknown"}[row["promotes_product"]]
        place = counted.setdefault(row["platform"], {})
        place[sort], place[f"{sort}_engagements"] = row["contents"], row["engagements"]
    names = [field.name for field in fields(Mix)][1:]
    found = (Mix(platform, *(place.get(name, 0) for name in names)) for platform, place in counted.items())
    return tuple(sorted(found, key=lambda mix: (-mix.known, mix.platform)))


def content_title(actor: Actor, content: int) -> str:
    """What a content is called; refused where there is no such content."""
    require(actor, Permission.SEE_SOCIAL)
    title = Content.objects.filter(pk=content).values_list("title", flat=True).first()
    if title is None:
        raise Refused("no_such_content", str(content))
    return title


def titles_of(actor: Actor, contents: Collection[int]) -> dict[int, str]:
    """What contents are called; those without a title are left out."""
    require(actor, Permission.SEE_SOCIAL)
    found = Content.objects.filter(pk__in=contents).exclude(title="")
    return dict(found.values_list("id", "title"))


def content_platforms(actor: Actor, engine: Engine, content: int) -> tuple[PlatformRow, ...]:
    """What was done with a content, platform by platform."""
    require(actor, Permission.SEE_SOCIAL)
    answer = engine.ask(sql(_ROOM, "platforms_of_content"), content=content).to_pylist()
    return tuple(PlatformRow(**row) for row in answer)


def platform_mix(actor: Actor, engine: Engine) -> tuple[MixRow, ...]:
    """Product content and other content side by side, for each platform and kind of activity."""
    require(actor, Permission.SEE_SOCIAL)
    return tuple(MixRow(**row) for row in engine.ask(sql(_ROOM, "platform_mix")).to_pylist())
