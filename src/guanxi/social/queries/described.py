"""Of which fans we hold no word of a source yet, and which words of it we hold, to compare with what it says now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from guanxi.records.databases import SOCIAL, copy_rows, raw, transaction
from guanxi.records.register import Place
from guanxi.social.queries.following import FOLLOWS, OF_ACCOUNT
from guanxi.vocabulary.facts import decode

# Whoever took words back is not asked about again: what they forgot must not come back by itself.
_WILLING = "NOT EXISTS (SELECT FROM revocation r WHERE r.fan = f.id)"
_FOLLOWERS = f"""
SELECT f.external_id, f.followed_at {OF_ACCOUNT} WHERE {FOLLOWS} AND f.followed_at < %(as_of)s
ORDER BY random() LIMIT %(most)s
"""
_WORDLESS = f"""
{FOLLOWS} AND {_WILLING} AND f.name = ''
    AND NOT f.facts @> jsonb_build_array(jsonb_build_object('source', %(source)s::text))
    AND NOT EXISTS (SELECT FROM contact_key k WHERE k.ref = f.id AND k.kind = 'union_id')
"""
_UNDESCRIBED = f"SELECT f.external_id {OF_ACCOUNT} WHERE {_WORDLESS} ORDER BY f.id DESC LIMIT %(most)s"
_NEWCOMERS = f"""
SELECT f.external_id {OF_ACCOUNT} WHERE f.recorded_at >= %(after)s AND {_WORDLESS} ORDER BY f.id DESC LIMIT %(most)s
"""
_EDITED = f"""
SELECT DISTINCT f.external_id {OF_ACCOUNT}
JOIN notice n ON n.fan = f.id AND n.name = %(notice)s AND n.recorded_at >= %(after)s
WHERE {_WILLING} ORDER BY 1 LIMIT %(most)s
"""
_HELD = f"""
SELECT l.external_id, f.id, f.name, f.named_at, f.facts::text, coalesce({_WILLING}, true),
    EXISTS (SELECT FROM contact_key k WHERE k.ref = f.id AND k.kind = 'union_id')
FROM listed l LEFT JOIN (SELECT f.* {OF_ACCOUNT}) f USING (external_id)
"""  # noqa: S608 - fixed parts


@dataclass(frozen=True, slots=True)
class Held:
    """What we hold of somebody.

    Attributes:
        facts: the source's own words.
        has_union_id: whether some union id is known.
        willing: false where they took words back.
        since: the latest moment of a name or of the source's words.
    """

    name: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    has_union_id: bool = False
    willing: bool = True
    since: datetime | None = None


def some_followers(place: Place, as_of: datetime, most: int) -> list[tuple[str, datetime | None]]:
    """Who follows as we know it, since when; where there are more than ``most``, a chance selection of them."""
    named = {"platform": place.platform, "name": place.account, "as_of": as_of, "most": most}
    return raw(SOCIAL).execute(_FOLLOWERS, named).fetchall()


def undescribed(place: Place, source: str, most: int) -> list[str]:
    """Followers of whom there is no name, no union id and no word of the source, the newest first."""
    named = {"platform": place.platform, "name": place.account, "source": source, "most": most}
    return [external_id for (external_id,) in raw(SOCIAL).execute(_UNDESCRIBED, named)]


def newcomers(place: Place, source: str, after: datetime, most: int) -> list[str]:
    """Those of the undescribed of whom we first heard since then."""
    named = {
        "platform": place.platform,
        "name": place.account,
        "source": source,
        "after": after,
        "most": most,
    }
    return [external_id for (external_id,) in raw(SOCIAL).execute(_NEWCOMERS, named)]


def edited(place: Place, notice: str, after: datetime, most: int) -> list[str]:
    """Those of whom the platform noted since then that something about them changed, once each."""
    named = {
        "platform": place.platform,
        "name": place.account,
        "notice": notice,
        "after": after,
        "most": most,
    }
    return [external_id for (external_id,) in raw(SOCIAL).execute(_EDITED, named)]


def held(place: Place, source: str, addresses: Iterable[str]) -> dict[str, Held]:
    """What we hold of each of them from the source; of whom we never heard, nothing."""
    named = {"platform": place.platform, "name": place.account}
    with transaction(SOCIAL) as connection:
        connection.execute("CREATE TEMP TABLE listed (external_id text PRIMARY KEY) ON COMMIT DROP")
        copy_rows(connection, "listed", ("external_id",), ((one,) for one in dict.fromkeys(addresses)))
        rows = connection.execute(_HELD, named).fetchall()
    return {external_id: _held(source, rest) for external_id, *rest in rows}


def _held(source: str, row: Sequence[object]) -> Held:
    fan, name, named_at, facts, willing, has_union_id = row
    if fan is None:
        return Held()
    own = [fact for fact in decode(str(facts)) if fact.source == source]
    moments = [datetime.fromisoformat(fact.at) for fact in own]
    if isinstance(named_at, datetime):
        moments.append(named_at)
    stated = tuple(sorted((fact.name, fact.value) for fact in own))
    return Held(str(name), stated, bool(has_union_id), bool(willing), max(moments, default=None))
