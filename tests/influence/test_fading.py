"""Whether evidence fades is told by the part of a log that may be seen, and by nothing after it."""

from __future__ import annotations

import numpy as np
import pytest

from guanxi.influence.edges import Log
from guanxi.influence.hindsight.backtest import backtest
from guanxi.influence.hindsight.fading import Known, Told, fading_of, fading_said
from guanxi.influence.terms import free
from guanxi.influence.ties import Coded
from guanxi.vocabulary.reasons import Refused

PEOPLE = 400


def _told(changing: bool, rows: int = 3_000, seed: int = 4) -> Told:
    """Somebody is loud among forty: always the same few, or others in each third of the time."""
    rng = np.random.default_rng(seed)
    era = np.arange(rows) * 3 // rows if changing else np.zeros(rows, np.int64)
    loud = (era * 4 + rng.integers(0, 4, rows)) % 40
    influencer = np.where(rng.random(rows) < 0.8, loud, rng.integers(0, 40, rows))
    return Told(PEOPLE, influencer, 40 + rng.integers(0, PEOPLE - 40, rows), np.arange(rows, dtype=float))


def test_evidence_fades_where_who_is_loud_changes_and_does_not_where_it_stays() -> None:
    changing = fading_of(_told(True), free(PEOPLE), 4)
    assert changing.half_life is not None
    assert changing.half_life <= 3_000 / 8
    told = dict(changing.told)
    assert told[changing.half_life] > told[None] + 0.02
    assert fading_of(_told(False), free(PEOPLE), 4).half_life is None


def test_a_half_life_that_is_said_is_used_and_its_level_is_what_came_again() -> None:
    part = _told(True)
    fading = fading_of(part, free(PEOPLE), 4, 100.0)
    assert fading.half_life == 100.0
    assert fading_of(part, free(PEOPLE), 4, None).half_life is None
    half = Known(part.part(slice(1_500)))
    came = np.isin(half.pairs, part.part(slice(1_500, None)).pair).sum()
    assert half.faded(100.0).chances(fading.level).sum() == pytest.approx(came + 0.5, rel=0.02)


def test_counts_halve_with_each_half_life() -> None:
    part = Told(9, np.array([1, 1, 2]), np.array([3, 3, 4]), np.array([0.0, 20.0, 10.0]))
    part = part.part(np.argsort(part.time))  # type: ignore[arg-type]
    known = Known(part)
    assert known.faded(10.0).seen.tolist() == [1.25, 0.5]
    assert known.faded(None).seen.tolist() == [2.0, 1.0]


def test_what_comes_after_the_cut_never_changes_who_is_chosen_before_it() -> None:
    part = _told(True)
    rng = np.random.default_rng(9)

    def chosen(late: np.ndarray) -> tuple[object, ...]:
        influencer = np.concatenate([part.influencer, late])
        influenced = np.concatenate([part.influenced, 40 + np.arange(len(late)) % 300])
        log = Log(Coded((influencer, influenced), None), np.arange(len(influencer), dtype=float))
        found = backtest(log, 4, 3_000.5 / len(influencer))
        return found.chosen["learned_model"], found.fading

    assert chosen(rng.integers(0, 40, 2_000)) == chosen(np.full(2_000, 7))


def test_logs_too_short_to_tell_do_not_fade() -> None:
    part = Told(4, np.array([0, 1]), np.array([2, 3]), np.array([1.0, 1.0]))
    assert fading_of(part, free(4), 1).half_life is None


def test_a_half_life_that_is_said_has_the_level_that_the_back_test_would_take() -> None:
    part = _told(True)
    for half_life in (100.0, None):
        assert fading_said(part, half_life).level == fading_of(part, free(PEOPLE), 4, half_life).level


def test_intervals_hold_what_pairs_come_to_nine_times_in_ten_where_repeats_thin_out() -> None:
    rng = np.random.default_rng(6)
    level = 0.3
    rate = np.exp(rng.uniform(np.log(1e-4), np.log(20), 400_000))  # as many in each span of logarithms
    rate = rate[rng.random(len(rate)) < np.exp(-rate * (1 - level) / level)]
    seen = rng.poisson(rate)
    rate, seen = rate[seen > 0], seen[seen > 0]
    pairs = Known(_repeated(seen)).faded(None)
    low, high = pairs.interval(level)
    later = -np.expm1(-rate)
    assert np.mean((low <= later) & (later <= high)) == pytest.approx(0.9, abs=0.02)
    assert (low <= pairs.chances(level)).all()
    assert (pairs.chances(level) <= high).all()


def _repeated(seen: np.ndarray) -> Told:
    """Pair after pair, each as often as it was seen."""
    pair = np.repeat(np.arange(len(seen)), seen)
    return Told(len(seen) + 1, pair, np.full(len(pair), len(seen)), np.zeros(len(pair)))


def test_what_is_too_short_or_chooses_nobody_is_refused() -> None:
    single = Told(4, np.array([0]), np.array([2]), np.array([1.0]))
    with pytest.raises(Refused, match="log_too_short"):
        fading_of(single, free(4), 1)
    with pytest.raises(Refused, match="log_too_short"):
        fading_said(single, None)
    part = _told(False)
    log = Log(Coded((part.influencer, part.influenced), None), part.time)
    for k in (0, -3):
        with pytest.raises(Refused, match="seeds_count_below_1"):
            backtest(log, k=k)
