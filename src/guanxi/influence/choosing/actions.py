"""A choice of ambassadors is asked for and carried out: in a job, or as a step of the round.

Asking and storing are one transaction each in relationship, with their audit; nothing is held while it chooses.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from guanxi.influence.choosing.candidates import (
    best_known,
    judged,
    read_candidates,
    read_log_until,
    whole_history,
)
from guanxi.influence.choosing.choice import Wanted, as_today, counted, wanted_of
from guanxi.influence.choosing.making import Question, choose_best, not_chosen, obvious_lists, sure_of
from guanxi.influence.choosing.seen import seen_of
from guanxi.influence.edges import Log
from guanxi.influence.hindsight.backtest import Backtest
from guanxi.influence.kernels.graph import Ints
from guanxi.influence.learning.queries import half_life_in_force
from guanxi.influence.models import Ambassador, AmbassadorState, RunState, SeedRun
from guanxi.influence.seeds import SeedSet
from guanxi.influence.tables import REACH_SET
from guanxi.influence.whatif import Kept, reach
from guanxi.lake.engine import Engine
from guanxi.records.actor import SYSTEM, Actor, Permission, require
from guanxi.records.audit import record
from guanxi.records.databases import RELATIONSHIP, transaction
from guanxi.vocabulary.progress import SILENT, Progress
from guanxi.vocabulary.reasons import Refused

_STANDING = (AmbassadorState.INVITED, AmbassadorState.ACTIVE)
_KNOWN = 20
_FORGOTTEN = timedelta(hours=1)  # a choice that was begun longer ago died with its worker


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


def ask_choice(actor: Actor, wanted: Wanted, asked_at: datetime) -> int:
    """The choice is asked for; a job carries it out. One at a time."""
    require(actor, Permission.DECIDE_AMBASSADORS)
    if wanted.objective == "value":
        require(actor, Permission.SEE_CUSTOMERS)
    with transaction(RELATIONSHIP):
        open_runs = SeedRun.objects.filter(state__in=(RunState.ASKED, RunState.CHOOSING))
        if open_runs.filter(asked_at__gt=asked_at - _FORGOTTEN).exists():
            raise Refused("choice_under_way")
        run = _new_run(actor, wanted, asked_at, asked_at)
        record(RELATIONSHIP, actor, "ambassadors_asked", f"seed_run:{run.pk}", run.parameters)
        return int(run.pk)


def give_up_choice(run: int, code: str) -> None:
    """The choice was not carried out, for this reason; another can be asked for."""
    SeedRun.objects.filter(pk=run).exclude(state=RunState.DONE).update(
        state=RunState.REFUSED, refusal=code, step=""
    )


def carry_out_choice(engine: Engine, run: int, as_of: datetime, tell: Progress = SILENT) -> ChoiceReport:
    """The choice that was asked for is made, and its shortlist stands; a refusal is kept with it."""
    found = SeedRun.objects.filter(pk=run, state=RunState.ASKED).first()
    if found is None:
        return NO_CHOICE
    found.state, found.as_of = RunState.CHOOSING, as_of
    found.save(update_fields=["state", "as_of"])
    try:
        report = _carried_out(engine, found, tell)
    except Refused as refusal:
        give_up_choice(run, refusal.code)
        return NO_CHOICE
    if report.run is None:
        give_up_choice(run, "no_ties_yet")
    return report


def choose_ambassadors(
    actor: Actor, engine: Engine, as_of: datetime, k: int = 50, seed: int = 0, tell: Progress = SILENT
) -> ChoiceReport:
    """The shortlist holds the k fans expected to bring most new customers beyond what standing ambassadors
    bring.

    Known customers count nothing; fans who left, opted out, declined or rest are not chosen. What people
    decided stays.
    """
    require(actor, Permission.DECIDE_AMBASSADORS)
    if not engine.ask("SELECT 1 FROM social.tie LIMIT 1").num_rows:
        return NO_CHOICE
    run = _new_run(actor, Wanted(k=k, seed=seed), as_of, as_of, RunState.CHOOSING)
    try:
        return _carried_out(engine, run, tell)
    except BaseException:
        give_up_choice(int(run.pk), "broken_off")
        raise


def _new_run(
    actor: Actor, wanted: Wanted, asked_at: datetime, as_of: datetime, state: RunState = RunState.ASKED
) -> SeedRun:
    nothing = dict.fromkeys(("spread", "low", "high", "guarantee", "delta", "seconds"), 0.0)
    return SeedRun.objects.create(
        state=state,
        asked_by=actor.name,
        asked_at=asked_at,
        as_of=as_of,
        parameters=wanted.parameters(),
        seeds=[],
        people=0,
        ties=0,
        **nothing,
    )


def _carried_out(engine: Engine, run: SeedRun, tell: Progress) -> ChoiceReport:
    wanted = wanted_of(run.parameters)
    tell.begin("ambassadors", 4)
    _step(run, "reading")
    question = Question(read_candidates(engine, wanted, _in_states(_STANDING), _decided()), wanted)
    if len(question.candidates.influencer) == 0:
        tell.end()
        return NO_CHOICE
    run.parameters["objective"] = counted(question.candidates, wanted)
    _step(run, "choosing", tell)
    found = choose_best(question)
    _step(run, "backtest", tell)
    log = read_log_until(engine, run.as_of)
    told = judged(log, question.asked, wanted.k, wanted.seed, half_life_in_force())
    _step(run, "certainty", tell)
    kept = question.kept(question.candidates.probability, wanted.seed)
    beside = _beside(engine, question, found, log, kept)
    _keep_sets(engine, kept, run.as_of)
    report = _shortlist(run, found, told, beside)
    tell.end()
    return report


def _beside(
    engine: Engine, question: Question, found: SeedSet, log: Log | None, kept: Kept
) -> dict[str, Any]:
    """What is said beside a choice: how sure, against which lists, whom it passed over."""
    chosen = [int(str(fan)) for fan in found.seeds]
    sure = sure_of(question, chosen)
    lists = obvious_lists(*whole_history(log), question) if log is not None else {}
    known = best_known(engine, _KNOWN)
    firm = {} if sure is None else sure.chosen
    return {
        "seen": [asdict(one) for one in seen_of(engine, question.candidates, kept, chosen, firm)],
        "sure": found.sure,
        "cost": found.cost,
        "sets": found.sets,
        "kept_sets": kept.sets,
        "worth": kept.worth,
        "certainty": None if sure is None else asdict(sure),
        "lists": {name: {"fans": fans, "spread": reach(kept, fans).spread} for name, fans in lists.items()},
        "worst": None if found.worst is None else asdict(found.worst),
        "as_today": as_today(question.candidates, question.wanted),
        "own_spread": reach(kept, chosen).spread,
        "unseen": question.unseen_part(chosen),
        "topic_strength": question.candidates.topic_strength,
        "passed": [asdict(p) for p in not_chosen(question, kept, chosen, known, found.cost)],
    }


def _keep_sets(engine: Engine, kept: Kept, as_of: datetime) -> None:
    engine.offer("reach_offered", pa.table({"draw": kept.draw, "fan": kept.person}))
    engine.derive(REACH_SET, "SELECT * FROM reach_offered ORDER BY fan, draw", as_of)


def _step(run: SeedRun, step: str, tell: Progress = SILENT) -> None:
    """Whoever looks sees how far it is."""
    SeedRun.objects.filter(pk=run.pk).update(step=step)
    tell.advance()


def _decided() -> dict[str, Ints]:
    return {
        "declined": _in_states((AmbassadorState.DECLINED,)),
        "resting": _in_states((AmbassadorState.RESTING,)),
    }


def _in_states(states: tuple[AmbassadorState, ...]) -> Ints:
    fans = Ambassador.objects.filter(state__in=states).order_by("fan").values_list("fan", flat=True)
    return np.fromiter(fans, np.int64)


def _shortlist(run: SeedRun, found: SeedSet, told: Backtest | None, beside: dict[str, Any]) -> ChoiceReport:
    chosen = [(int(str(fan)), adds) for fan, adds in zip(found.seeds, found.marginal, strict=True)]
    run.seeds = [{"fan": fan, "marginal": adds} for fan, adds in chosen]
    for name in ("spread", "low", "high", "guarantee", "delta", "seconds", "people", "ties"):
        setattr(run, name, getattr(found, name))
    run.backtest = None if told is None else asdict(told)
    run.found, run.state, run.step = beside, RunState.DONE, ""
    with transaction(RELATIONSHIP):
        run.save()
        Ambassador.objects.filter(state=AmbassadorState.SHORTLISTED).delete()
        Ambassador.objects.bulk_create(
            Ambassador(fan=fan, state=AmbassadorState.SHORTLISTED, chosen_rank=rank, marginal=adds, run=run)
            for rank, (fan, adds) in enumerate(chosen, 1)
        )
        actor = Actor(None, run.asked_by, SYSTEM.roles)
        record(RELATIONSHIP, actor, "ambassadors_chosen", f"seed_run:{run.pk}", {"fans": len(chosen)})
    return ChoiceReport(
        run.pk,
        len(chosen),
        found.spread,
        found.low,
        found.high,
        found.guarantee,
        told.best if told else "",
    )
