"""Makes the marts of circles: tastes, likeness of those who share ties, faces of communities, warm prospects, and
what people spend whom a fan is expected to move.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa

from guanxi.influence.circles.prospects import Prospects, find_prospects
from guanxi.influence.kernels.graph import Floats, Ints
from guanxi.influence.tables import (
    COMMUNITY_FACE,
    CUSTOMER_HOMOPHILY,
    HOMOPHILY,
    NETWORK_VALUE,
    PROSPECT,
    TASTE,
)
from guanxi.influence.weighing.network import NetworkValue, network_value
from guanxi.influence.weighing.weights import outward
from guanxi.lake.engine import Engine
from guanxi.lake.named import sql
from guanxi.lake.table import LakeTable
from guanxi.vocabulary.progress import SILENT, Progress

_ROOM = "guanxi.influence"
FACE_SIZE = 20


@dataclass(frozen=True)
class CircleReport:
    """How many fans have a taste, are warm prospects, and have people with known spending around them."""

    tastes: int
    prospects: int
    valued: int


@dataclass(frozen=True)
class _Spenders:
    """Linked fans, ascending: what each spent, and the fifth of spending they are in."""

    fan: Ints
    spent: Ints
    fifth: Ints


def refresh_circles(engine: Engine, as_of: datetime, tell: Progress) -> CircleReport:
    """Tastes, homophily, faces of communities, warm prospects and network values are as ties and links of now say."""
    tell.begin("circles", 5)
    tastes = engine.derive(TASTE, sql(_ROOM, "taste"), as_of, until=as_of)
    tell.advance()
    _alike(engine, HOMOPHILY, engine.ask(sql(_ROOM, "social_traits")), as_of)
    tell.advance()
    engine.derive(COMMUNITY_FACE, sql(_ROOM, "community_faces"), as_of, size=FACE_SIZE)
    tell.advance()
    rows = engine.ask(sql(_ROOM, "spending"))
    spenders = _Spenders(*(_ints(rows, name) for name in ("fan", "spent", "fifth")))
    ties = engine.ask(sql(_ROOM, "tie_posteriors"))
    prospects = _prospects(engine, ties, spenders, as_of)
    tell.advance()
    valued = _network(engine, ties, spenders, as_of)
    tell.end()
    return CircleReport(tastes, prospects, valued)


def refresh_customer_likeness(
    engine: Engine, as_of: datetime, known: pa.Table, tell: Progress = SILENT
) -> None:
    """How alike linked fans with ties are as customers: in spending, and in what rooms above know of them.

    Args:
        engine: sees both sides.
        as_of: the moment it speaks of.
        known: further traits (fan, trait, value), of fans linked for rewards only.
        tell: shown meanwhile.
    """
    tell.begin("likeness of customers")
    own = engine.ask(sql(_ROOM, "customer_traits"))
    _alike(engine, CUSTOMER_HOMOPHILY, pa.concat_tables([own, known.cast(own.schema)]), as_of)
    tell.end()


def _alike(engine: Engine, table: LakeTable, traits: pa.Table, as_of: datetime) -> None:
    engine.offer("known_trait", traits)
    engine.derive(table, sql(_ROOM, "homophily"), as_of)


def _prospects(engine: Engine, ties: pa.Table, spenders: _Spenders, as_of: datetime) -> int:
    if len(spenders.fan) and ties.num_rows:
        ends = _ints(ties, "influencer"), _ints(ties, "influenced")
        left_out = _ints(engine.ask(sql(_ROOM, "no_prospects")), "fan")
        rows = _rows(find_prospects(*ends, spenders.fan, spenders.spent, spenders.fifth, left_out))
    else:
        rows = PROSPECT.schema.empty_table()
    engine.offer("prospect_offered", rows)
    return engine.derive(PROSPECT, "SELECT * FROM prospect_offered", as_of)


def _network(engine: Engine, ties: pa.Table, spenders: _Spenders, as_of: datetime) -> int:
    """How many fans have anybody within reach whose spending is known."""
    rows = NETWORK_VALUE.schema.empty_table()
    if len(spenders.fan) and ties.num_rows:
        ends = _ints(ties, "influencer"), _ints(ties, "influenced")
        paths = outward(*ends, np.asarray(ties["probability"].to_numpy()))
        low, high = (np.asarray(ties[end].to_numpy())[paths.order] for end in ("low", "high"))
        worth = np.maximum(spenders.spent, 0).astype(np.float64)
        rows = _valued(paths.ids, network_value(paths, low, high, spenders.fan, worth))
    engine.offer("value_offered", rows)
    return engine.derive(NETWORK_VALUE, "SELECT * FROM value_offered", as_of)


def _valued(fan: Ints, found: NetworkValue) -> pa.Table:
    """Money only of fans around whom enough is known, the counts of all with anybody known."""
    some, silent = found.known > 0, ~found.says

    def money(values: Floats) -> pa.Array:
        return pa.array(np.rint(values).astype(np.int64), mask=silent).filter(pa.array(some))

    return pa.table(
        {
            "fan": fan[some],
            "expected": money(found.expected),
            "low": money(found.low),
            "high": money(found.high),
            "known": found.known[some],
            "people": found.people[some],
        }
    )


def _ints(rows: pa.Table, name: str) -> Ints:
    return np.asarray(rows[name].to_numpy(), np.int64)


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
