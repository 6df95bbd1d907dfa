"""`guanxi.influence` alone: whatever holds columns, no Django, one stated rule for each odd thing."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pyarrow as pa
import pytest

from guanxi.influence.edges import as_log
from guanxi.influence.hindsight.backtest import backtest, cut_of
from guanxi.influence.hindsight.fading import TOLD
from guanxi.influence.hindsight.predict import predict
from guanxi.influence.logged import learn_ties
from guanxi.influence.seeds import Within, choose_seeds, kept_for
from guanxi.influence.ties import Brought
from guanxi.influence.whatif import reach
from guanxi.vocabulary.reasons import Refused

ROWS = [("ann", "bo", 0.5), ("ann", "王芳", 0.25), ("cid", "bo", 1.0)]
COLUMNS = tuple(zip(*ROWS, strict=True))
TABLE = pa.table(dict(zip(("influencer", "influenced", "probability"), COLUMNS, strict=True)))


class OfAnotherLibrary:
    """A table that is not Arrow's own but speaks its interface, as those of pandas and polars do."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return TABLE.__arrow_c_stream__(requested_schema)


def test_it_is_used_without_django() -> None:
    rooms = "seeds logged whatif hindsight.backtest hindsight.predict learning.rates"
    asked = [f"import guanxi.influence.{room}" for room in rooms.split()]
    code = "; ".join([*asked, "import sys", "print([m for m in sys.modules if m.split('.')[0] == 'django'])"])
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "brought",
    [
        ROWS,
        COLUMNS,
        np.array(ROWS, object),
        TABLE,
        TABLE.to_batches()[0],
        OfAnotherLibrary(),
        tuple(pa.chunked_array([pa.array(column)]) for column in COLUMNS),
    ],
)
def test_ties_may_be_rows_columns_or_tables(brought: Brought) -> None:
    found = choose_seeds(brought, 2, seed=1)
    assert found.seeds == choose_seeds(TABLE, 2, seed=1).seeds
    assert found.ties == 3


def test_an_array_of_two_columns_is_ties_without_chances() -> None:
    pairs = np.array([[1, 2], [1, 3], [4, 5]])
    assert choose_seeds(pairs, 1, seed=1).seeds == [1]
    assert choose_seeds(pairs.astype(float), 1, seed=1).seeds == [1]


@pytest.mark.parametrize(
    ("brought", "code"),
    [
        ([(1, 2), (3,)], "columns_unfit"),
        (np.arange(12).reshape(3, 4), "columns_unfit"),
        (([1, 2],), "columns_unfit"),
        ([], "graph_empty"),
        (7, "columns_unfit"),
        (pa.table({"source": [1], "target": [2]}), "column_missing"),
        (([1, 2], [3]), "ties_unequal_columns"),
        (([1, None], [2, 3]), "id_missing"),
        (([1.0, np.nan], [2, 3]), "id_missing"),
        ((["a", ""], ["b", "c"]), "id_missing"),
        (([1.5], [2]), "id_unfit"),
        (([object()], [2]), "id_unfit"),
        (([b"\xff"], ["a"]), "id_unfit"),
        (([1], [2], ["high"]), "number_unreadable"),
        (([1], [2], [None]), "probability_outside_0_1"),
        (([1], [2], [np.nan]), "probability_outside_0_1"),
        (([1], [2], [[0.5]]), "ties_unequal_columns"),
    ],
)
def test_what_cannot_be_ties_is_refused(brought: Brought, code: str) -> None:
    with pytest.raises(Refused) as refused:
        choose_seeds(brought, 1)
    assert refused.value.code == code


def test_ids_of_every_kind_stay_apart_and_come_back_as_they_were() -> None:
    long = [2**64 - 1, 2**64 - 2]
    ties = (pa.array(long, pa.uint64()), pa.array([1, 2], pa.uint64()))
    assert set(choose_seeds(ties, 2, seed=1).seeds) == set(map(str, long))
    assert choose_seeds(([-(2**63), -(2**63)], [5, 6]), 1, seed=1).seeds == [str(-(2**63))]
    assert choose_seeds(([1, 1, "ann"], [2, 3, 4]), 1, seed=1).seeds == ["1"]
    words = pa.array(["x", "x"]).dictionary_encode(), pa.array(["y", "z"], pa.large_string())
    assert choose_seeds(words, 1, seed=1).seeds == ["x"]


def test_who_is_in_no_tie_is_nobody_even_where_ids_are_negative() -> None:
    ties = ([-1, -1, 4], [2, 3, 5])
    for stranger in ("nobody", "001", 10**30, -(10**30), "１"):
        assert choose_seeds(ties, 1, seed=1, exclude=[stranger]).seeds == [-1]
        priced: dict[object, float] = {-1: 1.0, stranger: 9.0, 4: 1.0}
        assert choose_seeds(ties, 1, seed=1, within=Within(priced, 1.0)).seeds == [-1]


def test_asking_for_everybody_gives_everybody_and_else_nobody_who_adds_nothing() -> None:
    star = ([1] * 9, list(range(2, 11)))
    assert choose_seeds(star, 5, seed=1).seeds == [1]
    everyone = choose_seeds(star, 99, seed=1)
    assert sorted(map(int, map(str, everyone.seeds))) == list(range(1, 11))
    assert (everyone.seeds[0], everyone.marginal[1:], everyone.high) == (1, [0.0] * 9, 10.0)
    assert everyone.spread == pytest.approx(sum(everyone.marginal))
    without = choose_seeds(star, 99, seed=1, exclude=[2, 3])
    assert len(without.seeds) == 8


def test_others_are_tried_at_once_whatever_their_ids() -> None:
    star = [("ann", f"fan {i:02}") for i in range(8)] + [("bo", f"fan {i:02}") for i in range(6, 20)]
    numbered = [(1 if one == "ann" else 2, 100 + int(other[-2:])) for one, other in star]
    named, by_number = kept_for(star, seed=3), kept_for(numbered, seed=3)
    tried = reach(named, ["bo", "ann", "nobody"])
    assert tried == reach(by_number, [2, 1, 3])
    assert tried.adds[0] == pytest.approx(14, abs=0.5)
    assert tried.adds[1] == pytest.approx(7.5, abs=0.5)
    assert tried.adds[2] == 0
    assert tried.low <= tried.spread == pytest.approx(21.5, abs=0.1)


def test_a_budget_buys_what_sums_up_to_it_in_decimals() -> None:
    ties = ([1, 2, 3, 4], [11, 12, 13, 14], [1.0] * 4)
    costs: dict[object, float] = dict.fromkeys((1, 2, 3, 4), 0.1)
    assert len(choose_seeds(ties, 4, seed=1, within=Within(costs, 0.3)).seeds) == 3


@pytest.mark.parametrize("seed", [-1, 2**63])
def test_a_seed_is_a_number_that_chance_can_begin_at(seed: int) -> None:
    log = ([1, 2] * 9, [3, 4] * 9, range(18))
    for asked in (choose_seeds, backtest, predict):
        with pytest.raises(Refused, match="seed_out_of_range"):
            asked((log[0], log[1]) if asked is choose_seeds else log, seed=seed)


def _log(rows: int = 600) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(8)
    return rng.zipf(1.6, rows) % 30, rng.integers(100, 140, rows), np.arange(rows)


def test_a_log_may_be_columns_or_a_table_in_any_order_with_times_of_any_kind() -> None:
    influencer, influenced, time = _log()
    order = np.random.default_rng(1).permutation(len(time))
    moments = (1_700_000_000 + time).astype("datetime64[s]")
    plain = backtest((influencer, influenced, time), 3, seed=1)
    table = pa.table({"influencer": influencer, "influenced": influenced, "time": moments}).take(
        pa.array(order)
    )
    assert backtest(table, 3, seed=1) == plain
    assert predict(table, seed=1) == predict((influencer, influenced, time), seed=1)
    zoned = [f"{one}{'Z' if i % 2 else '+00:00'}" for i, one in enumerate(moments.astype(str))]
    assert as_log((influencer, influenced, zoned)).time.tolist() == as_log(table).time.tolist()


def test_ties_of_a_log_are_learned_without_fading_unless_that_is_asked_for() -> None:
    log = _log()
    plain, told = learn_ties(log), learn_ties(log, TOLD)
    assert plain.fading.half_life is None
    assert plain.table.column_names == ["influencer", "influenced", "seen", "probability", "low", "high"]
    assert plain.table["seen"].to_numpy().sum() == len(log[0])
    assert len(told.fading.told) == 8
    assert (
        learn_ties(log, 50.0).table["probability"].to_numpy().sum()
        != plain.table["probability"].to_numpy().sum()
    )
    assert choose_seeds(plain.table, 3, seed=1).guarantee > 0.5


def test_learned_chances_sum_up_to_what_comes_in_as_many_rows_again_where_nothing_changes() -> None:
    rng = np.random.default_rng(4)
    habit = rng.gamma(0.15, 1, 40_000)
    pair = rng.choice(40_000, 60_000, p=habit / habit.sum())
    early = learn_ties((pair[:30_000] // 200, 1_000 + pair[:30_000] % 200, np.arange(30_000)))
    came = np.isin(np.unique(pair[:30_000]), pair[30_000:]).sum()
    assert early.table["probability"].to_numpy().sum() == pytest.approx(came, rel=0.15)


def test_a_log_is_cut_where_a_new_moment_begins() -> None:
    days = np.repeat([0, 1, 2, 3], [10, 50, 20, 20])
    log = as_log((np.arange(100) % 7, 50 + np.arange(100) % 31, days))
    assert [cut_of(log, split) for split in (0.01, 0.3, 0.4, 0.6, 0.75, 0.99)] == [10, 10, 60, 60, 80, 80]
    unlike = as_log((np.arange(100) % 7, 50 + np.arange(100) % 31, np.arange(100)))
    assert [cut_of(unlike, split) for split in (0.001, 0.6, 0.999)] == [1, 60, 99]
    still = as_log((np.arange(100) % 7, 50 + np.arange(100) % 31, np.zeros(100)))
    with pytest.raises(Refused, match="one moment"):
        cut_of(still, 0.6)


@pytest.mark.parametrize(
    ("log", "code"),
    [
        (([1, 2], [1, 2], [0, 1]), "log_empty"),
        (([1, 2], [3, 4]), "columns_unfit"),
        (([1, 2], [3, 4], [0]), "ties_unequal_columns"),
        (([1, 2], [3, 4], [0, None]), "time_unreadable"),
        (([1, 2], [3, 4], ["2026-01-01", "soon"]), "time_unreadable"),
    ],
)
def test_what_cannot_be_a_log_is_refused(log: Brought, code: str) -> None:
    with pytest.raises(Refused) as refused:
        learn_ties(log)
    assert refused.value.code == code
