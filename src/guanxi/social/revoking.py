"""What a fan took back: which fields, until when, and what is left of what is known once they are forgotten.

Pure rules. A revocation that names no field is read widely: it takes back everything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from guanxi.records.portraits import Portrait
from guanxi.social.news import FanNews
from guanxi.vocabulary.facts import NAME_MAX, clean, read_traits

ALL = "all"
Until = Mapping[str, datetime]
Revoked = Mapping[int, Until]


def revocations(told: Iterable[tuple[int, datetime, str | None]]) -> dict[int, dict[str, datetime]]:
    """By fan and field, until when it is revoked.

    Args:
        told: fan, moment and traits of revocations.
    """
    found: dict[int, dict[str, datetime]] = defaultdict(dict)
    for fan, happened_at, traits in told:
        until = found[fan]
        for name in _fields(traits):
            until[name] = max(until.get(name, happened_at), happened_at)
    return dict(found)


def forgetting(news: FanNews, until: Until) -> FanNews:
    """The news without what was said of a revoked field up to its revocation."""
    if not until:
        return news
    portrait = news.portrait
    kept = Portrait(
        facts=[
            fact
            for fact in portrait.facts
            if not is_revoked(until, fact.name, datetime.fromisoformat(fact.at).astimezone(UTC))
        ],
        contacts={
            contact: stated_at
            for contact, stated_at in portrait.contacts.items()
            if not is_revoked(until, contact[0], stated_at)
        },
    )
    if portrait.named_at is not None and not is_revoked(until, "name", portrait.named_at):
        kept.name_is(portrait.name, portrait.named_at)
    return FanNews(kept, news.followed_at, news.unfollowed_at)


def is_revoked(until: Until, name: str, stated_at: datetime) -> bool:
    """Whether what was stated of a field at a moment was taken back."""
    return any(stated_at <= until[field] for field in (name, ALL) if field in until)


def _fields(written: str | None) -> list[str]:
    fields = read_traits(written).get("fields")
    listed = fields if isinstance(fields, list) else []
    return [clean(name, NAME_MAX) for name in listed if isinstance(name, str) and name] or [ALL]
