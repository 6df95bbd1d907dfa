"""What is decided of ambassadors: choose a shortlist, approve, activate, decline, rest.

Each is one transaction in relationship with its audit. A choice never overrides what a person decided.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import numpy as np

from guanxi.influence.backtest import Backtest, backtest
from guanxi.influence.choice import DELTA, EPSILON, Candidates, target_weights
from guanxi.influence.edges import Log
from guanxi.influence.kernels.graph import Ints
from guanxi.influence.models import Ambassador, AmbassadorState, SeedRun
from guanxi.influence.refresh import tie_chances
from guanxi.influence.seeds import SeedSet, choose_seeds
from guanxi.influence.ties import Coded
from guanxi.lake.engine import Engine
from guanxi.lake.named import sql
from guanxi.records.actor import Actor, Permission, require
from guanxi.records.audit import record
from guanxi.records.databases import RELATIONSHIP, transaction
from guanxi.vocabulary.progress import SILENT, Progress
from guanxi.vocabulary.reasons import Refused
from guanxi.vocabulary.time import aware

_ROOM = "guanxi.influence"
_STANDING = (AmbassadorState.INVITED, AmbassadorState.ACTIVE)
_REFUSING = (AmbassadorState.DECLINED, AmbassadorState.RESTING)
_OPEN = {
    AmbassadorState.INVITED: {AmbassadorState.SHORTLISTED},
    AmbassadorState.ACTIVE: {AmbassadorState.INVITED, AmbassadorState.RESTING},
    AmbassadorState.DECLINED: {AmbassadorState.SHORTLISTED, AmbassadorState.INVITED},
    AmbassadorState.RESTING: {AmbassadorState.INVITED, AmbassadorState.ACTIVE},
}


@dataclass(frozen=True)
class ChoiceReport:
    """What a choice came to; ``run`` is None where there are no ties to choose by."""

    run: int | None
    shortlisted: int
    spread: float
    low: float
    high: float
    guarantee: float
    best_method: str


NO_CHOICE = ChoiceReport(None, 0, 0.0, 0.0, 0.0, 0.0, "")


def choose_ambassadors(
    actor: Actor, engine: Engine, as_of: datetime, k: int = 50, seed: int = 0, tell: Progress = SILENT
) -> ChoiceReport:
    """The shortlist holds the k fans expected to bring most new customers beyond what standing ambassadors
    bring.

    Known customers count nothing; fans who left, declined or rest are not chosen. What people decided stays.
    """
    require(actor, Permission.DECIDE_AMBASSADORS)
    tell.begin("ambassadors", 3)
    candidates = _candidates(engine)
    if len(candidates.influencer) == 0:
        tell.end()
        return NO_CHOICE
    targets = target_weights(candidates)
    found = choose_seeds(
        (candidates.influencer, candidates.influenced, candidates.probability),
        k,
        epsilon=EPSILON,
        delta=DELTA,
        seed=seed,
        targets=targets,
        exclude=candidates.excluded.tolist(),
        active=candidates.active.tolist(),
    )
    tell.advance()
    judged = _judged(engine, as_of, k, seed)
    tell.advance()
    asked = {"k": k, "epsilon": EPSILON, "seed": seed, "model": "ic"}
    asked["objective"] = "everybody" if targets is None else "new_customers"
    report = _shortlist(actor, found, judged, asked, as_of)
    tell.end()
    return report


def approve_ambassador(actor: Actor, fan: int, decided_at: datetime) -> None:
    """The shortlisted fan is invited."""
    _decide(actor, fan, AmbassadorState.INVITED, "", decided_at)


def activate_ambassador(actor: Actor, fan: int, decided_at: datetime) -> None:
    """The fan accepted, or is back from resting."""
    _decide(actor, fan, AmbassadorState.ACTIVE, "", decided_at)


def decline_ambassador(actor: Actor, fan: int, reason: str, decided_at: datetime) -> None:
    """The fan is not to be an ambassador, for a reason that is remembered; no later choice proposes them."""
    if not reason.strip():
        raise Refused("reason_missing")
    _decide(actor, fan, AmbassadorState.DECLINED, reason.strip(), decided_at)


def rest_ambassador(actor: Actor, fan: int, reason: str, decided_at: datetime) -> None:
    """The ambassador rests; no choice proposes them until they are activated again."""
    _decide(actor, fan, AmbassadorState.RESTING, reason.strip(), decided_at)


def _decide(actor: Actor, fan: int, state: AmbassadorState, reason: str, decided_at: datetime) -> None:
    require(actor, Permission.DECIDE_AMBASSADORS)
    with transaction(RELATIONSHIP):
        found = Ambassador.objects.select_for_update().filter(fan=fan).first()
        if found is None:
            raise Refused("no_such_ambassador", str(fan))
        if found.state == state:
            return
        if found.state not in _OPEN[state]:
            raise Refused("ambassador_not_there_yet", found.state)
        found.state, found.reason = state, reason
        found.decided_by, found.decided_at = actor.name, aware(decided_at)
        found.save()
        record(RELATIONSHIP, actor, f"ambassador_{state}", f"fan:{fan}", {"reason": reason})


def _candidates(engine: Engine) -> Candidates:
    influencer, influenced, probability = tie_chances(engine)
    return Candidates(
        influencer,
        influenced,
        probability,
        _fans(engine, "linked_fans"),
        np.union1d(_fans(engine, "gone_fans"), _in_states(_REFUSING)),
        _in_states(_STANDING),
    )


def _fans(engine: Engine, question: str) -> Ints:
    return np.asarray(engine.ask(sql(_ROOM, question))["fan"].to_numpy(), np.int64)


def _in_states(states: tuple[AmbassadorState, ...]) -> Ints:
    fans = Ambassador.objects.filter(state__in=states).order_by("fan").values_list("fan", flat=True)
    return np.fromiter(fans, np.int64)


def _judged(engine: Engine, as_of: datetime, k: int, seed: int) -> Backtest | None:
    """How ways of choosing would have done on the history so far; None where it is too short to tell."""
    rows = engine.ask(sql(_ROOM, "log"), until=as_of)
    if rows.num_rows < 2:
        return None
    ends = tuple(np.asarray(rows[c].to_numpy(), np.int64) for c in ("influencer", "influenced"))
    time = np.asarray(rows["happened_at"].to_numpy().astype("datetime64[us]").astype(np.float64))
    return backtest(Log(Coded(ends, None), time), k, seed=seed)


def _shortlist(
    actor: Actor, found: SeedSet, judged: Backtest | None, asked: dict[str, Any], as_of: datetime
) -> ChoiceReport:
    chosen = [(int(str(fan)), adds) for fan, adds in zip(found.seeds, found.marginal, strict=True)]
    with transaction(RELATIONSHIP):
        run = SeedRun.objects.create(
            as_of=as_of,
            parameters=asked,
            seeds=[{"fan": fan, "marginal": adds} for fan, adds in chosen],
            spread=found.spread,
            low=found.low,
            high=found.high,
            guarantee=found.guarantee,
            delta=found.delta,
            seconds=found.seconds,
            people=found.people,
            ties=found.ties,
            backtest=None if judged is None else asdict(judged),
        )
        Ambassador.objects.filter(state=AmbassadorState.SHORTLISTED).delete()
        Ambassador.objects.bulk_create(
            Ambassador(fan=fan, state=AmbassadorState.SHORTLISTED, chosen_rank=rank, marginal=adds, run=run)
            for rank, (fan, adds) in enumerate(chosen, 1)
        )
        record(RELATIONSHIP, actor, "ambassadors_chosen", f"seed_run:{run.pk}", {"fans": len(chosen)})
    return ChoiceReport(
        run.pk,
        len(chosen),
        found.spread,
        found.low,
        found.high,
        found.guarantee,
        judged.best if judged else "",
    )
