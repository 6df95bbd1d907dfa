"""Forgets what share links remember of viewers and devices once it can count nothing any more.

A device's id lives in its browser for `DEVICE_LIFE` at most, so that a mark of that age can meet nobody. A link goes
on leading to its page, whoever it was offered to. What was counted is an activity and stays; of a trial that is over
stays how many drew what and brought nobody.
"""

from __future__ import annotations

from typing import LiteralString

from guanxi.listen.shares.people import DEVICE_LIFE
from guanxi.listen.shares.trials import INVITED_NOBODY, QUIET_NOBODY, WINDOW_DAYS
from guanxi.records.databases import SOCIAL, transaction

NETWORK_DAYS = 1
MARK_DAYS = DEVICE_LIFE.days
_ROWS_AT_ONCE = 20_000
# A network's hash serves the rule on bursts, which looks back over minutes.
_NETWORKS = """
UPDATE share_opening SET net = NULL WHERE (token, viewer) IN (
    SELECT token, viewer FROM share_opening
    WHERE net IS NOT NULL AND opened_at < now() - make_interval(days => %(network)s) LIMIT %(rows)s
)
"""
# Nobody came by it and nothing descends from it: from now on it is a link of nobody's.
_OFFERED = """
UPDATE share_token SET owner = '', device = '' WHERE mark IN (
    SELECT t.mark FROM share_token t
    WHERE t.owner <> '' AND t.offered_at < now() - make_interval(days => %(mark)s)
    AND NOT EXISTS (SELECT FROM share_opening o WHERE o.token = t.mark)
    AND NOT EXISTS (SELECT FROM share_touch c WHERE c.token = t.mark)
    AND NOT EXISTS (SELECT FROM share_token d WHERE d.parent = t.mark)
    LIMIT %(rows)s
)
"""
_HANDED_OUT = """
UPDATE share_token SET device = '' WHERE mark IN (
    SELECT mark FROM share_token
    WHERE device <> '' AND offered_at < now() - make_interval(days => %(mark)s) LIMIT %(rows)s
)
"""
# An opening that was not the viewer's first way to the page.
_OPENED = """
DELETE FROM share_opening WHERE (token, viewer) IN (
    SELECT o.token, o.viewer FROM share_opening o JOIN share_token t ON t.mark = o.token
    WHERE o.opened_at < now() - make_interval(days => %(mark)s)
    AND NOT EXISTS (SELECT FROM share_touch c WHERE (c.page, c.viewer, c.token) = (t.page, o.viewer, o.token))
    LIMIT %(rows)s
)
"""
_DEVICES = """
UPDATE share_opening SET device = '' WHERE (token, viewer) IN (
    SELECT token, viewer FROM share_opening
    WHERE device <> '' AND opened_at < now() - make_interval(days => %(mark)s) LIMIT %(rows)s
)
"""
# A visit through nobody's share, by somebody who passed nothing on and holds no link.
_VISITS = """
DELETE FROM share_touch WHERE (page, viewer) IN (
    SELECT c.page, c.viewer FROM share_touch c
    WHERE c.token IS NULL AND c.passed_on_at IS NULL
    AND c.touched_at < now() - make_interval(days => %(mark)s)
    AND NOT EXISTS (SELECT FROM share_token t WHERE t.page = c.page AND t.owner = c.viewer)
    LIMIT %(rows)s
)
"""
# Whoever brought somebody counts for what they brought, as long as that does.
_DRAWS = """
WITH gone AS (
    DELETE FROM share_arm WHERE (trial, viewer) IN (
        SELECT a.trial, a.viewer FROM share_arm a JOIN share_trial t USING (trial)
        WHERE a.drawn_at < now() - make_interval(days => %(mark)s)
        AND t.ended_at < now() - make_interval(days => %(window)s) AND a.viewer <> ALL (%(nobody)s)
        AND NOT EXISTS (
            SELECT FROM shared_page p JOIN share_token k ON k.page = p.page AND k.owner = a.viewer
            JOIN share_opening o ON o.token = k.mark
            WHERE (p.platform, p.account, p.content) = (t.platform, t.account, t.content)
        )
        LIMIT %(rows)s
    ) RETURNING trial, invited, drawn_at
), kept AS (
    INSERT INTO share_arm (trial, viewer, invited, drawn_at, viewers)
    SELECT trial, (%(nobody)s::text[])[CASE WHEN invited THEN 1 ELSE 2 END], invited, min(drawn_at), count(*)
    FROM gone GROUP BY trial, invited
    ON CONFLICT (trial, viewer) DO UPDATE SET
        viewers = share_arm.viewers + excluded.viewers, drawn_at = least(share_arm.drawn_at, excluded.drawn_at)
)
SELECT FROM gone
"""


def forget_marks() -> int:
    """Marks of viewers and devices that can count nothing are gone; says how many rows gave something up.

    Each turn is a transaction of its own, so that none is long.
    """
    return sum(map(_all_of, (_NETWORKS, _OPENED, _DRAWS, _OFFERED, _HANDED_OUT, _DEVICES, _VISITS)))


def _all_of(question: LiteralString) -> int:
    values = {
        "network": NETWORK_DAYS,
        "mark": MARK_DAYS,
        "window": WINDOW_DAYS,
        "nobody": [INVITED_NOBODY, QUIET_NOBODY],
        "rows": _ROWS_AT_ONCE,
    }
    forgotten, changed = 0, _ROWS_AT_ONCE
    while changed == _ROWS_AT_ONCE:
        with transaction(SOCIAL) as connection:
            changed = connection.execute(question, values).rowcount
        forgotten += changed
    return forgotten
