"""Where our knowledge of who follows, and who has which tag, differs from the platform's own lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from guanxi.records.databases import SOCIAL, copy_rows, raw, transaction
from guanxi.records.register import Place

FOLLOWS = "f.followed_at IS NOT NULL AND (f.unfollowed_at IS NULL OR f.unfollowed_at < f.followed_at)"
OF_ACCOUNT = (
    "FROM fan f JOIN account a ON a.id = f.account_id AND a.platform = %(platform)s AND a.name = %(name)s"
)
_FOUND = f"""
SELECT l.external_id, f.unfollowed_at FROM listed l LEFT JOIN (SELECT f.* {OF_ACCOUNT}) f USING (external_id)
WHERE f.id IS NULL OR NOT ({FOLLOWS})
"""  # noqa: S608 - fixed parts
_LOST = f"""
SELECT f.external_id, f.followed_at {OF_ACCOUNT} LEFT JOIN listed l USING (external_id)
WHERE l.external_id IS NULL AND {FOLLOWS} AND f.followed_at < %(as_of)s
"""
_HAS = "ft.tagged_at IS NOT NULL AND (ft.untagged_at IS NULL OR ft.untagged_at < ft.tagged_at)"
_TAGGED = f"""
SELECT f.external_id, ft.tagged_at, ft.untagged_at, {_HAS},
    EXISTS (SELECT FROM tag_order o WHERE o.tag = ft.tag AND o.fan = ft.fan AND o.state = 'waiting')
{OF_ACCOUNT}
JOIN fan_tag ft ON ft.fan = f.id
JOIN tag t ON t.id = ft.tag AND t.account_id = a.id AND t.external_id = %(tag)s
"""  # noqa: S608 - fixed parts

_GONE = """
SELECT t.external_id, t.name FROM tag t
JOIN account a ON a.id = t.account_id AND a.platform = %(platform)s AND a.name = %(name)s
WHERE t.external_id <> t.name AND t.external_id <> ALL(%(listed)s::text[]) ORDER BY t.id
"""
_WAYS = f"""
SELECT f.external_id, w.way, w.began_at, w.ended_at, {FOLLOWS}, f.followed_at
{OF_ACCOUNT} LEFT JOIN fan_way w ON w.fan = f.id AND w.way <> ''
WHERE w.fan IS NOT NULL OR {FOLLOWS}
"""


@dataclass(slots=True)
class KnownWays:
    """Through whom a fan follows as we know it: of each employee when they came and when they parted."""

    follows: bool
    since: datetime | None
    ways: dict[str, tuple[datetime | None, datetime | None]]

    def open_ways(self) -> dict[str, datetime]:
        """The employees who have them, and since when."""
        return {
            staff: began
            for staff, (began, ended) in self.ways.items()
            if began and (ended is None or ended < began)
        }


_TAGS_OF = f"""
SELECT f.external_id, t.external_id, ft.tagged_at, ft.untagged_at, {_HAS},
    EXISTS (SELECT FROM tag_order o WHERE o.tag = ft.tag AND o.fan = ft.fan AND o.state = 'waiting')
{OF_ACCOUNT}
JOIN fan_tag ft ON ft.fan = f.id
JOIN tag t ON t.id = ft.tag AND t.account_id = a.id
WHERE f.external_id = ANY(%(people)s)
"""  # noqa: S608 - fixed parts


@dataclass(frozen=True, slots=True)
class Difference:
    """Somebody of whom the platform's list says otherwise; ``since`` is when we last heard of a change."""

    external_id: str
    since: datetime | None


class _Tagging(NamedTuple):
    """What we know of one fan and tag."""

    tagged_at: datetime | None
    untagged_at: datetime | None
    has: bool
    waits: bool


def follow_differences(
    place: Place, listed: Iterable[str], as_of: datetime
) -> tuple[list[Difference], list[Difference]]:
    """Who follows by the list but not as we know it, and who followed before ``as_of`` but is not in the list."""
    named = {"platform": place.platform, "name": place.account, "as_of": as_of}
    with transaction(SOCIAL) as connection:
        connection.execute("CREATE TEMP TABLE listed (external_id text PRIMARY KEY) ON COMMIT DROP")
        copy_rows(connection, "listed", ("external_id",), ((one,) for one in dict.fromkeys(listed)))
        found = connection.execute(_FOUND, named).fetchall()
        lost = connection.execute(_LOST, named).fetchall()
    return [Difference(*row) for row in found], [Difference(*row) for row in lost]


def known_ways(place: Place) -> dict[str, KnownWays]:
    """Through whom each fan follows or followed; who follows through nobody we know of is there too."""
    found: dict[str, KnownWays] = {}
    named = {"platform": place.platform, "name": place.account}
    for external_id, way, began, ended, follows, since in raw(SOCIAL).execute(_WAYS, named):
        one = found.setdefault(external_id, KnownWays(follows, since, {}))
        if way is not None:
            one.ways[way] = (began, ended)
    return found


def tag_differences(
    place: Place, tag: str, listed: Iterable[str]
) -> tuple[list[Difference], list[Difference]]:
    """Who has the tag by the list but not as we know it, and who has it only as we know it.

    Whoever's tag the platform must still be told of is neither.
    """
    wanted = dict.fromkeys(listed)
    named = {"platform": place.platform, "name": place.account, "tag": tag}
    with transaction(SOCIAL) as connection:
        rows = connection.execute(_TAGGED, named).fetchall()
    known = {external_id: _Tagging(*rest) for external_id, *rest in rows}
    unknown = _Tagging(None, None, False, False)
    asked = [(one, known.get(one, unknown)) for one in wanted]
    found = [Difference(one, state.untagged_at) for one, state in asked if not state.has and not state.waits]
    gone = [(one, state) for one, state in known.items() if one not in wanted]
    lost = [Difference(one, state.tagged_at) for one, state in gone if state.has and not state.waits]
    return found, lost


@dataclass(frozen=True, slots=True)
class TagDifference:
    """A tag that somebody has, or has no more, by the platform's word; ``since`` is when we last heard of a change."""

    external_id: str
    tag: str
    wanted: bool
    since: datetime | None


def tags_gone(place: Place, listed: Iterable[str]) -> list[tuple[str, str]]:
    """Id and name of tags that are the platform's own by their id, and that its list does not have any more."""
    named = {"platform": place.platform, "name": place.account, "listed": list(listed)}
    return raw(SOCIAL).execute(_GONE, named).fetchall()


def tags_told(place: Place, told: Mapping[str, frozenset[str]]) -> list[TagDifference]:
    """Where the tags that the platform tells of some people are not those we know.

    A tag that the platform must still be told of is not compared.

    Args:
        place: whose fans.
        told: of each, the tags they have.
    """
    named = {"platform": place.platform, "name": place.account, "people": list(told)}
    known: dict[tuple[str, str], _Tagging] = {}
    for external_id, tag, *rest in raw(SOCIAL).execute(_TAGS_OF, named):
        known[external_id, tag] = _Tagging(*rest)
    unknown = _Tagging(None, None, False, False)
    pairs = {(one, tag) for one, tags in told.items() for tag in tags} | set(known)
    found = []
    for one, tag in sorted(pairs):
        state, wanted = known.get((one, tag), unknown), tag in told[one]
        if state.has != wanted and not state.waits:
            since = state.untagged_at if wanted else state.tagged_at
            found.append(TagDifference(one, tag, wanted, since))
    return found
