"""What a batch of activities says about each fan: profile, follows; and how it changes what was known.

Pure rules; the outcome does not depend on the order in which activities are heard.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from guanxi.records.portraits import Portrait, absorbed, gather
from guanxi.vocabulary.activity import Kind
from guanxi.vocabulary.platform import FOLLOWED_IN_WAYS

TELLING = (Kind.FOLLOWED, Kind.UNFOLLOWED, Kind.IDENTIFIED)


@dataclass(slots=True)
class FanNews:
    """A fan's profile and the latest moments of following and unfollowing, as far as known or heard."""

    portrait: Portrait = field(default_factory=Portrait)
    followed_at: datetime | None = None
    unfollowed_at: datetime | None = None


def news_of(told: Iterable[tuple[int, str, str, datetime, str | None]]) -> dict[int, FanNews]:
    """What is newly heard of each fan; who follows in ways does so as these say (`ways`).

    Args:
        told: fan, kind, platform, moment and traits of activities of the telling kinds.
    """
    news: dict[int, FanNews] = defaultdict(FanNews)
    statements = []
    for fan, kind, platform, happened_at, traits in told:
        if kind != Kind.IDENTIFIED and platform in FOLLOWED_IN_WAYS:
            continue
        one = news[fan]
        if kind == Kind.FOLLOWED:
            one.followed_at = latest(one.followed_at, happened_at)
        elif kind == Kind.UNFOLLOWED:
            one.unfollowed_at = latest(one.unfollowed_at, happened_at)
        else:
            statements.append((fan, platform, happened_at, traits))
    for fan, portrait in gather(statements).items():
        news[fan].portrait = portrait
    return dict(news)


def brought_up_to_date(known: FanNews, heard: FanNews) -> FanNews:
    """What is known of a fan once the heard is known too."""
    return FanNews(
        absorbed(known.portrait, heard.portrait),
        latest(known.followed_at, heard.followed_at),
        latest(known.unfollowed_at, heard.unfollowed_at),
    )


def latest(one: datetime | None, other: datetime | None) -> datetime | None:
    """The later of two moments, either of which may be missing."""
    if one is None or other is None:
        return one or other
    return max(one, other)
