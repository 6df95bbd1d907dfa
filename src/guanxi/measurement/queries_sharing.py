"""What pages read of invitations by lot: what each trial added, beside what ties credit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from guanxi.lake.engine import Engine
from guanxi.listen.shares.trials import WINDOW_DAYS
from guanxi.measurement.sharing import Added, TrialArm, added
from guanxi.records.actor import Actor, Permission, require

_TRIALS = """
SELECT * FROM relationship.share_trial WHERE content = $content OR $content = 0 ORDER BY trial, invited, brought
"""


@dataclass(frozen=True)
class TrialResult:
    """One trial of invitations to share a content.

    Attributes:
        first_drawn: when the first viewer drew.
        until: up to when openings count, the last round.
    """

    trial: int
    content: int
    platform: str
    percent: int
    window_days: int
    first_drawn: datetime
    until: datetime
    invited: TrialArm
    quiet: TrialArm
    added: Added

    @property
    def is_complete(self) -> bool:
        """Everybody's window is over."""
        return not self.invited.waiting + self.quiet.waiting


def sharing_results(actor: Actor, engine: Engine, content: int = 0) -> tuple[TrialResult, ...]:
    """The trials of one content, or of all, the latest first."""
    require(actor, Permission.SEE_SOCIAL)
    by_trial: dict[int, list[dict[str, Any]]] = {}
    for row in engine.ask(_TRIALS, content=content).to_pylist():
        by_trial.setdefault(row["trial"], []).append(row)
    return tuple(_result(rows) for _, rows in sorted(by_trial.items(), reverse=True))


def latest_told(results: Sequence[TrialResult]) -> TrialResult | None:
    """The latest trial of which something can be said."""
    return next((one for one in results if one.added.people.estimate is not None), None)


def _result(rows: list[dict[str, Any]]) -> TrialResult:
    first = rows[0]
    invited, quiet = (_arm([row for row in rows if row["invited"] == side]) for side in (1, 0))
    return TrialResult(
        first["trial"],
        first["content"],
        first["platform"],
        first["percent"],
        WINDOW_DAYS,
        min(row["first_drawn"] for row in rows),
        first["until"],
        invited,
        quiet,
        added(invited, quiet, first["percent"]),
    )


def _arm(rows: list[dict[str, Any]]) -> TrialArm:
    closed = [row for row in rows if row["closed"]]
    return TrialArm(
        {int(row["brought"]): int(row["viewers"]) for row in closed},
        sum(int(row["viewers"]) for row in rows if not row["closed"]),
        sum(int(row["passed_on"]) for row in closed),
        sum(int(row["engaged"]) for row in closed),
    )
