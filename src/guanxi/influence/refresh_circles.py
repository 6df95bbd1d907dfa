"""Makes the marts of circles: tastes, likeness of those who share ties, faces of communities, warm prospects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa

from guanxi.influence.kernels.graph import Ints
from guanxi.influence.prospects import Prospects, find_prospects
from guanxi.influence.refresh import tie_chances
from guanxi.influence.tables import COMMUNITY_FACE, CUSTOMER_HOMOPHILY, HOMOPHILY, PROSPECT, TASTE
from guanxi.lake.engine import Engine
from guanxi.lake.named import sql
from guanxi.lake.table import LakeTable
from guanxi.vocabulary.progress import Progress

_ROOM = "guanxi.influence"
FACE_SIZE = 20


@dataclass(frozen=True)
class CircleReport:
    """How many fans have a taste and how many are warm prospects."""

    tastes: int
    prospects: int


def refresh_circles(engine: Engine, as_of: datetime, tell: Progress) -> CircleReport:
    """Tastes, homophily, faces of communities and warm prospects are as the ties and links of now say."""
    tell.begin("circles", 4)
    tastes = engine.derive(TASTE, sql(_ROOM, "taste"), as_of, until=as_of)
    tell.advance()
    _alike(engine, HOMOPHILY, "social_traits", as_of)
    _alike(engine, CUSTOMER_HOMOPHILY, "customer_traits", as_of)
    tell.advance()
    engine.derive(COMMUNITY_FACE, sql(_ROOM, "community_faces"), as_of, size=FACE_SIZE)
    tell.advance()
    prospects = _prospects(engine, as_of)
    tell.end()
    return CircleReport(tastes, prospects)


def _alike(engine: Engine, table: LakeTable, traits: str, as_of: datetime) -> None:
    engine.offer("known_trait", engine.ask(sql(_ROOM, traits)))
    engine.derive(table, sql(_ROOM, "homophily"), as_of)


def _prospects(engine: Engine, as_of: datetime) -> int:
    spending = engine.ask(sql(_ROOM, "spending"))
    influencer, influenced, _ = tie_chances(engine)
    fan, spent, fifth = (np.asarray(spending[c].to_numpy(), np.int64) for c in ("fan", "spent", "fifth"))
    if len(fan) and len(influencer):
        rows = _rows(find_prospects(influencer, influenced, fan, spent, fifth))
    else:
        rows = PROSPECT.schema.empty_table()
    engine.offer("prospect_offered", rows)
    return engine.derive(PROSPECT, "SELECT * FROM prospect_offered", as_of)


def _rows(found: Prospects) -> pa.Table:
    def money(values: Ints) -> pa.Array:
        return pa.array(values) if found.says else pa.nulls(len(found.fan), pa.int64())

    return pa.table(
        {
            "fan": found.fan,
            "near": found.near,
            "near_good": found.near_good,
            "expected": money(found.expected),
            "low": money(found.low),
            "high": money(found.high),
        }
    )
