"""How far own messages went: against a slow and plain account of the same, and where the truth is planted."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from guanxi.cli.influence import app
from guanxi.influence.edges import Log, read_log
from guanxi.influence.hindsight.backtest import backtest
from guanxi.influence.hindsight.farther import Far, Passing
from guanxi.influence.terms import Asked
from guanxi.influence.ties import Coded


def _passing(rows: list[tuple[int, int, float, int]], within: float, named: bool, n: int = 10) -> Passing:
    u, v, time, message = (np.array(column) for column in zip(*rows, strict=True))
    return Passing(n, u, v, time.astype(float), message if named else None, within, np.arange(n) / 2)


def test_a_message_goes_from_hand_to_hand_and_dies_when_nobody_passes_it_on_in_time() -> None:
    rows = [(0, 1, 0.0, 7), (1, 2, 1.0, 7), (2, 3, 2.0, 7), (3, 4, 9.0, 7), (5, 6, 9.5, 7)]
    assert _passing(rows, 2.0, named=False).far(np.array([0])) == Far(3, 3, 3, 3.0)
    assert _passing(rows, 10.0, named=False).far(np.array([0])) == Far(4, 4, 4, 5.0)
    assert _passing(rows, 10.0, named=False).far(np.array([0, 2])) == Far(4, 3, 2, 4.0)
    assert _passing(rows, 10.0, named=False).far(np.array([6])) == Far(0, 0, 0, 0.0)


def test_where_messages_are_named_another_one_is_not_theirs() -> None:
    rows = [(0, 1, 0.0, 7), (1, 2, 1.0, 8), (1, 3, 1.5, 7), (1, 3, 1.6, 7)]
    assert _passing(rows, 5.0, named=False).far(np.array([0])) == Far(4, 3, 2, 3.0)
    assert _passing(rows, 5.0, named=True).far(np.array([0])) == Far(3, 2, 2, 2.0)


@pytest.mark.parametrize("named", [False, True])
def test_it_is_what_a_plain_account_says(named: bool) -> None:
    rng = np.random.default_rng(8)
    for _ in range(20):
        rows = [
            (int(u), int((u + 1 + d) % 10), float(t), int(m))
            for u, d, m, t in zip(
                rng.integers(0, 10, 80),
                rng.integers(0, 9, 80),
                rng.integers(0, 3, 80),
                range(80),
                strict=True,
            )
        ]
        chosen = set(rng.choice(10, 2, replace=False).tolist())
        found = _passing(rows, 6.0, named).far(np.array(sorted(chosen)))
        assert found == _plainly(rows, chosen, 6.0, named)


def _plainly(rows: list[tuple[int, int, float, int]], chosen: set[int], within: float, named: bool) -> Far:
    held: dict[tuple[int, int], tuple[float, int]] = {}
    acts, people, hands = 0, set[int](), 0
    for u, v, time, message in rows:
        about = message if named else 0
        since, step = held.get((u, about), (-99.0, 0))
        if u in chosen:
            step = 0
        elif not step or time - since > within:
            continue
        acts, hands = acts + 1, max(hands, step + 1)
        if v not in chosen:
            people.add(v)
            held[v, about] = (time, step + 1)
    return Far(acts, len(people), hands, sum(people) / 2)


def test_the_backtest_says_so_of_every_method_on_any_columns(tmp_path: Path) -> None:
    """One is opened by many; another by one who is opened by many: directly they differ, in the end they don't."""
    lines = []
    for day in range(40):
        lines += [f"{day}.0,loud,fan{day % 9},m{day}", f"{day}.1,quiet,friend,q{day}"]
        lines += [f"{day}.2,friend,fan{(day + k) % 9},q{day}" for k in range(3)]
    path = tmp_path / "acts.csv"
    path.write_text("when,whose,who,what\n" + "\n".join(lines) + "\n")
    mapped = ["--influencer", "whose", "--influenced", "who", "--time", "when", "--message", "what"]
    answer = CliRunner().invoke(app, ["backtest", str(path), *mapped, "-k", "1", "--json"])
    assert answer.exit_code == 0, answer.output
    found = json.loads(answer.stdout)
    assert set(found["far"]) == set(found["reach"])
    log = read_log(path, "whose", "who", "when", message="what")
    assert log.message is not None
    late = log.part(slice(int(0.6 * len(log.time)), None))
    assert len(set(late.message.tolist())) == 32 if late.message is not None else False
    told = CliRunner().invoke(app, ["backtest", str(path), *mapped, "-k", "1", "--within", "0.5"]).stdout
    assert "own messages" in told
    assert backtest(log, k=1, within=0.5).within == 0.5
    assert found["far"][found["best_far"]]["hands"] <= 2


def test_how_far_counts_whom_the_choice_counts_and_nothing_of_what_the_active_moved() -> None:
    """Two movers with three later listeners each; only those of one count, or all but what an ambassador moved."""
    rows = [(1, 10 + i, float(i)) for i in range(6)] + [(2, 20 + i, i + 0.5) for i in range(5)]
    rows += [(1, 30 + i, 100.0 + i) for i in range(3)] + [(2, 40 + i, 100.5 + i) for i in range(3)]
    rows.sort(key=lambda row: row[2])
    u, v, time = (np.array(column) for column in zip(*rows, strict=True))
    log = Log(Coded((u.astype(np.int64), v.astype(np.int64)), None), time.astype(float))
    split = 11 / 17
    freely = backtest(log, 1, split)
    assert (freely.far["most_movers"].worth, freely.counted) == (3.0, 6.0)
    targets: dict[object, float] = {40: 2.0, 41: 2.0, 42: 0.5}
    asked = backtest(log, 1, split, asked=Asked(targets=targets, exclude=[1]))
    assert (asked.counted, asked.far["hindsight"].worth) == (4.5, 4.5)
    assert asked.far["most_movers"].people == 3
    beside = backtest(log, 1, split, asked=Asked(active=[2]))
    assert (beside.counted, beside.far["most_movers"].worth) == (3.0, 3.0)
    weighed = backtest(log, 1, split, asked=Asked(targets=targets))
    assert (weighed.far["most_movers"].people, weighed.far["most_movers"].worth) == (3, 0.0)
