"""What doors and choices ask of screening: who is screened and by which signs, and whom a person cleared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from guanxi.influence.models import ScreeningDecision
from guanxi.influence.screening.rules import Sign
from guanxi.lake.engine import Engine
from guanxi.lake.named import sql
from guanxi.records.actor import Actor, Permission, require

_ROOM = "guanxi.influence"


@dataclass(frozen=True)
class ScreenedRow:
    """A screened fan with the evidence as counts; all zero where a tag alone says so.

    Attributes:
        fan: who.
        people: how many they moved, of whom
        mutual: moved them in turn, and
        idle: never did anything of their own.
        timed: openings after a known moment of sharing, of which
        soon: came within a minute.
        signs: what was strong.
    """

    fan: int
    people: int
    mutual: int
    idle: int
    timed: int
    soon: int
    signs: tuple[Sign, ...]


@dataclass(frozen=True)
class Cleared:
    """A person said that a fan is no share farm, and why."""

    fan: int
    reason: str
    decided_by: str
    decided_at: datetime


def screened_fans(engine: Engine) -> list[int]:
    """The fans who are screened since the last round, ascending; whom a person cleared since is left out."""
    fans: list[int] = engine.ask(sql(_ROOM, "screened_fans"))["fan"].to_pylist()
    let_go = set(cleared_fans())
    return [fan for fan in fans if fan not in let_go]


def screened_among(actor: Actor, engine: Engine, fans: list[int]) -> dict[int, ScreenedRow]:
    """Those of the fans who are screened, each with the signs."""
    require(actor, Permission.SEE_INFLUENCE)
    wanted = sorted(set(fans) & set(screened_fans(engine)))
    engine.offer("wanted", pa.table({"fan": pa.array(wanted, pa.int64())}))
    rows = engine.ask(sql(_ROOM, "screened_of")).to_pylist()
    return {
        row["fan"]: ScreenedRow(**row | {"signs": tuple(Sign(sign) for sign in row["signs"].split("|"))})
        for row in rows
    }


def screened_count(actor: Actor, engine: Engine) -> int:
    """How many fans are screened."""
    require(actor, Permission.SEE_INFLUENCE)
    return len(screened_fans(engine))


def cleared_fans() -> list[int]:
    """The fans whom a person cleared, ascending."""
    return list(ScreeningDecision.objects.order_by("fan").values_list("fan", flat=True))


def cleared_list(actor: Actor, fan: int | None = None) -> tuple[Cleared, ...]:
    """Whom people cleared, the latest first; or one fan alone."""
    require(actor, Permission.SEE_INFLUENCE)
    found = ScreeningDecision.objects.order_by("-decided_at", "fan")
    if fan is not None:
        found = found.filter(fan=fan)
    return tuple(Cleared(one.fan, one.reason, one.decided_by, one.decided_at) for one in found)
