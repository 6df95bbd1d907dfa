"""What doors show of one tie: its chance, by topic where that can be told, its unmarked credit; and likeness."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import timedelta

import numpy as np
import pyarrow as pa

from guanxi.influence.learning.credit import TOPIC_MIN, influence_of, parts, topic_chance
from guanxi.influence.likeness.matched import WINDOW_DAYS, Likeness
from guanxi.influence.likeness.refresh import EVERYWHERE
from guanxi.influence.likeness.second_opinions import SecondOpinion
from guanxi.influence.models import FadingSetting
from guanxi.influence.queries import TieRow
from guanxi.lake.engine import Engine
from guanxi.lake.named import sql
from guanxi.records.actor import Actor, Permission, require

FAR_APART = 0.1
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


@dataclass(frozen=True)
class LikenessTold(Likeness):
    """The estimate with its second opinions."""

    second: SecondOpinion

    @property
    def disagrees(self) -> bool:
        """The order of times says more than ten points else than the matched comparison."""
        if self.share is None or self.second.shuffled is None:
            return False
        return abs(self.share - self.second.shuffled) > FAR_APART


def half_life_in_force() -> int | None:
    """After how many days evidence of ties counts half; None where it counts whatever its age."""
    newest = FadingSetting.objects.order_by("-pk").first()
    return None if newest is None else newest.half_life_days


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


def likeness_of(actor: Actor, engine: Engine, platform: str = EVERYWHERE) -> LikenessTold | None:
    """How much of what follows shares would have come anyway, on a platform or on all; None until it is asked."""
    require(actor, Permission.SEE_INFLUENCE)
    rows = engine.ask(
        "SELECT * FROM social.likeness WHERE platform = $platform", platform=platform
    ).to_pylist()
    if not rows:
        return None
    first, second = ({f.name: rows[0][f.name] for f in fields(told)} for told in (Likeness, SecondOpinion))
    return LikenessTold(**first, second=SecondOpinion(**second))


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
