"""Keeps the evidence of ties: who moved whom on which occasion, and who gave which; by what is new, or from nothing.

An occasion is kept once, with the first day on which it was told. That day is a minimum, so evidence added a day
at a time is the evidence made from all of history, whatever the order; nothing that is kept is read to add to it
but the occasions themselves. Where rows told before are missing now, all is made anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from guanxi.influence.tables import TIE_GIVING, TIE_HEARD, TIE_MOVE
from guanxi.lake.engine import Engine
from guanxi.lake.named import sql
from guanxi.lake.store import Lake
from guanxi.lake.table import LakeTable
from guanxi.records.databases import alias_of, raw

EDITION = 1
FILES_MAX = 32

_ROOM = "guanxi.influence"
_PARTS = (
    (TIE_MOVE, "tie_moves", "fresh_move", "fresh_moves"),
    (TIE_GIVING, "tie_givings", "fresh_giving", "fresh_givings"),
)


@dataclass(frozen=True)
class Heard:
    """Up to which row of engagements the evidence knows, how many these are, and up to which moment."""

    newest: int
    engagements: int
    until: datetime


@dataclass(frozen=True)
class Kept:
    """What became of the evidence: how many engagements it is of, and whom anything new was told of.

    ``influencers`` is None where all was made from nothing.
    """

    engagements: int
    influencers: pa.ChunkedArray | None


def keep_evidence(engine: Engine, as_of: datetime, whole: bool = False) -> Kept:
    """The occasions are those of all engagements up to ``as_of``."""
    before = None if whole else _heard_before(engine, as_of)
    after = before.newest if before else -1
    newest = _counted(engine, after, as_of)["newest"]
    influencers: list[pa.ChunkedArray] = []
    for table, question, fresh, compared in _PARTS:
        if before is None:
            engine.derive(table, sql(_ROOM, question), as_of, until=as_of, after=after)
            continue
        engine.offer(fresh, engine.ask(sql(_ROOM, question), until=as_of, after=after))
        rows = engine.ask(sql(_ROOM, compared))
        _add(engine, table, rows, as_of)
        influencers.append(rows["influencer"])
    engagements = _counted(engine, newest, as_of)["engagements"]
    _remember(engine, {"newest": newest, "engagements": engagements}, as_of)
    if before is None:
        return Kept(engagements, None)
    return Kept(
        engagements, pa.chunked_array([c for one in influencers for c in one.chunks], pa.int64()).unique()
    )


def _counted(engine: Engine, newest: int, as_of: datetime) -> dict[str, int]:
    found: dict[str, int] = engine.ask(sql(_ROOM, "tie_heard"), newest=newest, until=as_of).to_pylist()[0]
    return found


def _heard_before(engine: Engine, as_of: datetime) -> Heard | None:
    """What the evidence knows; None where it cannot be added to."""
    rows = engine.ask("SELECT newest, engagements, until, edition FROM social.tie_heard").to_pylist()
    if not rows or rows[0]["edition"] != EDITION or rows[0]["until"] > as_of:
        return None
    kept = Heard(rows[0]["newest"], rows[0]["engagements"], rows[0]["until"])
    still = _counted(engine, kept.newest, as_of)["engagements"]
    return kept if still == kept.engagements else None


def _add(engine: Engine, table: LakeTable, compared: pa.Table, as_of: datetime) -> None:
    late = compared.num_rows - compared["kept_day"].null_count
    rows = compared.drop_columns(["kept_day"])
    files = len(Lake(table.side).files(raw(alias_of(table.side)), table.name))
    if late == 0 and files < FILES_MAX:
        engine.extend(table, rows, as_of)
        return
    engine.offer("late_row", rows)
    key = ", ".join(f.name for f in table.schema if f.name not in ("platform", "first_day"))
    least = ", ".join(
        f"MIN({f.name}) AS {f.name}" for f in table.schema if f.name in ("platform", "first_day")
    )
    columns = ", ".join(table.schema.names)
    engine.derive(
        table,
        f"SELECT {key}, {least} FROM (SELECT {columns} FROM social.{table.name} "  # noqa: S608
        f"UNION ALL SELECT {columns} FROM late_row) AS every GROUP BY {key} ORDER BY {key}",
        as_of,
    )


def _remember(engine: Engine, now: dict[str, Any], as_of: datetime) -> None:
    row = {**now, "until": as_of, "edition": EDITION}
    engine.offer("heard_offered", pa.Table.from_pylist([row], TIE_HEARD.schema))
    engine.derive(TIE_HEARD, "SELECT * FROM heard_offered", as_of)
