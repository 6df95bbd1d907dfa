"""Keeps the evidence of ties: who moved whom on which occasion, and who gave which; by what is new, or from nothing.

An occasion is kept once, with the first day on which it was told. That day is a minimum, so evidence added a day
at a time is the evidence made from all of history, whatever the order; nothing that is kept is read to add to it
but the occasions themselves. Where rows told before are missing now, or a refresh was broken off before it had made
ties of what it added, all is made anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from guanxi.influence.tables import TIE, TIE_GIVING, TIE_HEARD, TIE_MOVE
from guanxi.lake.engine import Engine
from guanxi.lake.freshness import freshness
from guanxi.lake.named import sql
from guanxi.lake.store import Lake
from guanxi.lake.table import LakeTable
from guanxi.records.databases import alias_of, raw

EDITION = 2
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
    """What became of the evidence: how many engagements it is of, and of whom anything new was told.

    ``influencers``, and the ``pairs`` among whom one moved the other, are None where all was made from nothing.
    """

    engagements: int
    influencers: pa.ChunkedArray | None
    pairs: pa.Table | None


def keep_evidence(engine: Engine, as_of: datetime, whole: bool = False) -> Kept:
    """The occasions are those of all engagements up to ``as_of``."""
    before, now = _heard(engine, as_of, whole)
    after = before.newest if before else -1
    news: list[pa.Table] = []
    for table, question, fresh, compared in _PARTS:
        if before is None:
            engine.derive(table, sql(_ROOM, question), as_of, until=as_of, after=after)
            continue
        engine.offer(fresh, engine.ask(sql(_ROOM, question), until=as_of, after=after))
        rows = engine.ask(sql(_ROOM, compared))
        _add(engine, table, rows, as_of)
        news.append(rows)
    _remember(engine, now)
    if before is None:
        return Kept(now.engagements, None, None)
    chunks = [chunk for rows in news for chunk in rows["influencer"].chunks]
    pairs = news[0].select(["influencer", "influenced"]).group_by(["influencer", "influenced"]).aggregate([])
    return Kept(now.engagements, pa.chunked_array(chunks, pa.int64()).unique(), pairs)


def _heard(engine: Engine, as_of: datetime, whole: bool) -> tuple[Heard | None, Heard]:
    """What the evidence knows, None where it cannot be added to; and what it is going to know."""
    before = None if whole else _remembered(engine, as_of)
    found = engine.ask(
        sql(_ROOM, "tie_heard"), newest=before.newest if before else -1, until=as_of
    ).to_pylist()[0]
    if before is not None and found["engagements"] != before.engagements:
        return _heard(engine, as_of, True)
    span = {"after": before.newest if before else -1, "newest": found["newest"]}
    told = engine.ask(sql(_ROOM, "tie_told"), **span)["engagements"][0].as_py()
    return before, Heard(found["newest"], (before.engagements if before else 0) + told, as_of)


def _remembered(engine: Engine, as_of: datetime) -> Heard | None:
    rows = engine.ask("SELECT newest, engagements, until, edition FROM social.tie_heard").to_pylist()
    if not rows or rows[0]["edition"] != EDITION or rows[0]["until"] > as_of or _broken_off():
        return None
    return Heard(rows[0]["newest"], rows[0]["engagements"], rows[0]["until"])


def _broken_off() -> bool:
    """Whether evidence is younger than ties: the last refresh did not end, and what was news to it is forgotten."""
    made = {one.table: one.made_at for one in freshness() if one.side is TIE.side}
    evidence = [made[table.name] for table in (TIE_MOVE, TIE_GIVING, TIE_HEARD) if table.name in made]
    return TIE.name not in made or made[TIE.name] < max(evidence, default=made[TIE.name])


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


def _remember(engine: Engine, now: Heard) -> None:
    row = {"newest": now.newest, "engagements": now.engagements, "until": now.until, "edition": EDITION}
    engine.offer("heard_offered", pa.Table.from_pylist([row], TIE_HEARD.schema))
    engine.derive(TIE_HEARD, "SELECT * FROM heard_offered", now.until)
