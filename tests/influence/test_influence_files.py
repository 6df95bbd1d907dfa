"""Edges and logs from files, back-tests, and the commands over them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from guanxi.cli.influence import app
from guanxi.influence.edges import read_edges, read_log
from guanxi.influence.hindsight.backtest import backtest
from guanxi.influence.seeds import Within
from guanxi.influence.terms import Asked
from guanxi.vocabulary.reasons import Refused

ROWS = [(1, 2, 0.5), (1, 3, 0.25), (3, 2, 1.0)]


@pytest.mark.parametrize(
    "text",
    [
        "influencer,influenced,probability\n1,2,0.5\n1,3,0.25\n3,2,1\n",
        "# of ours\n# FromNodeId ToNodeId\nsource\ttarget\tp\n1\t2\t0.5\n1\t3\t0.25\n3\t2\t1\n",
        "1 2 0.5\n1 3 0.25\n3 2 1\n",
        "% matrix\n1   2  0.5\n1   3  0.25\n3   2  1\n",
        "3 3\n1 2 0.5\n1 3 0.25\n3 2 1\n",
        "1 2 0.5\n1 3 0.25\n3 2 1",
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_edges_are_read_from_whatever_delimits_them(tmp_path: Path, text: str, packed: bool) -> None:
    path = tmp_path / ("edges.txt.gz" if packed else "edges.txt")
    path.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    ties = read_edges(path, probability="3")
    assert list(zip(*[c.tolist() for c in ties.ids.columns], ties.probability, strict=True)) == ROWS


def test_a_first_row_that_counts_the_rest_is_no_tie_and_undirected_rows_go_both_ways(tmp_path: Path) -> None:
    path = tmp_path / "hep.txt"
    path.write_text("9 10\n0 1\n2 3\n1 8\n" + "0 1\n" * 7)
    ties = read_edges(path, undirected=True)
    assert sorted(set(zip(*[c.tolist() for c in ties.ids.columns], strict=True))) == [
        (0, 1),
        (1, 0),
        (1, 8),
        (2, 3),
        (3, 2),
        (8, 1),
    ]
    for rows in ("3 3\n0 1\n2 3\n1 8\n", "3 2\n1 2\n1 3\n", "9 3\n0 1\n2 3\n1 8\n", "2 1\n1 0\n"):
        path.write_text(rows)
        assert len(read_edges(path)) == rows.count("\n")


def test_edges_are_read_from_parquet_and_named_columns(tmp_path: Path) -> None:
    path = tmp_path / "edges.parquet"
    pq.write_table(pa.table({"a": ["x", "y"], "b": ["y", "z"], "p": [0.1, 0.2]}), path)
    ties = read_edges(path, "a", "b", "p")
    assert [ties.ids.decoded(c) for c in ties.ids.columns] == [["x", "y"], ["y", "z"]]
    with pytest.raises(Refused, match="column_missing"):
        read_edges(path, "nobody")


@pytest.mark.parametrize("text", ["", "# nothing\n", "a,b\n1,2,3\n"])
def test_a_file_without_ties_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "edges.csv"
    path.write_text(text)
    with pytest.raises(Refused):
        read_edges(path)


def _log(tmp_path: Path) -> Path:
    """Hub 1 moves many early and late; hub 2 many early only; 3 late only."""
    rng = np.random.default_rng(1)
    rows = [(1, 100 + i, i) for i in range(60)] + [(2, 300 + i, i) for i in range(80)]
    rows += [(1, 500 + i, 200 + i) for i in range(50)] + [(3, 600 + i, 200 + i) for i in range(43)]
    rows += [(int(a), int(b), 50) for a, b in rng.integers(700, 760, (20, 2)) if a != b]
    path = tmp_path / "log.csv"
    path.write_text("influencer,influenced,time,kind\n" + "".join(f"{a},{b},{t},RT\n" for a, b, t in rows))
    return path


def test_a_back_test_judges_each_way_of_choosing_by_what_came_later(tmp_path: Path) -> None:
    found = backtest(read_log(_log(tmp_path)), k=1)
    assert found.chosen["most_movers"] == [2]
    assert found.chosen["hindsight"] == [1]
    assert found.reach["most_movers"] < 0.1
    assert 0.4 < found.reach["hindsight"] <= 1
    assert found.learned_on + found.judged_on == len(read_log(_log(tmp_path)).time)


def test_a_back_test_counts_whom_the_choice_counts_and_takes_whom_it_may_take(tmp_path: Path) -> None:
    log = read_log(_log(tmp_path))
    freely = backtest(log, k=1)
    without = backtest(log, k=1, asked=Asked(exclude=[2]))
    assert (freely.chosen["most_movers"], without.chosen["most_movers"]) == ([2], [1])
    assert not any(2 in chosen for chosen in without.chosen.values())
    assert without.reach["most_movers"] == without.reach["hindsight"] == freely.reach["hindsight"]
    counted = backtest(log, k=1, asked=Asked(targets={i: 1.0 for i in range(600, 640)}))
    assert counted.chosen["hindsight"] == [3]
    assert (counted.movers, counted.reach["hindsight"]) == (40, 1.0)
    assert counted.reach["most_movers"] == 0.0
    worth = backtest(log, k=1, asked=Asked(targets={500: 9.0, **{i: 0.1 for i in range(600, 643)}}))
    assert worth.chosen["hindsight"] == [1]
    assert worth.reach["hindsight"] == pytest.approx(9 / 13.3)


def test_a_back_test_keeps_to_budgets_and_caps_and_leaves_out_what_ambassadors_move(tmp_path: Path) -> None:
    log = read_log(_log(tmp_path))
    everyone: dict[object, float] = dict.fromkeys(range(1000), 5.0)
    dear = backtest(log, k=2, asked=Asked(within=Within(costs=everyone | {1: 2.0, 2: 3.0}, budget=4.0)))
    assert all(sum((everyone | {1: 2.0, 2: 3.0})[int(str(p))] for p in c) <= 4 for c in dear.chosen.values())
    assert dear.chosen["greedy_cover"] == [2]
    capped = backtest(log, k=3, asked=Asked(within=Within(groups={1: 7, 2: 7}, group_max=1)))
    assert all(len({1, 2} & set(chosen)) <= 1 for chosen in capped.chosen.values())
    active = backtest(log, k=1, asked=Asked(active=[1]))
    assert active.chosen["hindsight"] == [3]
    assert active.movers == backtest(log, k=1).movers - 50
    with pytest.raises(Refused, match="nobody_counted_moved_later"):
        backtest(log, k=1, asked=Asked(targets={100: 1.0}))


def test_the_command_chooses_for_the_worst_of_some_worlds(tmp_path: Path) -> None:
    edges = tmp_path / "edges.csv"
    rows = [f"1,{100 + i},0.6,0.02,0.98\n" for i in range(20)] + [
        f"2,{200 + i},0.5,0.48,0.52\n" for i in range(20)
    ]
    edges.write_text("influencer,influenced,probability,low,high\n" + "".join(rows))
    asked = ["seeds", str(edges), "--k", "1", "--probability", "probability", "--json"]
    plain, robust = (
        json.loads(CliRunner().invoke(app, [*asked, *more]).stdout) for more in ([], ["--robust", "9"])
    )
    assert (plain["seeds"], robust["seeds"]) == ([1], [2])
    assert robust["worst"]["worlds"] == 10
    assert robust["worst"]["plain"] < robust["worst"]["spread"]
    wrong = CliRunner().invoke(app, ["seeds", str(edges), "--robust", "9"])
    assert isinstance(wrong.exception, Refused)


def test_the_commands_print_one_json_object(tmp_path: Path) -> None:
    log = str(_log(tmp_path))
    run = CliRunner().invoke
    seeds = run(app, ["seeds", log, "--k", "2", "--json"])
    assert seeds.exit_code == 0
    answer = json.loads(seeds.stdout)
    assert set(answer["seeds"]) <= {1, 2}
    assert answer["guarantee"] > 0.53
    judged = json.loads(run(app, ["backtest", log, "--k", "2", "--only", "RT", "--json"]).stdout)
    assert judged["best"] in judged["reach"]
    out = tmp_path / "ties.parquet"
    learned = json.loads(run(app, ["learn", log, "--out", str(out), "--json"]).stdout)
    assert pq.read_table(out).num_rows == learned["ties"]
    assert run(app, ["seeds", log]).exit_code == 0


def test_learned_chances_are_as_high_as_the_log_itself_says_and_say_what_faded(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    path = tmp_path / "seen-once.csv"
    rows = [f"{a},{1000 + b},{t}" for t, (a, b) in enumerate(rng.integers(0, 300, (6_000, 2)).tolist())]
    path.write_text("influencer,influenced,time\n" + "\n".join(rows) + "\n")
    log, out = read_log(path), tmp_path / "ties.parquet"
    half = {
        (a, b) for a, b in zip(log.influencer[:3_000].tolist(), log.influenced[:3_000].tolist(), strict=True)
    }
    late = {
        (a, b) for a, b in zip(log.influencer[3_000:].tolist(), log.influenced[3_000:].tolist(), strict=True)
    }

    def learned(*asked: str) -> dict[str, object]:
        answer: dict[str, object] = json.loads(
            CliRunner().invoke(app, ["learn", str(path), "--out", str(out), "--json", *asked]).stdout
        )
        return answer

    plain = learned("--half-life", "none")
    assert (plain["half_life"], plain["half_life_by"], plain["told"]) == (None, "option", [])
    ties = pq.read_table(out)
    assert np.mean(ties["probability"].to_numpy()) == pytest.approx(len(half & late) / len(half), rel=0.2)
    assert (ties["low"].to_numpy() <= ties["high"].to_numpy()).all()
    assert ties["seen"].to_numpy().sum() == 6_000
    said = learned("--half-life", "500")
    assert (said["half_life"], said["half_life_by"]) == (500.0, "option")
    assert learned() | {"seconds": 0, "peak_bytes": 0} == plain | {"seconds": 0, "peak_bytes": 0}
    told = learned("--half-life", "told")
    assert told["half_life_by"] == "log"
    assert len(told["told"]) == 8  # type: ignore[arg-type]
    assert "none: nothing fades" in CliRunner().invoke(app, ["learn", str(path)]).stdout
    wrong = CliRunner().invoke(app, ["learn", str(path), "--half-life", "soon"])
    assert isinstance(wrong.exception, Refused)
    assert wrong.exception.code == "option_unfit"


def test_seeds_are_chosen_within_a_budget_and_caps_given_as_files(tmp_path: Path) -> None:
    edges, costs, groups = (tmp_path / name for name in ("edges.csv", "costs.csv", "groups.csv"))
    edges.write_text("influencer,influenced\n" + "".join(f"{1 + i % 3},{10 + i}\n" for i in range(30)))
    costs.write_text("id,cost\n1,5\n2,1\n3,1\n")
    groups.write_text("id,group\n2,7\n3,7\n")
    limits = ["--costs", str(costs), "--budget", "4", "--groups", str(groups), "--group-max", "1"]
    said = CliRunner().invoke(app, ["seeds", str(edges), "--json", "--beyond", "0.02", *limits])
    answer = json.loads(said.stdout)
    assert len(answer["seeds"]) == 1
    assert answer["cost"] == 1
    assert answer["sure"] == 0
