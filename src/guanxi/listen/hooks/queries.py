"""What doors show of relays: how many requests each account passed on, and where it has failed for long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from guanxi.records.actor import Actor, Permission, require
from guanxi.records.databases import RELATIONSHIP, raw

FAILING_LONG = timedelta(minutes=15)
_STILL = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RelayRow:
    """What became of the requests that an account passed on to the other address.

    Attributes:
        failure: the last one's code, and behind a space what it is about.
        failing_since: the first failure after which none was passed on; None where the last one was.
    """

    platform: str
    name: str
    passed: int
    failed: int
    last_passed_at: datetime | None
    last_failed_at: datetime | None
    failure: str
    failing_since: datetime | None

    def is_failing_long(self, now: datetime) -> bool:
        """Whether nothing has been passed on for long, and somebody tried within the last day."""
        if self.failing_since is None or self.last_failed_at is None:
            return False
        return now - self.failing_since >= FAILING_LONG and now - self.last_failed_at < _STILL


def relays(actor: Actor) -> tuple[RelayRow, ...]:
    """Every account that ever passed a request on, by platform and name."""
    require(actor, Permission.SEE_TRUST)
    rows = raw(RELATIONSHIP).execute(
        "SELECT a.platform, a.name, passed, failed, last_passed_at, last_failed_at, last_failure, failing_since "
        "FROM relay_state JOIN channel_account a ON source = a.platform || ':' || a.name "
        "ORDER BY a.platform, a.name"
    )
    return tuple(RelayRow(*row) for row in rows)
