"""Page views: begun when the script arrives, told as one activity with their dwell when the page was left.

Every function speaks within the transaction that its caller has open on the social database, in which the view
is forgotten and its activity accepted, so that it is told once. One that nobody saw end is told without dwell.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from guanxi.listen.accept import Connection, accept
from guanxi.listen.rows import Row, as_table
from guanxi.listen.shares.book import SOURCE, Sheet, Tally
from guanxi.listen.shares.openings import activity_key
from guanxi.listen.shares.verdicts import Verdict
from guanxi.vocabulary.activity import Kind

DWELL_SECONDS_MAX = 3_600
OPEN_FOR = timedelta(minutes=60)
SILENT_AT_ONCE = 5_000

_BEGIN = """
INSERT INTO share_view (view, page, viewer, campaign, arrived_at)
SELECT * FROM unnest(%b::bytea[], %b::bigint[], %b::text[], %b::text[], %b::timestamptz[])
ON CONFLICT (view) DO NOTHING
"""
_END = """
DELETE FROM share_view v USING shared_page p
WHERE p.page = v.page AND {which}
RETURNING v.view, v.viewer, v.campaign, v.arrived_at, p.platform, p.account, p.content, p.page
"""
_LEFT = _END.format(which="v.view = ANY(%b::bytea[])")
_SILENT = _END.format(which="v.view IN (SELECT view FROM share_view WHERE arrived_at < %s LIMIT %s)")


class View(NamedTuple):
    """Somebody looks at a page; its number is the script's own."""

    view: bytes
    page: int
    viewer: str
    campaign: str | None
    at: datetime


class Leaving(NamedTuple):
    """A view is over after so many seconds."""

    view: bytes
    seconds: int
    at: datetime


def begin(connection: Connection, views: Sequence[View]) -> None:
    """Each view is remembered until the page is left; begun again it is the same."""
    if views:
        connection.execute(_BEGIN, list(map(list, zip(*views, strict=True))))


def leave(sheet: Sheet, leaving: Sequence[Leaving]) -> list[None]:
    """Each view that was still open is told, with how long it was looked at first said."""
    said: dict[bytes, Leaving] = {}
    for one in leaving:
        said.setdefault(one.view, one)
    for row in sheet.connection.execute(_LEFT, (list(said),)).fetchall():
        one = said[row[0]]
        sheet.told.append(_viewed(row[:-1], min(max(one.seconds, 0), DWELL_SECONDS_MAX)))
        sheet.tallies[Tally(row[-1], None, one.at.date(), Verdict.LEFT)] += 1
    return [None] * len(leaving)


def tell_silent(connection: Connection, now: datetime) -> int:
    """Some of the views that began an hour ago and were never left are told without dwell; says how many."""
    rows = connection.execute(_SILENT, (now - OPEN_FOR, SILENT_AT_ONCE)).fetchall()
    accept(connection, SOURCE, as_table([_viewed(row[:-1], None) for row in rows]))
    return len(rows)


def _viewed(row: tuple[object, ...], dwell_seconds: int | None) -> Row:
    view, viewer, campaign, arrived_at, platform, account, content = row
    assert isinstance(view, bytes)
    return {
        "key": activity_key(Kind.VIEWED, view.hex()),
        "kind": Kind.VIEWED.value,
        "platform": platform,
        "account": account,
        "actor": viewer,
        "content": content,
        "campaign": campaign,
        "happened_at": arrived_at,
        "traits": None if dwell_seconds is None else json.dumps({"dwell_seconds": dwell_seconds}),
    }
