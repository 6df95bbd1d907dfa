"""Who will move whom: on a planted log, on the Higgs tweets where they are there, and by the command."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from guanxi.cli.influence import app
from guanxi.influence.edges import Log, read_log
from guanxi.influence.hindsight.predict import habit_prior, predict
from guanxi.influence.ties import Coded
from guanxi.vocabulary.reasons import Refused

DATA = Path(os.environ.get("GUANXI_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
HIGGS = DATA / "higgs" / "higgs-activity_time.txt.gz"


def _log(seed: int, loyal: float) -> Log:
    """Each of 400 people listens mostly to a few of 40 (``loyal`` of the time), else to whoever is loud."""
    rng = np.random.default_rng(seed)
    friends = rng.integers(0, 40, (400, 3))
    listener = rng.integers(0, 400, 12_000)
    loud = np.minimum(rng.geometric(0.08, 12_000) - 1, 39)
    friend = friends[listener, rng.integers(0, 3, 12_000)]
    speaker = np.where(rng.random(12_000) < loyal, friend, loud)
    return Log(Coded((speaker, listener + 1000), None), np.arange(12_000.0))


def test_where_pairs_are_loyal_what_is_learned_tells_whom_and_where_not_habit_does_as_well() -> None:
    loyal = predict(_log(1, 0.7), split=0.3)
    assert min(loyal.again["learned"], loyal.again["raw_count"]) > 0.7
    assert loyal.whom["learned"] > loyal.whom["degree"] + 0.05
    fickle = predict(_log(1, 0.0), split=0.3)
    assert fickle.prior > loyal.prior
    assert abs(fickle.whom["learned"] - fickle.whom["both_active"]) < 0.03


def test_scores_without_any_signal_tell_nothing() -> None:
    rng = np.random.default_rng(3)
    log = Log(Coded((rng.integers(0, 60, 9_000), rng.integers(100, 160, 9_000)), None), np.arange(9_000.0))
    found = predict(log, split=0.2)
    assert all(0.4 < auc < 0.6 for auc in found.again.values())


def test_the_weight_of_habit_is_that_which_the_counts_were_drawn_with() -> None:
    rng = np.random.default_rng(4)
    habit = rng.gamma(0.5, 0.2, 200_000)
    for prior in (0.5, 5.0):
        seen = rng.poisson(rng.gamma(prior * habit) / prior)
        there = seen > 0
        assert habit_prior(seen[there], habit[there]) == pytest.approx(prior, rel=0.3)


def test_a_log_that_is_too_short_or_cut_wrongly_is_refused() -> None:
    with pytest.raises(Refused, match="split_out_of_range"):
        predict(_log(1, 0.5), split=1.0)
    with pytest.raises(Refused, match="log_too_short"):
        predict(Log(Coded((np.array([1, 2]), np.array([3, 4])), None), np.arange(2.0)))


def test_the_command_maps_columns_and_prints_one_json_object(tmp_path: Path) -> None:
    path, log = tmp_path / "acts.csv", _log(2, 0.6)
    rows = zip(log.time.tolist(), log.influenced.tolist(), log.influencer.tolist(), strict=True)
    path.write_text("when,who,whose\n" + "".join(f"{t},p{v},p{u}\n" for t, v, u in rows))
    mapped = ["--influencer", "whose", "--influenced", "who", "--time", "when"]
    answer = CliRunner().invoke(app, ["predict", str(path), *mapped, "--json"])
    assert answer.exit_code == 0, answer.output
    found = json.loads(answer.stdout)
    assert found["learned_on"] + found["judged_on"] == 12_000
    assert set(found["again"]) == set(found["whom"])
    assert "AUC" in CliRunner().invoke(app, ["predict", str(path), *mapped]).stdout


@pytest.mark.skipif(not HIGGS.exists(), reason=f"the Higgs tweets are not at {HIGGS} (set GUANXI_HIGGS)")
def test_on_the_higgs_retweets_what_is_learned_tells_whom_better_than_the_simple_ways() -> None:
    found = predict(read_log(HIGGS, "2", "1", "3", "4", ["RT"]))
    assert found.best_whom.startswith("learned")
    for simple in ("degree", "pagerank", "influencer_active", "raw_count", "both_active"):
        assert found.whom["learned"] > found.whom[simple]
    assert found.again["learned"] > found.again["raw_count"] > 0.6
