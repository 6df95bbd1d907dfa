"""What doors show of one tie: its chance, by topic where that can be told, its unmarked credit; and likeness."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pyarrow as pa

from guanxi.influence.credit import TOPIC_MIN, influence_of, parts, topic_chance
from guanxi.influence.likeness import WINDOW_DAYS, Likeness
from guanxi.influence.queries import TieRow
from guanxi.influence.refresh_likeness import EVERYWHERE
from guanxi.lake.engine import Engine
from guanxi.lake.named import sql
from guanxi.records.actor import Actor, Permission, require

_ROOM = "guanxi.influence"
_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class TopicRow:
    """A tie on one topic."""

    topic: str
    successes: int
    opportunities: int
    probability: float
    low: float
    high: float


@dataclass(frozen=True)
class TieTold:
    """One tie and what stands behind it.

    Attributes:
        tie: None where they were never seen to move the other.
        topics: those with enough occasions, most first.
        followed: how often the other took up unmarked, within a week, what they had shared.
        credit: their part of these.
        influence: of that credit what likeness would not have brought; None where nobody can say.
    """

    tie: TieRow | None
    topics: tuple[TopicRow, ...]
    followed: int
    credit: float
    influence: float | None


def tie_told(actor: Actor, engine: Engine, influencer: int, influenced: int) -> TieTold:
    """Everything known of the tie between two fans."""
    require(actor, Permission.SEE_INFLUENCE)
    pair = {"influencer": influencer, "influenced": influenced}
    rows = engine.ask(sql(_ROOM, "tie_of"), **pair).to_pylist()
    tie = TieRow(**rows[0]) if rows else None
    topics = _topics(tie, engine.ask(sql(_ROOM, "tie_topics"), **pair).to_pylist()) if tie else ()
    deeds = engine.ask(sql(_ROOM, "tie_credit"), within=timedelta(days=WINDOW_DAYS), **pair)
    credits = _credits(deeds, influencer)
    alike = likeness_of(actor, engine, tie.platform) if tie else None
    claimed = influence_of(credits, alike.share if alike else None)
    return TieTold(tie, topics, len(credits), sum(credits), claimed)


def likeness_of(actor: Actor, engine: Engine, platform: str = EVERYWHERE) -> Likeness | None:
    """How much of what follows shares would have come anyway, on a platform or on all; None until it is asked."""
    require(actor, Permission.SEE_INFLUENCE)
    question = "SELECT * EXCLUDE (platform) FROM social.likeness WHERE platform = $platform"
    rows = engine.ask(question, platform=platform).to_pylist()
    return Likeness(**rows[0]) if rows else None


def _credits(deeds: pa.Table, influencer: int) -> list[float]:
    """This influencer's part of each deed."""
    deed = np.unique(deeds["content"].to_numpy(), return_inverse=True)[1]
    age = (deeds["did_at"].to_numpy() - deeds["shared_at"].to_numpy()) / _DAY
    part = parts(deed, age)
    found: list[float] = part[deeds["influencer"].to_numpy() == influencer].tolist()
    return found


def _topics(tie: TieRow, rows: list[dict[str, object]]) -> tuple[TopicRow, ...]:
    return tuple(
        TopicRow(topic, s, t, *topic_chance(tie.probability, s, t))
        for topic, s, t in (
            (str(r["topic"]), int(str(r["successes"])), int(str(r["opportunities"]))) for r in rows
        )
        if t >= TOPIC_MIN
    )
