"""The law of ties, as a function of the log: learned of the evidence up to a day that the log itself names.

That day is the first on which the engagements reached the last milestone that complete days have reached; milestones
lie a quarter apart, and before the first of them the law is of all evidence. Later evidence is left out, and so are
ties with a screened end: whoever learns the law, by a day of news or from nothing, learns the same. It is kept with a
fingerprint of what it is of, and learned again where that is another: at the next milestone, by what comes late, a
fan screened or cleared, another half-life.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from guanxi.influence.learning.counting import all_counts, ledger_from
from guanxi.influence.learning.decay import FadingStep, fading_on
from guanxi.influence.learning.evidence import RATES
from guanxi.influence.learning.rates import Law, Laws, Ledger, laws_of
from guanxi.influence.tables import TIE_LAW
from guanxi.lake.engine import Engine
from guanxi.lake.named import sql

FIRST = 1_000

_ROOM = "guanxi.influence"
_PART = 4


@dataclass(frozen=True)
class Basis:
    """What the log says on a day of how ties are learned.

    Attributes:
        days: those of which there is evidence, with how many ``moves`` and ``givings`` each is the first of.
        step: how all evidence counts now.
        law_day: the last day whose evidence the law is of.
        law_step: how that evidence counted then.
        screened: the fans whose ties the law leaves out, as far as it knew any.
    """

    days: pa.Table
    step: FadingStep
    law_day: date
    law_step: FadingStep
    screened: pa.Array

    @property
    def law_days(self) -> pa.Table:
        """Those of the days of which the law is."""
        return self.days.filter(pc.less_equal(self.days["day"], self.law_day))

    def fingerprint(self, is_filled: bool) -> str:
        """Another one for whatever makes another law: evidence is only added, or told of an earlier day."""
        of: list[object] = [self.law_day, self.law_step, self.law_days.to_pylist(), self.screened.to_pylist()]
        of += [self.step, self.days.to_pylist()] if is_filled else []
        return sha256(repr(of).encode()).hexdigest()


@dataclass(frozen=True)
class KeptLaws:
    """Laws that were learned before, and the step up to which all ties have faded."""

    laws: Laws
    step: FadingStep


def milestone(engagements: int) -> int:
    """The last milestone that so many engagements have reached: a thousand, then each a quarter above the one before.

    >>> [milestone(n) for n in (1_000, 1_249, 1_250, 1_562, 9_999_999)]
    [1000, 1000, 1250, 1562, 9395322]
    """
    last = FIRST
    while (following := last + last // _PART) <= engagements:
        last = following
    return last


def law_day(days: list[date], engagements: list[int]) -> date | None:
    """The first of these complete days, ascending, by whose end the last milestone was reached; None before the first.

    >>> law_day([date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)], [500, 510, 29])
    datetime.date(2026, 1, 2)
    """
    told = np.cumsum(engagements)
    if not days or told[-1] < FIRST:
        return None
    return days[int(np.searchsorted(told, milestone(int(told[-1]))))]


def basis_on(engine: Engine, today: date, half_life_days: int | None) -> Basis:
    """What the log says; the law is of all that is told until complete days have reached the first milestone."""
    complete = engine.ask(sql(_ROOM, "engagement_days"), today=today).to_pydict()
    day = law_day(complete["day"], complete["engagements"]) or today
    screened = engine.ask(sql(_ROOM, "screened_until"), day=day)["fan"].combine_chunks()
    days = engine.ask(sql(_ROOM, "tie_days"))
    return Basis(days, fading_on(today, half_life_days), day, fading_on(day, half_life_days), screened)


def kept_laws(engine: Engine, basis: Basis) -> KeptLaws | None:
    """The laws as they were learned last; None where there are none, or they are of something else."""
    rows = engine.ask("SELECT * FROM social.tie_law ORDER BY counted DESC, place").to_pylist()
    if not rows or rows[0]["basis"] != basis.fingerprint(rows[0]["is_filled"]):
        return None
    laws = Laws(*(_law([row for row in rows if row["counted"] is counted]) for counted in (True, False)))
    return KeptLaws(laws, FadingStep(rows[0]["half_life_days"], rows[0]["since"]))


def learned_laws(engine: Engine, basis: Basis, ledger: Ledger) -> tuple[Laws, bool]:
    """The laws of the basis, and whether they are filled: with those of the whole ledger, where it has ties that
    nothing in the basis is like.
    """
    counts = all_counts(engine, basis.law_days["day"], basis.law_step)
    for end in ("influencer", "influenced"):
        counts = counts.filter(pc.invert(pc.is_in(counts[end], basis.screened)))
    laws = laws_of(ledger_from(counts))
    if laws.cover(ledger):
        return laws, False
    return laws.filled(laws_of(ledger)), True


def keep_laws(engine: Engine, laws: Laws, basis: Basis, is_filled: bool, as_of: datetime) -> None:
    """These are the laws until the basis is another; all ties have faded up to its step."""
    known = {"day": basis.law_day, "basis": basis.fingerprint(is_filled), "is_filled": is_filled,
             "half_life_days": basis.step.half_life_days, "since": basis.step.since}  # fmt: skip
    rows = [
        {"counted": counted, "place": place, "strength": law.strength, "share": share,
         "truncated": law.truncated, **known}
        for counted, law in ((True, laws.counted), (False, laws.credited)) if law is not None
        for place, share in enumerate(law.shares.tolist())
    ]  # fmt: skip
    engine.offer("law_offered", pa.Table.from_pylist(rows, TIE_LAW.schema))
    engine.derive(TIE_LAW, "SELECT * FROM law_offered", as_of)


def _law(rows: list[dict[str, Any]]) -> Law | None:
    if len(rows) != len(RATES):
        return None
    return Law(rows[0]["strength"], np.asarray([row["share"] for row in rows]), rows[0]["truncated"])
