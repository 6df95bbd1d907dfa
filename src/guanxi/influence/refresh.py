"""Makes influence's marts: ties from engagements, weights and bands from ties, communities from ties."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from guanxi.influence.circles.communities import carried_on, find_communities
from guanxi.influence.kernels.graph import Floats, Ints
from guanxi.influence.learning.counting import all_counts, counts_with, ledger_from
from guanxi.influence.learning.laws import Basis, KeptLaws, basis_on, keep_laws, kept_laws, learned_laws
from guanxi.influence.learning.occasions import Kept, keep_evidence
from guanxi.influence.learning.rates import Learned, chances
from guanxi.influence.screening.refresh import refresh_screening
from guanxi.influence.tables import CASCADE_STEP, COMMUNITY, PASSING, RESONANCE, TIE, WEIGHT, WEIGHT_MONTH
from guanxi.influence.weighing.rows import weight_rows
from guanxi.lake.engine import Engine
from guanxi.lake.named import sql
from guanxi.vocabulary.progress import Progress
from guanxi.vocabulary.time import month_of

_ROOM = "guanxi.influence"
ACTIVE_DAYS = 90
SOON = timedelta(days=1)
MOVES_MIN = 5
PEOPLE_MIN = 2


@dataclass(frozen=True)
class TieReport:
    """How many ties there are; whether the evidence was made from nothing, and whether every chance was."""

    ties: int
    evidence_anew: bool
    chances_anew: bool


@dataclass(frozen=True)
class WeightReport:
    """How many fans are in each band."""

    fans: int
    bands: dict[str, int]


@dataclass(frozen=True)
class CommunityReport:
    """How many communities of at least two there are, and the size of the largest."""

    communities: int
    largest: int


def refresh_ties(
    engine: Engine,
    as_of: datetime,
    tell: Progress,
    whole: bool = False,
    half_life_days: int | None = None,
) -> TieReport:
    """Every pair that engagements up to ``as_of`` join has its counts and its chance; how much they name is kept, and
    who came to which content through whom. Who looks like a share farm is screened: no law is learned of them.

    Made by what is new since the last time, unless ``whole`` asks for all of it; the ties are the same. Chances
    are of what evidence counts by ``half_life_days``.
    """
    kept = _evidence(engine, as_of, tell, whole)
    refresh_screening(engine, as_of, tell)
    tell.begin("ties", 2)
    basis = basis_on(engine, as_of.astimezone(UTC).date(), half_life_days)
    known = None if kept.pairs is None else kept_laws(engine, basis)
    news = _news(engine, kept, basis, known)
    tell.advance()
    engine.offer("tie_offered", _all_ties(engine, basis, known, as_of) if news is None else news)
    ties = engine.derive(TIE, "SELECT * FROM tie_offered" if news is None else sql(_ROOM, "ties_left"), as_of)
    tell.end()
    return TieReport(ties, kept.pairs is None, news is None)


def _evidence(engine: Engine, as_of: datetime, tell: Progress, whole: bool) -> Kept:
    tell.begin("evidence", 2)
    engine.derive(PASSING, sql(_ROOM, "coverage"), as_of, until=as_of)
    engine.derive(CASCADE_STEP, sql(_ROOM, "cascade_steps"), as_of, until=as_of)
    tell.advance()
    kept = keep_evidence(engine, as_of, whole)
    tell.end()
    return kept


def _news(engine: Engine, kept: Kept, basis: Basis, known: KeptLaws | None) -> pa.Table | None:
    """The ties of influencers of whom anything new was told; None where every tie has to be made anew."""
    if known is None or known.step != basis.step:
        return None
    counts = counts_with(engine, kept, basis.days["day"], basis.step)
    ledger = ledger_from(counts)
    return _tie_rows(counts, chances(ledger, known.laws)) if known.laws.cover(ledger) else None


def _all_ties(engine: Engine, basis: Basis, known: KeptLaws | None, as_of: datetime) -> pa.Table:
    """Every tie anew; so are the laws, unless those that are known still say all of them."""
    counts = all_counts(engine, basis.days["day"], basis.step)
    ledger = ledger_from(counts)
    if known is not None and known.laws.cover(ledger):
        laws, is_filled = known.laws, False
    else:
        laws, is_filled = learned_laws(engine, basis, ledger)
    keep_laws(engine, laws, basis, is_filled, as_of)
    return _tie_rows(counts, chances(ledger, laws))


def _tie_rows(counts: pa.Table, learned: Learned) -> pa.Table:
    rows = counts.drop_columns(["successes_decayed", "opportunities_decayed"])
    for name, column in (("probability", learned.probability), ("low", learned.low), ("high", learned.high)):
        rows = rows.append_column(name, pa.array(column))
    return rows


def refresh_weights(engine: Engine, as_of: datetime, tell: Progress) -> WeightReport:
    """Every fan has a weight, the people they moved, a band that does not flicker, and how what they share resounds."""
    tell.begin("weights", 3)
    lately = as_of.astimezone(UTC).date() - timedelta(days=ACTIVE_DAYS - 1)
    standing = engine.ask(sql(_ROOM, "standing"), since=lately)
    rows = weight_rows(standing, engine.ask(sql(_ROOM, "tie_posteriors")))
    tell.advance()
    engine.offer("weight_offered", rows)
    fans = engine.derive(WEIGHT, "SELECT * FROM weight_offered", as_of)
    tell.advance()
    _remember_weights(engine, as_of)
    engine.derive(RESONANCE, sql(_ROOM, "resonance"), as_of, until=as_of, within=SOON, moves=MOVES_MIN)
    tell.end()
    counted = pc.value_counts(rows["band"]).to_pylist()
    return WeightReport(fans, {str(c["values"]): c["counts"] for c in counted})


def _remember_weights(engine: Engine, as_of: datetime) -> None:
    month = month_of(as_of)
    asked = {"from_day": month.replace(year=month.year - 1), "today": month, "people": PEOPLE_MIN}
    engine.derive(WEIGHT_MONTH, sql(_ROOM, "weight_months"), as_of, **asked)


def refresh_communities(engine: Engine, as_of: datetime, tell: Progress) -> CommunityReport:
    """Every fan with a tie belongs to a community; one that goes on keeps its number, and its people their day."""
    tell.begin("communities", 2)
    influencer, influenced, probability = tie_chances(engine)
    empty = np.empty(0, np.int64)
    fan, group, size = (
        find_communities(influencer, influenced, probability) if len(influencer) else (empty, empty, empty)
    )
    tell.advance()
    before = engine.ask("SELECT fan, community, since FROM social.community ORDER BY fan")
    community = carried_on(fan, group, _ints(before, "fan"), _ints(before, "community"))
    engine.offer("community_offered", pa.table({"fan": fan, "community": community, "size": size}))
    engine.derive(COMMUNITY, sql(_ROOM, "community_since"), as_of, today=as_of.date())
    tell.end()
    return CommunityReport(len(np.unique(community)), int(size.max(initial=0)))


def tie_chances(engine: Engine) -> tuple[Ints, Ints, Floats]:
    """All ties as arrays: influencer, influenced, probability."""
    rows = engine.ask(sql(_ROOM, "tie_chances"))
    return _ints(rows, "influencer"), _ints(rows, "influenced"), np.asarray(rows["probability"].to_numpy())


def _ints(rows: pa.Table, name: str) -> Ints:
    return np.asarray(rows[name].to_numpy(), np.int64)
