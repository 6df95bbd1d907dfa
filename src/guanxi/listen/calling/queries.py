"""What doors show of readings: how far one is, and what the last one told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from guanxi.listen.calling.actions import is_under_way
from guanxi.listen.models import AccountReading
from guanxi.records.actor import Actor, Permission, require
from guanxi.records.register import Place


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """The last reading of an account's lists.

    Attributes:
        step: what is being read now; empty where nobody reads.
        ended_at: None where no reading has ended yet.
        refusal: why it was not read to the end, as a code and behind a colon what it is about.
    """

    step: str
    ended_at: datetime | None
    counts: Mapping[str, int]
    untold: tuple[str, ...]
    refusal: str


def reading_of(actor: Actor, place: Place, now: datetime) -> ReadingRow | None:
    """The account's last reading; None where nobody ever asked for one."""
    require(actor, Permission.SEE_TRUST)
    found = AccountReading.objects.filter(platform=place.platform, account=place.account).first()
    if found is None:
        return None
    step = found.step if is_under_way(found, now) else ""
    return ReadingRow(step, found.ended_at, found.counts, tuple(found.untold), found.refusal)
