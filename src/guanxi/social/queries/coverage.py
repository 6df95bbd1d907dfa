"""What share of fans can be seen at all: facts known, follow state known, ever active."""

from __future__ import annotations

from dataclasses import dataclass

from guanxi.lake.engine import Engine
from guanxi.lake.named import sql
from guanxi.records.actor import Actor, Permission, require

_ROOM = "guanxi.social"


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of all there are can be seen; ``share`` is None where there are none.

    Attributes:
        what: ``follow``, ``active``, or the name of a profile fact.
        seen: how many.
        whole: of how many.
    """

    what: str
    seen: int
    whole: int

    @property
    def share(self) -> float | None:
        """Between 0 and 1."""
        return self.seen / self.whole if self.whole else None


def coverage(actor: Actor, engine: Engine) -> tuple[Coverage, ...]:
    """Follow state and activity first, then every profile fact, the best known first."""
    require(actor, Permission.SEE_SOCIAL)
    whole = engine.ask(sql(_ROOM, "activity_coverage")).to_pylist()[0]
    fans = whole["fans"]
    seen = [("follow", whole["follow"]), ("active", whole["active"]), *_known(engine).items()]
    return tuple(Coverage(what, int(n or 0), fans) for what, n in seen)


def facts(actor: Actor, engine: Engine) -> tuple[str, ...]:
    """The names of profile facts, the best known first."""
    require(actor, Permission.SEE_SOCIAL)
    return tuple(_known(engine))


def _known(engine: Engine) -> dict[str, int]:
    return {row["what"]: row["seen"] for row in engine.ask(sql(_ROOM, "fan_coverage")).to_pylist()}


def fan_count(actor: Actor, engine: Engine) -> int:
    """How many fans there are in the mirror."""
    require(actor, Permission.SEE_SOCIAL)
    count: int = engine.ask(sql(_ROOM, "activity_coverage"))["fans"][0].as_py()
    return count


@dataclass(frozen=True, slots=True)
class FactValue:
    """Of how many fans a fact has a value; ``value`` is None where it is not known."""

    value: str | None
    fans: int


def fact_values(actor: Actor, engine: Engine, fact: str) -> tuple[FactValue, ...]:
    """How a fact is spread over all fans, the most frequent first; unknown is a value of its own, and last."""
    require(actor, Permission.SEE_SOCIAL)
    rows = engine.ask(sql(_ROOM, "fact_values"), fact=fact).to_pylist()
    found = [FactValue(row["value"], row["fans"]) for row in rows]
    return tuple(sorted(found, key=lambda row: (row.value is None, -row.fans, row.value or "")))
