"""Chances are a function of the log: a path of days, or of ticks, ends where a rebuild begins, to the last bit."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import END, Block, mirrored, told

from guanxi.influence.learning.laws import FIRST, law_day, milestone
from guanxi.influence.learning.occasions import keep_evidence
from guanxi.influence.learning.rates import chances, laws_of, ledger_of
from guanxi.influence.refresh import refresh_ties
from guanxi.influence.tables import SCREENED, TIE, TIE_LAW, TIE_MOVE
from guanxi.lake.engine import Engine
from guanxi.social import tables as social
from guanxi.vocabulary.progress import SILENT

DAY = 86_400_000_000


def _marts(engine: Engine) -> dict[str, pa.Table]:
    names = [table.name for table in (TIE_MOVE, SCREENED, TIE_LAW, TIE)]
    return {name: engine.ask(f"SELECT * FROM social.{name} ORDER BY ALL") for name in names}


def _law(engine: Engine) -> dict[str, object]:
    found: dict[str, object] = engine.ask("SELECT * FROM social.tie_law LIMIT 1").to_pylist()[0]
    return found


def _heard(rows: pa.Table, late: np.ndarray, ends: list[datetime]) -> list[pa.Table]:
    """What is newly heard by each of these moments, numbered in the order of hearing."""
    at = rows["happened_at"].cast(pa.int64()).to_numpy() + late
    order = np.argsort(at, kind="stable")
    told = rows.take(pa.array(order)).set_column(0, "id", pa.array(np.arange(1, len(order) + 1)))
    stops = np.searchsorted(at[order], [int(end.timestamp() * 1e6) for end in ends]).tolist()
    return [told.slice(a, b - a) for a, b in zip([0, *stops], stops, strict=False)]


@given(st.lists(st.integers(1, 500), min_size=1, max_size=60))
@settings(max_examples=50)
def test_the_law_is_of_the_day_that_reached_the_last_milestone(engagements: list[int]) -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(len(engagements))]
    found, running = law_day(days, engagements), np.cumsum(engagements)
    if found is None:
        assert running[-1] < FIRST
        return
    place, reached = days.index(found), milestone(int(running[-1]))
    assert running[place] >= reached
    assert place == 0 or running[place - 1] < reached
    assert FIRST <= reached <= running[-1] < 1.25 * reached + 1
    # Where no milestone lies between, it is the same day whatever came after.
    assert all(law_day(days[:n], engagements[:n]) == found for n in range(place + 1, len(days) + 1))


@given(st.integers(0, 10_000), st.booleans())
@settings(max_examples=25, deadline=None)
def test_a_chance_is_to_the_last_bit_the_same_whoever_else_is_asked_about(seed: int, faded: bool) -> None:
    rng = np.random.default_rng(seed)
    influencer = np.sort(np.minimum(rng.zipf(1.6, 1_500), 400))
    given = np.where(influencer % 7 == 0, 0, (rng.geometric(0.02, 400))[influencer - 1])
    moved = np.minimum(rng.geometric(0.6, len(given)), np.where(given > 0, given, 50))
    part = rng.choice([0.125, 0.333, 0.5, 1.0], len(given)) if faded else np.ones(len(given))
    s, t = moved * part, np.where(given > 0, np.maximum(moved * part, given * 0.7 if faded else given), 0)
    laws = laws_of(ledger_of(influencer, s, t, (moved, given)))
    whole = chances(ledger_of(influencer, s, t, (moved, given)), laws)
    some = np.isin(influencer, rng.choice(np.unique(influencer), rng.integers(1, 30)))
    alone = chances(ledger_of(influencer[some], s[some], t[some], (moved[some], given[some])), laws)
    for name in ("probability", "low", "high"):
        assert (getattr(whole, name)[some] == getattr(alone, name)).all()


@pytest.mark.parametrize("half_life", [None, 24])
def test_each_day_of_a_path_is_the_rebuild_of_that_day(
    engine: Engine, small: Block, half_life: int | None
) -> None:
    ends = [END - timedelta(hours=hours) for hours in (104, 80, 68, 56, 32, 8)]
    by_day, anew = [], []
    for end, rows in zip(ends, _heard(small.rows, np.zeros(len(small.rows)), ends), strict=True):
        told(rows)
        anew.append(refresh_ties(engine, end, SILENT, half_life_days=half_life).chances_anew)
        by_day.append(_marts(engine))
    days = [marts["tie_law"]["day"][0].as_py() for marts in by_day]
    assert len(set(days)) >= 2
    assert not all(anew)
    mirrored(TIE_LAW, TIE_LAW.schema.empty_table())
    assert refresh_ties(engine, ends[-1], SILENT, half_life_days=half_life).chances_anew
    assert _marts(engine) == by_day[-1]
    for end, marts in list(zip(ends, by_day, strict=True))[2:5]:
        refresh_ties(engine, end, SILENT, whole=True, half_life_days=half_life)
        assert _marts(engine) == marts


def test_what_comes_late_is_learned_of_at_once(engine: Engine, small: Block) -> None:
    """One row in thirty comes up to fifteen days late, many of them from before the day of the law."""
    rng = np.random.default_rng(3)
    late = np.where(rng.random(len(small.rows)) < 0.03, rng.integers(0, 15 * DAY, len(small.rows)), 0)
    ends = [END - timedelta(hours=hours) for hours in (100, 60, 32, 28, 20, 16, 12, 0)]
    laws = []
    for end, rows in zip(ends, _heard(small.rows, late, ends), strict=True):
        told(rows)
        refresh_ties(engine, end, SILENT)
        laws.append((_law(engine)["day"], _law(engine)["basis"]))
    by_day = _marts(engine)
    refresh_ties(engine, END, SILENT, whole=True)
    assert _marts(engine) == by_day
    assert any(one[0] == other[0] and one[1] != other[1] for one, other in pairwise(laws))


def test_what_a_refresh_was_broken_off_in_is_not_forgotten(engine: Engine, small: Block) -> None:
    """Its evidence was added, its ties were not made; the next one has the same ``as_of``."""
    first, second = _heard(small.rows, np.zeros(len(small.rows)), [END - timedelta(days=2), END])
    told(first)
    refresh_ties(engine, END - timedelta(days=2), SILENT)
    told(second)
    keep_evidence(engine, END)
    assert refresh_ties(engine, END, SILENT).evidence_anew
    after = _marts(engine)
    assert not refresh_ties(engine, END, SILENT).evidence_anew
    refresh_ties(engine, END, SILENT, whole=True)
    assert _marts(engine) == after


def _row(
    number: int, at: datetime, fan: int, kind: str, through: int | None, content: int | None
) -> dict[str, object]:
    return {"id": number, "fan": fan, "account": 1, "platform": "echo", "kind": kind, "content": content,
            "through": through, "happened_at": at, "day": at.date()}  # fmt: skip


def _told(rows: list[dict[str, object]]) -> None:
    told(pa.Table.from_pylist(rows, social.ENGAGEMENT.schema))


def test_a_kind_of_ties_that_the_law_does_not_know_yet_is_learned_of_all(engine: Engine) -> None:
    """Replies that name neither content nor share come first on the third day."""
    begin = END - timedelta(days=5)
    _told([_row(n, begin + timedelta(minutes=n), 2, "opened", 1, n % 99) for n in range(1, 1_200)])
    refresh_ties(engine, begin + timedelta(days=2, hours=1), SILENT)
    assert not _law(engine)["is_filled"]
    for tick in (3, 6):
        at = begin + timedelta(days=2, hours=tick)
        _told([_row(2_000 + tick + n, at, 3 + tick + n, "replied", 3, None) for n in (0, 0, 1)])
        refresh_ties(engine, at, SILENT)
        by_tick = _marts(engine)
        refresh_ties(engine, at, SILENT, whole=True)
        assert _marts(engine) == by_tick
        assert _law(engine)["is_filled"]
    _told([_row(3_000 + n, at + timedelta(hours=1), 2, "opened", 1, 100 + n) for n in range(70)])
    refresh_ties(engine, begin + timedelta(days=3, hours=1), SILENT)
    assert not _law(engine)["is_filled"]


def test_on_the_first_day_the_law_is_of_all_that_was_told(engine: Engine) -> None:
    begin = END - timedelta(days=1)
    assert refresh_ties(engine, begin, SILENT).ties == 0
    for hour in (1, 2, 3):
        at = begin + timedelta(hours=hour)
        _told([_row(20 * hour + n, at, 2 + (n + hour) % 5, "opened", 1 + n % 2, n) for n in range(20)])
        refresh_ties(engine, at, SILENT)
    by_tick = _marts(engine)
    assert by_tick["tie"].num_rows > 5
    assert refresh_ties(engine, at, SILENT, whole=True).chances_anew
    assert _marts(engine) == by_tick
