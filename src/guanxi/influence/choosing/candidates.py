"""Reads what a choice of ambassadors is made from: ties with their posteriors, who may not be chosen, who counts."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime

import numpy as np
import pyarrow as pa

from guanxi.influence.choosing.choice import Candidates, Wanted
from guanxi.influence.choosing.unseen import Unseen, unseen_beside
from guanxi.influence.edges import Log
from guanxi.influence.hindsight.backtest import Backtest, History, backtest, history
from guanxi.influence.kernels.graph import Floats, Ints, dense_ids
from guanxi.influence.learning.queries import half_life_in_force
from guanxi.influence.learning.topics import OnTopic, Scaled, Topical, topical
from guanxi.influence.queries import MICROS_A_DAY
from guanxi.influence.screening.queries import screened_fans
from guanxi.influence.terms import Asked
from guanxi.influence.ties import Coded
from guanxi.lake.engine import Engine
from guanxi.lake.named import sql
from guanxi.vocabulary.reasons import Refused

_ROOM = "guanxi.influence"
_ENDS = ("probability", "low", "high")


def read_candidates(engine: Engine, wanted: Wanted, standing: Ints, decided: dict[str, Ints]) -> Candidates:
    """Everything a choice considers; ``standing`` are ambassadors already, ``decided`` who may not be one."""
    ties = engine.ask(sql(_ROOM, "tie_posteriors"))
    engine.offer("kept_out", pa.table({"tag": pa.array(list(wanted.kept_out), pa.string())}))
    narrowed = bool(wanted.topic or wanted.city)
    rows = engine.ask(sql(_ROOM, "standing_of_fans")).to_pydict()
    spent = engine.ask(sql(_ROOM, "spending")).to_pylist() if wanted.objective == "value" else []
    influencer = np.asarray(ties["influencer"].to_numpy(), np.int64)
    topic = _topical(engine, wanted.topic) if wanted.topic else None
    unseen = _unseen(engine, influencer, np.asarray(ties["probability"].to_numpy(), np.float64))
    known = _scaled(topic, influencer, *(np.asarray(ties[name].to_numpy(), np.float64) for name in _ENDS))
    return Candidates(
        influencer,
        np.asarray(ties["influenced"].to_numpy(), np.int64),
        known.chance,
        known.low,
        known.high,
        customers=_fans(engine, "linked_fans"),
        excluded={
            "gone": _fans(engine, "gone_fans"),
            "opted_out": _fans(engine, "opted_out_fans"),
            "tagged_out": _fans(engine, "tagged_fans"),
            "screened": np.asarray(screened_fans(engine), np.int64),
            **decided,
        },
        active=standing,
        audience=_fans(engine, "audience_fans", topic=wanted.topic, city=wanted.city) if narrowed else None,
        spent={row["fan"]: row["spent"] for row in spent if row["spent"] > 0},
        unseen=unseen,
        topic_strength=None if topic is None else topic.strength,
        topic_doubt=known.doubt,
        band=dict(zip(rows["fan"], rows["band"], strict=True)),
        community={f: c for f, c in zip(rows["fan"], rows["community"], strict=True) if c is not None},
    )


def _scaled(topic: Topical | None, influencer: Ints, chance: Floats, low: Floats, high: Floats) -> Scaled:
    """The chances as they are on the topic, or of all topics."""
    if topic is None:
        return Scaled(chance, low, high, np.zeros(len(chance)))
    return topic.scaled(influencer, chance, low, high)


def _unseen(engine: Engine, influencer: Ints, chance: Floats) -> Unseen:
    """How much more influencers move than their ties say; nothing where evidence fades, for counts do not."""
    if half_life_in_force() is not None:
        return Unseen()
    rows = engine.ask(sql(_ROOM, "moved_in_all"))
    names = ("influencer", "successes", "opportunities")
    fan, successes, occasions = (np.asarray(rows[name].to_numpy(), np.int64) for name in names)
    return unseen_beside(influencer, chance, (fan, successes, occasions))


def _topical(engine: Engine, topic: str) -> Topical | None:
    rows = engine.ask(sql(_ROOM, "moved_on_topic"), topic=topic)
    return topical(OnTopic(*(np.asarray(rows[f.name].to_numpy(), np.int64) for f in fields(OnTopic))))


def read_log_until(engine: Engine, as_of: datetime) -> Log | None:
    """Who moved whom, in order of time; None where that is too short to judge by."""
    rows = engine.ask(sql(_ROOM, "log"), until=as_of)
    if rows.num_rows < 2:
        return None
    ends = tuple(np.asarray(rows[c].to_numpy(), np.int64) for c in ("influencer", "influenced"))
    time = np.asarray(rows["happened_at"].to_numpy().astype("datetime64[us]").astype(np.float64))
    return Log(Coded(ends, None), time)


def judged(
    log: Log | None, asked: Asked, k: int, seed: int, half_life_days: int | None = None
) -> Backtest | None:
    """How ways of choosing would have done on the history so far, on the same terms; None where it cannot say."""
    half_life = None if half_life_days is None else half_life_days * MICROS_A_DAY
    if log is None:
        return None
    try:
        return backtest(log, k, seed=seed, asked=asked, half_life=half_life)
    except Refused:
        return None


def whole_history(log: Log) -> tuple[Ints, History]:
    """(fans, the whole log with fans as places among them)."""
    ids, u, v = dense_ids(log.influencer, log.influenced)
    return ids.astype(np.int64), history(u, v, len(ids))


def best_known(engine: Engine, rows: int) -> list[int]:
    """The fans who moved most people directly, whether chosen or not."""
    found: list[int] = engine.ask(sql(_ROOM, "best_known"), rows=rows)["fan"].to_pylist()
    return found


def _fans(engine: Engine, question: str, **values: object) -> Ints:
    return np.asarray(engine.ask(sql(_ROOM, question), **values)["fan"].to_numpy(), np.int64)
