"""Page views: begun when the script arrives, told as one activity with their dwell when the page was left.

Every function speaks within the transaction that its caller has open on the social database, in which the view
is forgotten and its activity accepted, so that it is told once. One that nobody saw end is told without dwell.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from guanxi.listen.accept import Connection, accept
from guanxi.listen.rows import Row, as_table
from guanxi.listen.shares.book import SOURCE, Sheet
from guanxi.listen.shares.openings import activity_key
from guanxi.vocabulary.activity import Kind

DWELL_SECONDS_MAX = 3_600
OPEN_FOR = timedelta(minutes=60)
SILENT_AT_ONCE = 5_000

_END = """
DELETE FROM share_view v USING shared_page p
WHERE p.page = v.page AND {which}
RETURNING v.view, v.viewer, v.campaign, v.arrived_at, p.platform, p.account, p.content, p.page
"""
_LEFT = _END.format(which="v.view = %s")
_SILENT = _END.format(which="v.view IN (SELECT view FROM share_view WHERE arrived_at < %s LIMIT %s)")


def begin(
    connection: Connection, view: bytes, page: int, viewer: str, campaign: str | None, at: datetime
) -> None:
    """The view is remembered until the page is left; begun again it is the same."""
    connection.execute(
        "INSERT INTO share_view (view, page, viewer, campaign, arrived_at) VALUES (%s, %s, %s, %s, %s) "
        "ON CONFLICT (view) DO NOTHING",
        (view, page, viewer, campaign, at),
    )


def leave(sheet: Sheet, view: bytes, dwell_seconds: int) -> int | None:
    """The view is told with how long it was looked at; says which page, or None where it was no longer open."""
    row = sheet.connection.execute(_LEFT, (view,)).fetchone()
    if row is None:
        return None
    sheet.told.append(_viewed(row[:-1], min(max(dwell_seconds, 0), DWELL_SECONDS_MAX)))
    return int(row[-1])


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
