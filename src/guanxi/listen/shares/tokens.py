"""The marks that were handed out: read by number, made for a viewer once for each way of passing on; many at once.

Every function speaks within the transaction that its caller has open on the social database. A mark never
changes once it is made, so whoever has read one may keep it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

WAYS = ("chat", "timeline", "copy")
Connection = psycopg.Connection[Any]
Cursor = psycopg.Cursor[Any]
DrawMark = Callable[[], int]


@dataclass(frozen=True, slots=True)
class Token:
    """One mark: what it leads to, and whose it is.

    Attributes:
        mark: its 64 random bits.
        page: the number of the stored address.
        platform, account, content: whose page that is and what it is about.
        has_script: whether the page runs our script, so that an opening waits until it says so.
        owner: the external id, on that account, of whoever passes it on; empty for the brand.
        device: the device it was first handed out to; empty for the brand.
        parent_owner: the owner of the mark through which the owner came; empty for nobody or the brand.
    """

    mark: int
    page: int
    platform: str
    account: str
    content: str
    has_script: bool
    campaign: str | None
    owner: str
    device: str
    parent_owner: str
    depth: int


def draw_mark() -> int:
    """64 random bits, as PostgreSQL's bigint."""
    return secrets.randbits(64) - (1 << 63)


_READ = """
SELECT t.mark, t.page, p.platform, p.account, p.content, p.has_script, t.campaign, t.owner, t.device,
    coalesce(up.owner, ''), t.depth
FROM share_token t JOIN shared_page p USING (page) LEFT JOIN share_token up ON up.mark = t.parent
WHERE t.mark = ANY(%b::bigint[])
"""
_OFFER = """
INSERT INTO share_token (mark, page, campaign, owner, device, parent, depth, way, offered_at)
SELECT q.mark, q.page, up.campaign, q.owner, q.device, up.mark, coalesce(up.depth, 0) + 1, q.way, q.at
FROM unnest(%b::bigint[], %b::bigint[], %b::text[], %b::text[], %b::text[], %b::timestamptz[])
    AS q (mark, page, owner, device, way, at)
JOIN share_touch came ON came.page = q.page AND came.viewer = q.owner
LEFT JOIN share_token up ON up.mark = came.token
ORDER BY q.page, q.owner, q.way
ON CONFLICT (page, owner, way) WHERE owner <> '' DO NOTHING
"""
_OFFERED = """
SELECT t.page, t.owner, t.way, t.mark FROM share_token t
JOIN (SELECT DISTINCT page, owner FROM unnest(%b::bigint[], %b::text[]) AS q (page, owner)) asked
    ON asked.page = t.page AND asked.owner = t.owner
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Somebody at a page wants links of their own to pass on; asked on this device."""

    page: int
    owner: str
    device: str
    at: datetime


def ask_many(connection: Connection, marks: Collection[int]) -> Cursor:
    """The database is asked for these marks; in a pipeline the answer is read by `read_asked` later."""
    return connection.execute(_READ, (list(marks),))


def read_asked(asked: Cursor) -> dict[int, Token]:
    """The marks as they were made, by number; without those that nobody made."""
    return {row[0]: Token(*row) for row in asked}


def offer(connection: Connection, wanted: Sequence[Wanted], draw: DrawMark) -> list[dict[str, int]]:
    """Each owner's own marks for a page they have come to, one for each way; made at the first asking.

    Their parent is the mark through which the owner first came to the page. That a mark was offered says
    nothing of whether it was passed on: only an opening by somebody else does.
    """
    new = [(draw(), w.page, w.owner, w.device, way, w.at) for w in wanted for way in WAYS]
    connection.execute(_OFFER, list(map(list, zip(*new, strict=True))))
    asked = connection.execute(_OFFERED, ([w.page for w in wanted], [w.owner for w in wanted]))
    found: dict[tuple[int, str], dict[str, int]] = {}
    for page, owner, way, mark in asked:
        found.setdefault((page, owner), {})[way] = mark
    return [found[w.page, w.owner] for w in wanted]


def plant(connection: Connection, mark: int, page: int, campaign: str | None, now: datetime) -> None:
    """A mark of the brand's own, from which marks of viewers descend."""
    connection.execute(
        "INSERT INTO share_token (mark, page, campaign, way, offered_at) VALUES (%s, %s, %s, 'root', %s)",
        (mark, page, campaign, now),
    )
