"""Where our knowledge of groups and of who is in them differs from the platform's own lists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from guanxi.records.databases import SOCIAL, raw
from guanxi.records.register import Place
from guanxi.social.queries.following import Difference

_GROUPS = """
SELECT g.external_id, g.name, g.named_at, g.closed_at,
    g.closed_at IS NULL OR coalesce(g.opened_at > g.closed_at, false)
FROM chat_group g JOIN account a ON a.id = g.account_id AND a.platform = %s AND a.name = %s ORDER BY g.id
"""
_MEMBERS = """
SELECT f.external_id, m.joined_at, m.left_at,
    m.left_at IS NULL OR coalesce(greatest(m.joined_at, m.heard_at) > m.left_at, false),
    coalesce(greatest(m.joined_at, m.heard_at) >= %s, false)
FROM chat_group g JOIN account a ON a.id = g.account_id AND a.platform = %s AND a.name = %s
JOIN group_member m ON m.chat_group = g.id JOIN fan f ON f.id = m.fan WHERE g.external_id = %s
"""


@dataclass(frozen=True, slots=True)
class KnownGroup:
    """A group as we know it; ``named_at`` and ``closed_at`` are when we last heard so."""

    external_id: str
    name: str
    named_at: datetime | None
    closed_at: datetime | None
    is_open: bool


def known_groups(place: Place) -> dict[str, KnownGroup]:
    """The groups of an account."""
    rows = raw(SOCIAL).execute(_GROUPS, tuple(place)).fetchall()
    return {row[0]: KnownGroup(*row) for row in rows}


def member_differences(
    place: Place, group: str, listed: Iterable[str], as_of: datetime
) -> tuple[list[Difference], list[Difference]]:
    """Who is in the group by the list but not as we know it, and who was before ``as_of`` but is not listed."""
    wanted = dict.fromkeys(listed)
    rows = raw(SOCIAL).execute(_MEMBERS, (as_of, *place, group)).fetchall()
    known = {external_id: rest for external_id, *rest in rows}
    found = [
        Difference(one, known[one][1] if one in known else None)
        for one in wanted
        if one not in known or not known[one][2]
    ]
    lost = [
        Difference(one, joined_at)
        for one, (joined_at, _, is_in, since_then) in known.items()
        if one not in wanted and is_in and not since_then
    ]
    return found, lost
