"""What doors show of a choice beside its list: how far it is, what it may be narrowed to, what others would reach."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from guanxi.influence.choosing.seen import seen_again
from guanxi.influence.choosing.why import Reason, reasons_of
from guanxi.influence.models import RunState, SeedRun
from guanxi.influence.whatif import Kept, Reach, reach
from guanxi.lake.engine import Engine
from guanxi.lake.named import sql
from guanxi.records.actor import Actor, Permission, require

_ROOM = "guanxi.influence"
_WORDS = 200


@dataclass(frozen=True)
class UnderWay:
    """The last choice where it is not done: asked for, at work, or refused with a code."""

    run: int
    state: str
    step: str
    refusal: str


@dataclass(frozen=True)
class ChoiceWords:
    """Topics and cities that a choice can be narrowed to."""

    topics: tuple[str, ...]
    cities: tuple[str, ...]


@dataclass(frozen=True)
class WhyChosen:
    """Why one fan was chosen: ``people`` where the choice counted people and not money; worlds drawn to try it."""

    reasons: tuple[Reason, ...]
    people: bool
    worlds: int


def under_way(actor: Actor) -> UnderWay | None:
    """The last choice, unless it is done."""
    require(actor, Permission.SEE_INFLUENCE)
    run = SeedRun.objects.order_by("-id").first()
    if run is None or run.state == RunState.DONE:
        return None
    return UnderWay(run.pk, run.state, run.step, run.refusal)


def choice_words(actor: Actor, engine: Engine) -> ChoiceWords:
    """The most frequent topics and cities."""
    require(actor, Permission.SEE_INFLUENCE)
    rows = engine.ask(sql(_ROOM, "choice_words"), rows=_WORDS).to_pylist()
    return ChoiceWords(
        tuple(row["word"] for row in rows if row["kind"] == "topic"),
        tuple(row["word"] for row in rows if row["kind"] == "city"),
    )


def whys(actor: Actor, runs: Collection[int]) -> dict[tuple[int, int], WhyChosen]:
    """By choice and fan, why each was chosen, as it was known then.

    How many of somebody's people are customers is said only to who may see customers and links.
    """
    require(actor, Permission.SEE_INFLUENCE)
    sees = actor.may(Permission.SEE_CUSTOMERS) and actor.may(Permission.SEE_LINKS)
    asked = ("pk", "parameters__objective", "found__seen", "found__certainty__worlds")
    return {
        (run, fan): WhyChosen(reasons, objective != "value", worlds or 0)
        for run, objective, seen, worlds in SeedRun.objects.filter(pk__in=runs).values_list(*asked)
        for fan, reasons in reasons_of(seen_again(seen or ()), sees).items()
    }


def what_if(actor: Actor, engine: Engine, people: Sequence[int]) -> Reach | None:
    """What these fans would reach together, on the sets that the last choice kept; None before there is one.

    Somebody who may not see customers is refused: the sets say who is not one.
    """
    kept = _kept(actor, engine, people)
    return None if kept is None else reach(kept, people)


def further(actor: Actor, engine: Engine, people: Sequence[int], others: Sequence[int]) -> dict[int, float]:
    """What each of the others would add to these fans, by fan; empty before there is a choice."""
    kept = _kept(actor, engine, [*people, *others])
    return {} if kept is None else {one: reach(kept, [*people, one]).adds[-1] for one in others}


def _kept(actor: Actor, engine: Engine, people: Sequence[int]) -> Kept | None:
    """The sets of the last choice that meet any of these fans."""
    require(actor, Permission.SEE_INFLUENCE)
    require(actor, Permission.SEE_CUSTOMERS)
    run = SeedRun.objects.filter(state=RunState.DONE).order_by("-id").first()
    if run is None or not run.found.get("kept_sets"):
        return None
    engine.offer("wanted", pa.table({"fan": pa.array(list(people), pa.int64())}))
    rows = engine.ask(sql(_ROOM, "reach_sets"))
    draw, fan = (np.asarray(rows[c].to_numpy(), np.int64) for c in ("draw", "fan"))
    return Kept(draw, fan, run.found["kept_sets"], run.found["worth"])
