"""Evidence of ties added a day at a time is the evidence made from all of history; chances against the truth."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from worlds import END, Block, block_of, told

from guanxi.influence.learning import decay
from guanxi.influence.learning.counting import all_counts
from guanxi.influence.learning.decay import day_weights, fading_on
from guanxi.influence.refresh import refresh_ties
from guanxi.influence.tables import TIE, TIE_GIVING, TIE_HEARD, TIE_LAW, TIE_MOVE
from guanxi.lake.engine import Engine
from guanxi.lake.named import sql
from guanxi.lake.store import Lake
from guanxi.records.databases import SOCIAL, transaction
from guanxi.social import tables as social
from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.progress import SILENT
from guanxi.vocabulary.reasons import Refused
from guanxi.world.brand import World

MARTS = [table.name for table in (TIE_MOVE, TIE_GIVING, TIE_HEARD, TIE_LAW, TIE)]


def _marts(engine: Engine) -> dict[str, pa.Table]:
    return {name: engine.ask(f"SELECT * FROM social.{name} ORDER BY ALL") for name in MARTS}


def _days(rows: pa.Table, rng: np.random.Generator) -> list[tuple[datetime, pa.Table]]:
    """The rows in order of hearing, one in fifty up to three days late, numbered so, cut into the last days."""
    moment = rows["happened_at"].cast(pa.int64()).to_numpy()
    late = np.where(rng.random(len(moment)) < 0.02, rng.integers(0, 3 * 86_400_000_000, len(moment)), 0)
    order = np.argsort(moment + late, kind="stable")
    heard = rows.take(pa.array(order)).set_column(0, "id", pa.array(np.arange(1, len(order) + 1)))
    when = (moment + late)[order]
    ends = [END - timedelta(days=days) for days in (12, 8, 3, 2, 1, 0)]
    cuts = np.searchsorted(when, [int(end.timestamp() * 1e6) for end in ends[:-1]]).tolist()
    starts, stops = [0, *cuts], [*cuts, len(order)]
    return [(end, heard.slice(a, b - a)) for end, a, b in zip(ends, starts, stops, strict=True)]


def test_a_day_at_a_time_gives_exactly_the_ties_of_all_history(engine: Engine, small: Block) -> None:
    anew = []
    for end, rows in _days(small.rows, np.random.default_rng(2)):
        told(rows)
        anew.append(refresh_ties(engine, end, SILENT).evidence_anew)
    by_day = _marts(engine)
    assert anew == [True] + [False] * 5
    assert by_day["tie"].num_rows > 300
    assert refresh_ties(engine, END, SILENT, whole=True).evidence_anew
    assert _marts(engine) == by_day


def test_faded_evidence_by_what_is_new_is_that_of_all_history(engine: Engine, small: Block) -> None:
    """A half-life of 40 days takes a step every five; between two steps only ties of who has news are looked at."""
    moment, anew, heard = small.rows["happened_at"].cast(pa.int64()).to_numpy(), [], 0
    for hours in (26, 24, 18, 12):
        until = END - timedelta(hours=hours)
        rows = int(np.searchsorted(moment, int(until.timestamp() * 1e6), side="right"))
        told(small.rows.slice(heard, rows - heard))
        report, heard = refresh_ties(engine, until, SILENT, half_life_days=40), rows
        anew.append((report.evidence_anew, report.chances_anew))
    assert anew == [(True, True), (False, True), (False, False), (False, False)]
    by_news = _marts(engine)["tie"]
    everybody = by_news.group_by("influencer").aggregate([]).column("influencer")
    engine.offer("affected", pa.table({"influencer": everybody}))
    engine.offer("touched_pair", by_news.select(["influencer", "influenced"]))
    counted = engine.ask(sql("guanxi.influence", "tie_counts_day"))
    days = engine.ask(sql("guanxi.influence", "tie_days"))["day"]
    assert counted == all_counts(engine, days, fading_on(until.date(), 40))
    assert counted["successes_decayed"].to_numpy().sum() < 900 * counted["successes"].to_numpy().sum()
    refresh_ties(engine, until, SILENT, whole=True, half_life_days=40)
    assert _marts(engine)["tie"] == by_news
    assert refresh_ties(engine, until, SILENT).chances_anew


def test_half_lives_that_are_none_are_refused(engine: Engine) -> None:
    for days in (0, -3, 4_000):
        with pytest.raises(Refused, match="half_life_out_of_range"):
            refresh_ties(engine, END, SILENT, half_life_days=days)


def test_what_lies_ahead_of_the_moment_is_kept_for_later_and_a_step_back_makes_all_anew(
    engine: Engine, small: Block
) -> None:
    told(small.rows)
    middle = END - timedelta(days=5)
    early = refresh_ties(engine, middle, SILENT).ties
    assert not refresh_ties(engine, END, SILENT).evidence_anew
    later = _marts(engine)
    assert later["tie"].num_rows > early
    assert refresh_ties(engine, middle, SILENT).evidence_anew
    assert _marts(engine)["tie"].num_rows == early
    refresh_ties(engine, END, SILENT)
    assert _marts(engine) == later


def test_where_told_rows_are_gone_all_is_made_anew(engine: Engine, small: Block) -> None:
    told(small.rows)
    refresh_ties(engine, END, SILENT)
    with transaction(SOCIAL) as connection:
        kept = small.rows.filter(pa.compute.greater(small.rows["fan"], 500))
        Lake(Side.SOCIAL).swap(connection, social.ENGAGEMENT, kept)
    assert refresh_ties(engine, END, SILENT).evidence_anew
    ties = _marts(engine)["tie"]
    assert min(ties["influenced"].to_pylist()) > 500


def test_a_share_is_one_occasion_and_passing_it_on_is_no_other(engine: Engine) -> None:
    day = END - timedelta(days=1)

    def row(number: int, fan: int, kind: str, token: str, through: int | None = None) -> dict[str, object]:
        at = day + timedelta(minutes=number)
        return {"id": number, "fan": fan, "account": 1, "platform": "echo", "kind": kind, "content": 7,
                "through": through, "reference": token, "happened_at": at, "day": at.date()}  # fmt: skip

    heard = [
        row(1, 1, "shared", "a"), row(2, 1, "shared", "b"), row(3, 2, "opened", "a", 1), row(4, 2, "opened", "a", 1),
        row(5, 2, "reshared", "c", 1), row(6, 3, "opened", "c", 2), row(7, 2, "opened", "b", 1),
    ]  # fmt: skip
    told(pa.Table.from_pylist(heard, social.ENGAGEMENT.schema))
    refresh_ties(engine, END, SILENT)
    rows = engine.ask("SELECT influencer, influenced, successes, opportunities FROM social.tie").to_pylist()
    assert [tuple(row.values()) for row in rows] == [(1, 2, 2, 2), (2, 3, 1, 1)]


def test_evidence_that_decays_counts_less_the_older_it_is_and_keeps_its_counts(engine: Engine) -> None:
    """Fan 1 shares daily; 2 opened the first twelve shares, 3 the last twelve, 4 every other one."""
    rows: list[dict[str, object]] = []
    for day in range(40):
        at = END - timedelta(days=40 - day)
        movers = [fan for fan, moved in ((2, day < 12), (3, day >= 28), (4, day % 2)) if moved]
        for fan, kind, through in [(1, "shared", None), *((fan, "opened", 1) for fan in movers)]:
            rows.append({"id": len(rows) + 1, "fan": fan, "account": 1, "platform": "echo", "kind": kind,
                         "content": day, "through": through, "happened_at": at, "day": at.date()})  # fmt: skip
    told(pa.Table.from_pylist(rows, social.ENGAGEMENT.schema))
    refresh_ties(engine, END, SILENT)
    plain = _marts(engine)["tie"]
    refresh_ties(engine, END, SILENT, half_life_days=10)
    decayed = _marts(engine)["tie"]
    assert plain["successes"] == decayed["successes"]
    assert plain["probability"][0] == plain["probability"][1]
    assert decayed["probability"][1].as_py() > 1.5 * decayed["probability"][0].as_py()
    weights = day_weights([date(2026, 1, 1), date(2026, 1, 21)], fading_on(date(2026, 1, 31), 10))
    assert weights["thousandths"].to_pylist() == [decay.WHOLE // 8, decay.WHOLE // 2]


def test_chances_follow_the_worlds_true_ties_and_nine_in_ten_intervals_hold_them(engine: Engine) -> None:
    block = block_of(World(20_000, 7, END))
    told(block.rows)
    refresh_ties(engine, END, SILENT)
    ties = _marts(engine)["tie"]
    farm = pa.array(np.flatnonzero(block.fans.farm >= 0))  # their rings have no true ties, and are screened
    for end in ("influencer", "influenced"):
        ties = ties.filter(pa.compute.invert(pa.compute.is_in(ties[end], farm)))
    u, v, opportunities = (ties[c].to_numpy() for c in ("influencer", "influenced", "opportunities"))
    size = len(block.fans.account)
    key = block.bonds.influencer * size + block.bonds.influenced
    place = np.minimum(np.searchsorted(key, u * size + v), len(key) - 1)
    real = key[place] == u * size + v
    truth = block.bonds.probability[place]
    low, high, chance = (ties[c].to_numpy() for c in ("low", "high", "probability"))
    assert real.all()
    assert 0.88 <= np.mean((low <= truth) & (truth <= high)) <= 0.92
    often = opportunities >= 5
    found = np.corrcoef(*(np.argsort(np.argsort(x[often])) for x in (chance, truth)))[0, 1]
    raw = np.corrcoef(
        *(np.argsort(np.argsort(x[often])) for x in (ties["successes"].to_numpy() / opportunities, truth))
    )[0, 1]
    assert found >= 0.83
    assert found > raw + 0.02
