"""The marks that were handed out: read by number, made for a viewer once for each way of passing on.

Every function speaks within the transaction that its caller has open on the social database. A mark never
changes once it is made, so whoever has read one may keep it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

WAYS = ("chat", "timeline", "copy")
Connection = psycopg.Connection[Any]
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
WHERE t.mark = %s
"""
_OFFER = """
INSERT INTO share_token (mark, page, campaign, owner, device, parent, depth, way, offered_at)
SELECT %(mark)s, %(page)s, up.campaign, %(owner)s, %(device)s, up.mark, coalesce(up.depth, 0) + 1, %(way)s, %(now)s
FROM share_touch came LEFT JOIN share_token up ON up.mark = came.token
WHERE came.page = %(page)s AND came.viewer = %(owner)s
ON CONFLICT (page, owner, way) WHERE owner <> '' DO NOTHING
"""


def read(connection: Connection, mark: int) -> Token | None:
    """The mark as it was made, or None where none was made with this number."""
    row = connection.execute(_READ, (mark,)).fetchone()
    return None if row is None else Token(*row)


def offer(
    connection: Connection, page: int, owner: str, device: str, draw: DrawMark, now: datetime
) -> dict[str, int]:
    """The owner's own marks for a page they have come to, one for each way; made at the first asking.

    Their parent is the mark through which the owner first came to the page. That a mark was offered says
    nothing of whether it was passed on: only an opening by somebody else does.
    """
    for way in WAYS:
        wish = {"page": page, "owner": owner, "device": device, "way": way, "now": now, "mark": draw()}
        connection.execute(_OFFER, wish)
    rows = connection.execute(
        "SELECT way, mark FROM share_token WHERE page = %s AND owner = %s", (page, owner)
    ).fetchall()
    return {str(way): int(mark) for way, mark in rows}


def plant(connection: Connection, mark: int, page: int, campaign: str | None, now: datetime) -> None:
    """A mark of the brand's own, from which marks of viewers descend."""
    connection.execute(
        "INSERT INTO share_token (mark, page, campaign, way, offered_at) VALUES (%s, %s, %s, 'root', %s)",
        (mark, page, campaign, now),
    )
