"""Begins and ends the lots by which viewers of a content are invited to pass it on."""

from __future__ import annotations

from datetime import datetime

from guanxi.listen.accept import Connection
from guanxi.listen.shares.trials import PERCENT_MAX, PERCENT_MIN, WINDOW
from guanxi.records.actor import Actor, Permission, require
from guanxi.records.audit import record
from guanxi.records.databases import SOCIAL, transaction
from guanxi.vocabulary.reasons import Refused

_PLACE = "SELECT platform, account, content, has_script FROM shared_page WHERE page = %s"
_LATEST = (
    "SELECT trial, ended_at FROM share_trial WHERE platform = %s AND account = %s AND content = %s"
    " ORDER BY trial DESC LIMIT 1 FOR UPDATE"
)


def begin_trial(actor: Actor, page: int, percent: int, now: datetime) -> None:
    """From now on ``percent`` in a hundred viewers of the page's content are invited to share, by lot.

    Refused while one runs, and until the windows of the last one are over: nobody shall count in two.
    """
    require(actor, Permission.CHANGE_CAMPAIGNS)
    if not PERCENT_MIN <= percent <= PERCENT_MAX:
        raise Refused("trial_percent_out_of_range", str(percent))
    with transaction(SOCIAL) as connection:
        place = _place(connection, page)
        latest = connection.execute(_LATEST, place).fetchone()
        if latest and latest[1] is None:
            raise Refused("trial_runs_already", str(page))
        if latest and latest[1] + WINDOW > now:
            raise Refused("trial_still_counts", str(page))
        connection.execute(
            "INSERT INTO share_trial (platform, account, content, percent, begun_at) VALUES (%s, %s, %s, %s, %s)",
            (*place, percent, now),
        )
        record(SOCIAL, actor, "share_trial_begun", f"page:{page}", {"percent": percent})


def end_trial(actor: Actor, page: int, now: datetime) -> None:
    """Nobody draws any more: whoever comes from now on is invited."""
    require(actor, Permission.CHANGE_CAMPAIGNS)
    with transaction(SOCIAL) as connection:
        latest = connection.execute(_LATEST, _place(connection, page)).fetchone()
        if latest is None or latest[1] is not None:
            raise Refused("no_trial_runs", str(page))
        connection.execute("UPDATE share_trial SET ended_at = %s WHERE trial = %s", (now, latest[0]))
        record(SOCIAL, actor, "share_trial_ended", f"page:{page}", {})


def _place(connection: Connection, page: int) -> tuple[str, str, str]:
    row = connection.execute(_PLACE, (page,)).fetchone()
    if row is None:
        raise Refused("no_such_page", str(page))
    *place, has_script = row
    if not has_script:
        raise Refused("trial_needs_script", str(page))
    return place[0], place[1], place[2]
