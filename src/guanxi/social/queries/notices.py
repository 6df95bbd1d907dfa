"""What platforms noted lately: alarms of accounts one by one, everything else counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from guanxi.records.actor import Actor, Permission, require
from guanxi.records.databases import SOCIAL, raw

DAYS = 30
_ALARMS_MAX = 50
_ALARMS = """
SELECT n.name, a.platform, a.name, n.happened_at FROM notice n JOIN account a ON a.id = n.account_id
WHERE n.is_alarm AND n.happened_at > %s ORDER BY n.happened_at DESC, n.id DESC LIMIT %s
"""
_COUNTED = """
SELECT n.name, a.platform, a.name, max(n.happened_at), count(*), count(DISTINCT n.fan)
FROM notice n JOIN account a ON a.id = n.account_id
WHERE n.happened_at > %s GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3
"""


@dataclass(frozen=True, slots=True)
class Alarm:
    """A notice that asks somebody to act, such as a verification that has run out."""

    name: str
    platform: str
    account_name: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """How often a platform noted something of an account in the last `DAYS` days, and of how many fans."""

    name: str
    platform: str
    account_name: str
    last_at: datetime
    count: int
    fans: int


def alarms(actor: Actor, now: datetime) -> tuple[Alarm, ...]:
    """The alarms of the last days, the latest first."""
    require(actor, Permission.SEE_TRUST)
    rows = raw(SOCIAL).execute(_ALARMS, (now - timedelta(days=DAYS), _ALARMS_MAX))
    return tuple(Alarm(*row) for row in rows)


def notices(actor: Actor, now: datetime) -> tuple[NoticeRow, ...]:
    """What was noted in the last days, the latest first."""
    require(actor, Permission.SEE_TRUST)
    rows = raw(SOCIAL).execute(_COUNTED, (now - timedelta(days=DAYS),))
    return tuple(NoticeRow(*row) for row in rows)
