"""What a share farm does teaches neither the law of ties nor likeness; whom a person clears counts again."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from worlds import END, Block, block_of, contents, fans_of, mirrored, told

from guanxi.influence.likeness.refresh import refresh_likeness
from guanxi.influence.refresh import refresh_ties
from guanxi.influence.screening.actions import clear_fan, withdraw_clearing
from guanxi.influence.screening.queries import screened_count
from guanxi.lake.engine import Engine
from guanxi.lake.store import Lake
from guanxi.records.actor import SYSTEM
from guanxi.records.databases import SOCIAL, transaction
from guanxi.social import tables as social
from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.progress import SILENT
from guanxi.world.brand import World


@pytest.fixture(scope="module")
def block() -> Block:
    return block_of(World(6_000, 5, END))


def _farm(block: Block) -> list[int]:
    found: list[int] = np.flatnonzero(block.fans.farm >= 0).tolist()
    return found


def _liking(rows: pa.Table, farm: list[int]) -> pa.Table:
    """Every third time the farm likes what its own shared instead of opening it: that looks moved, and names nobody."""
    opened = pc.and_(pc.equal(rows["kind"], "opened"), pc.is_in(rows["fan"], pa.array(farm)))
    third = pc.and_(opened, pa.array(np.arange(len(rows)) % 3 == 0))
    return _set(rows, third, "liked")


def _without(rows: pa.Table, farm: list[int]) -> pa.Table:
    """As many rows on the same days; the farm's accounts only came to follow."""
    ends = [pc.is_in(rows[end], pa.array(farm)) for end in ("fan", "through")]
    return _set(rows, pc.or_(*ends), "followed")


def _set(rows: pa.Table, which: pa.ChunkedArray, kind: str) -> pa.Table:
    for name, value in (("kind", kind), ("through", None), ("reference", None)):
        column = pc.if_else(which, pa.scalar(value, rows.schema.field(name).type), rows[name])
        rows = rows.set_column(rows.column_names.index(name), rows.schema.field(name), column)
    return rows


def _swapped(rows: pa.Table) -> None:
    with transaction(SOCIAL) as connection:
        Lake(Side.SOCIAL).swap(connection, social.ENGAGEMENT, rows)


def _learned(engine: Engine, whole: bool = False) -> tuple[pa.Table, pa.Table, pa.Table]:
    """The law, likeness, and the ties with no end in a farm."""
    refresh_ties(engine, END, SILENT, whole=whole)
    refresh_likeness(engine, END)
    law = engine.ask(
        "SELECT counted, place, strength, share, truncated FROM social.tie_law ORDER BY counted, place"
    )
    return (
        law,
        engine.ask("SELECT * FROM social.likeness ORDER BY platform"),
        engine.ask("SELECT * FROM social.tie"),
    )


def test_with_a_farm_or_without_it_the_same_is_learned(engine: Engine, block: Block) -> None:
    mirrored(social.FAN, fans_of(block))
    mirrored(social.CONTENT, contents(block.world))
    farm = _farm(block)
    rows = _liking(block.rows, farm)
    told(rows)
    law, likeness, ties = _learned(engine)
    assert screened_count(SYSTEM, engine) == len(farm) > 20
    for fan in farm:
        clear_fan(SYSTEM, fan, "whoever believes it", END)
    assert screened_count(SYSTEM, engine) == 0
    fooled_law, fooled_likeness, _ = _learned(engine)
    _swapped(_without(rows, farm))
    true_law, true_likeness, true_ties = _learned(engine, whole=True)
    assert law == true_law
    assert likeness == true_likeness
    assert fooled_law != true_law
    assert fooled_likeness["share"][0].as_py() < 0.8 < true_likeness["share"][0].as_py()
    ends = [pc.is_in(ties[end], pa.array(farm)) for end in ("influencer", "influenced")]
    assert ties.filter(pc.invert(pc.or_(*ends))) == true_ties


def test_a_club_that_a_person_cleared_teaches_the_law_again_from_the_next_round_on(
    engine: Engine, block: Block
) -> None:
    club = np.flatnonzero(block.fans.farm == 0).tolist()
    told(block.rows)
    before = _learned(engine)[0]
    for fan in club:
        clear_fan(SYSTEM, fan, "our own club", END)
    assert refresh_ties(engine, END, SILENT).chances_anew
    cleared, ties = _learned(engine)[0], engine.ask("SELECT * FROM social.tie")
    assert not refresh_ties(engine, END, SILENT).chances_anew
    assert cleared != before
    refresh_ties(engine, END, SILENT, whole=True)
    assert engine.ask("SELECT * FROM social.tie") == ties
    for fan in club:
        withdraw_clearing(SYSTEM, fan)
    assert _learned(engine)[0] == before


def test_a_farm_that_began_after_the_day_of_the_law_changes_no_chance_of_others(
    engine: Engine, block: Block
) -> None:
    """Whoever was in no tie yet by then is in none of what the law is of."""
    told(block.rows.filter(pc.invert(pc.is_in(block.rows["fan"], pa.array(_farm(block))))))
    refresh_ties(engine, END + timedelta(hours=1), SILENT)
    ring, at = range(90_001, 90_012), END + timedelta(hours=2)
    rows = [_row(fan, None, "shared", at) for fan in ring]
    rows += [
        _row(one, fan, "opened", at + timedelta(seconds=9)) for fan in ring for one in ring if one != fan
    ]
    news = [row | {"id": 10_000_000 + n} for n, row in enumerate(rows)]
    told(pa.Table.from_pylist(news, social.ENGAGEMENT.schema))
    report = refresh_ties(engine, at + timedelta(hours=1), SILENT)
    assert screened_count(SYSTEM, engine) == len(ring)
    assert not report.chances_anew


def _row(fan: int, through: int | None, kind: str, at: datetime) -> dict[str, object]:
    return {"fan": fan, "account": 1, "platform": "echo", "kind": kind, "content": 5, "through": through,
            "reference": f"ring{through or fan}", "happened_at": at, "day": at.date()}  # fmt: skip
