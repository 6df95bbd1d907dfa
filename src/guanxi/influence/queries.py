"""What doors show of influence: the shortlist, a fan's ripples, the evidence of a tie, reach, coverage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from guanxi.influence.choosing.choice import Wanted, wanted_of
from guanxi.influence.models import Ambassador, AmbassadorState, RunState, SeedRun
from guanxi.lake.engine import Engine
from guanxi.lake.named import sql
from guanxi.records.actor import Actor, Permission, require
from guanxi.vocabulary.reasons import Refused

_ROOM = "guanxi.influence"
MICROS_A_DAY = 86_400_000_000.0
TIES_SHOWN = 10
ENGAGEMENTS_SHOWN = 100
_IN_MONEY = {"parameters__objective": "value"}


@dataclass(frozen=True)
class FanWeight:
    """What is known of a fan's influence; zeros and None for a fan without ties."""

    fan: int
    platform: str
    weight: float
    direct: int
    second: int
    band: str
    community: int | None
    community_size: int | None


@dataclass(frozen=True)
class AmbassadorRow:
    """An ambassador as lists show them; ``influence`` is None until weights are refreshed.

    Attributes:
        marginal: what they add to those chosen before: people, or with ``in_money`` what customers spent, in smallest
            units of money; None for whoever may not see customers.
    """

    fan: int
    state: str
    reason: str
    chosen_rank: int
    marginal: float | None
    in_money: bool
    run: int
    decided_by: str
    decided_at: datetime | None
    influence: FanWeight | None


@dataclass(frozen=True)
class RunRow:
    """A choice: what was asked, promised and back-tested; ``backtest`` maps method to share reached, ``fading`` the
    half-lives in days that the past was asked with (None: nothing fades) to the share that they would have reached.
    """

    run: int
    as_of: datetime
    k: int
    objective: str
    epsilon: float
    spread: float
    low: float
    high: float
    guarantee: float
    delta: float
    seconds: float
    people: int
    ties: int
    seeds: tuple[tuple[int, float], ...]
    backtest: tuple[tuple[str, float], ...]
    backtest_best: str
    backtest_movers: int
    fading: tuple[tuple[float | None, float], ...]
    asked: Wanted
    found: dict[str, Any]

    @property
    def in_money(self) -> bool:
        """Whether the choice counted what customers spent, and not people."""
        return self.objective == "value"


@dataclass(frozen=True)
class TieRow:
    """A tie: counts, chance and its 90 % interval; ``credited`` where nobody counted the opportunities."""

    influencer: int
    influenced: int
    platform: str
    successes: int
    opportunities: int
    first_day: date
    last_day: date
    probability: float
    low: float
    high: float

    @property
    def credited(self) -> bool:
        """Whether the chance is one of being moved again in an equal span, not one per act."""
        return self.opportunities == 0


@dataclass(frozen=True)
class FanRipples:
    """A fan's weight, the strongest ties from them and the strongest to them."""

    influence: FanWeight | None
    moves: tuple[TieRow, ...]
    moved_by: tuple[TieRow, ...]


@dataclass(frozen=True)
class EngagementRow:
    """One engagement behind a tie."""

    id: int
    kind: str
    platform: str
    content: int | None
    reference: str | None
    happened_at: datetime


@dataclass(frozen=True)
class ReachStep:
    """The top ``share_of_fans`` of those who moved anybody hold ``share_of_weight`` of all weight."""

    share_of_fans: float
    share_of_weight: float
    fans: int


@dataclass(frozen=True)
class Coverage:
    """How much of what is passed on names through whom; ``share`` is None where nothing was passed on."""

    engagements: int
    passed_on: int
    named: int

    @property
    def share(self) -> float | None:
        """Between 0 and 1."""
        return self.named / self.passed_on if self.passed_on else None


def ambassador_count(actor: Actor, state: str) -> int:
    """How many ambassadors there are in a state."""
    require(actor, Permission.SEE_INFLUENCE)
    return Ambassador.objects.filter(state=state).count()


def ambassadors(actor: Actor, engine: Engine, state: str = "") -> tuple[AmbassadorRow, ...]:
    """The ambassadors of a state, or all, in the order in which they were chosen."""
    require(actor, Permission.SEE_INFLUENCE)
    found = Ambassador.objects.order_by("chosen_rank", "fan")
    if state:
        if state not in set(AmbassadorState):
            raise Refused("filter_unknown", state)
        found = found.filter(state=state)
    rows = list(found)
    known = {w.fan: w for w in weights_of(actor, engine, [a.fan for a in rows])}
    in_money = set(SeedRun.objects.filter(**_IN_MONEY).values_list("pk", flat=True))
    sees = actor.may(Permission.SEE_CUSTOMERS)
    return tuple(
        AmbassadorRow(
            a.fan,
            a.state,
            a.reason,
            a.chosen_rank,
            a.marginal if sees or a.run_id not in in_money else None,
            a.run_id in in_money,
            a.run_id,
            a.decided_by,
            a.decided_at,
            known.get(a.fan),
        )
        for a in rows
    )


def invited_fans(actor: Actor) -> tuple[int, ...]:
    """The fans whom a person invited as ambassadors and who did not decline, ascending."""
    require(actor, Permission.SEE_INFLUENCE)
    invited = Ambassador.objects.filter(state__in=(AmbassadorState.INVITED, AmbassadorState.ACTIVE))
    return tuple(invited.order_by("fan").values_list("fan", flat=True))


def latest_run(actor: Actor) -> RunRow | None:
    """The last choice, or None before the first; choices by what customers spent only for whoever may see these."""
    require(actor, Permission.SEE_INFLUENCE)
    done = SeedRun.objects.filter(state=RunState.DONE).order_by("-id")
    run = (done if actor.may(Permission.SEE_CUSTOMERS) else done.exclude(**_IN_MONEY)).first()
    if run is None:
        return None
    asked: dict[str, Any] = run.parameters
    judged: dict[str, Any] = run.backtest or {"reach": {}, "best": "", "movers": 0}
    return RunRow(
        run.pk,
        run.as_of,
        asked["k"],
        asked["objective"],
        asked["epsilon"],
        run.spread,
        run.low,
        run.high,
        run.guarantee,
        run.delta,
        run.seconds,
        run.people,
        run.ties,
        tuple((s["fan"], s["marginal"]) for s in run.seeds),
        tuple(sorted(judged["reach"].items(), key=lambda one: -one[1])),
        judged["best"],
        judged["movers"],
        tuple((None if one is None else one / MICROS_A_DAY, share) for one, share in _faded(judged)),
        wanted_of(asked),
        run.found,
    )


def weights_of(actor: Actor, engine: Engine, fans: list[int]) -> tuple[FanWeight, ...]:
    """What is known of these fans' influence, by fan; fans without a weight are left out."""
    require(actor, Permission.SEE_INFLUENCE)
    engine.offer("wanted", pa.table({"fan": pa.array(fans, pa.int64())}))
    return tuple(FanWeight(**row) for row in engine.ask(sql(_ROOM, "weights_of")).to_pylist())


def ripples_of(actor: Actor, engine: Engine, fan: int, shown: int = TIES_SHOWN) -> FanRipples:
    """Whom a fan moves and who moves them, strongest first."""
    known = weights_of(actor, engine, [fan])
    rows = engine.ask(sql(_ROOM, "top_ties"), fan=fan, rows=shown).to_pylist()
    outward = tuple(_tie(row) for row in rows if row["outward"])
    inward = tuple(_tie(row) for row in rows if not row["outward"])
    return FanRipples(known[0] if known else None, outward, inward)


def evidence_of(
    actor: Actor, engine: Engine, influencer: int, influenced: int, shown: int = ENGAGEMENTS_SHOWN
) -> tuple[EngagementRow, ...]:
    """The engagements that make a tie, latest first."""
    require(actor, Permission.SEE_INFLUENCE)
    rows = engine.ask(
        sql(_ROOM, "tie_rows"), influencer=influencer, influenced=influenced, rows=shown
    ).to_pylist()
    return tuple(EngagementRow(**row) for row in rows)


def reach_steps(actor: Actor, engine: Engine) -> tuple[ReachStep, ...]:
    """The Lorenz curve of weight, by hundredths of the fans who moved anybody, strongest first."""
    require(actor, Permission.SEE_INFLUENCE)
    rows = engine.ask(sql(_ROOM, "reach_steps")).to_pylist()
    fans_total = sum(row["fans"] for row in rows)
    weight_total = sum(row["millionths"] for row in rows) or 1
    steps, fans, weight = [], 0, 0
    for row in rows:
        fans, weight = fans + row["fans"], weight + row["millionths"]
        steps.append(ReachStep(fans / fans_total, weight / weight_total, fans))
    return tuple(steps)


def movers(actor: Actor, engine: Engine) -> int:
    """How many fans are expected to move anybody."""
    require(actor, Permission.SEE_INFLUENCE)
    count: int = engine.ask("SELECT COUNT(*) AS n FROM social.weight WHERE weight > 0")["n"][0].as_py()
    return count


def bands(actor: Actor, engine: Engine) -> dict[str, int]:
    """How many fans are in each band."""
    require(actor, Permission.SEE_INFLUENCE)
    return {row["band"]: row["fans"] for row in engine.ask(sql(_ROOM, "bands")).to_pylist()}


def coverage(actor: Actor, engine: Engine) -> Coverage:
    """How much of what was passed on up to the last refresh names through whom."""
    require(actor, Permission.SEE_INFLUENCE)
    known = engine.ask("SELECT engagements, passed_on, named FROM social.passing").to_pylist()
    return Coverage(**known[0]) if known else Coverage(0, 0, 0)


def _faded(judged: dict[str, Any]) -> list[tuple[float | None, float]]:
    told: list[tuple[float | None, float]] = judged.get("fading", {}).get("told", [])
    return told


def _tie(row: dict[str, Any]) -> TieRow:
    return TieRow(**{name: value for name, value in row.items() if name != "outward"})
