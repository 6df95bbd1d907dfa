"""Intervals agree with the textbooks, and cover the truth as often as they promise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.measurement.intervals import (
    Shares,
    Sums,
    freedom,
    mean_difference,
    share_difference,
    student,
    wilson,
)


def sums(values: list[float], scale: int = 1) -> Sums:
    whole = [round(value * scale) for value in values]
    return Sums(len(whole), sum(whole), sum(value * value for value in whole))


# Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, method 10.
@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        (Shares(56, 70), Shares(48, 80), 0.0524, 0.3339),
        (Shares(9, 10), Shares(3, 10), 0.1705, 0.8090),
        (Shares(6, 7), Shares(2, 7), 0.0582, 0.8062),
        (Shares(5, 56), Shares(0, 29), -0.0381, 0.1926),
        (Shares(0, 10), Shares(0, 20), -0.1611, 0.2775),
        (Shares(0, 10), Shares(0, 10), -0.2775, 0.2775),
        (Shares(10, 10), Shares(0, 20), 0.6791, 1.0),
        (Shares(10, 10), Shares(0, 10), 0.6075, 1.0),
    ],
)
def test_a_difference_of_shares_is_newcombes(one: Shares, other: Shares, low: float, high: float) -> None:
    found = share_difference(one, other)
    assert (found.low, found.high) == (pytest.approx(low, abs=6e-5), pytest.approx(high, abs=6e-5))


# Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3 (Wilson's score).
@pytest.mark.parametrize(
    ("shares", "low", "high"),
    [
        (Shares(81, 263), 0.2553, 0.3662),
        (Shares(15, 148), 0.0624, 0.1605),
        (Shares(0, 20), 0.0, 0.1611),
        (Shares(1, 29), 0.0061, 0.1718),
    ],
)
def test_a_share_is_wilsons(shares: Shares, low: float, high: float) -> None:
    found = wilson(shares)
    assert (found.low, found.high) == (pytest.approx(low, abs=6e-5), pytest.approx(high, abs=6e-5))


# Critical values of Student's t, two-sided 5 % and 1 %, as printed in any table.
@pytest.mark.parametrize(
    ("degrees", "confidence", "expected"),
    [
        (10, 0.95, 2.228),
        (25, 0.95, 2.06),
        (29, 0.95, 2.045),
        (60, 0.95, 2.0),
        (120, 0.95, 1.98),
        (29, 0.99, 2.756),
        (60, 0.99, 2.66),
        (float("inf"), 0.95, 1.96),
    ],
)
def test_students_quantile_is_the_tables(degrees: float, confidence: float, expected: float) -> None:
    assert student(degrees, confidence) == pytest.approx(expected, abs=1.5e-3 if degrees < 20 else 6e-4)


def test_a_difference_of_means_is_welchs() -> None:
    # The first worked example of Welch's test in Wikipedia: t = -2.46, 25.0 degrees of freedom.
    one = sums([27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4], 10)
    other = sums(
        [27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 20.5, 24.4], 10
    )
    found, degrees = mean_difference(one, other), freedom(one, other)
    reach = (found.high - found.low) / 2
    assert degrees == pytest.approx(25.0, abs=0.05)
    assert found.value / (reach / student(degrees)) == pytest.approx(-2.46, abs=0.005)
    assert found.excludes_zero


def test_the_share_interval_covers_the_truth_as_often_as_it_promises() -> None:
    rng = np.random.default_rng(7)
    for p, q, n, m in ((0.05, 0.03, 400, 60), (0.3, 0.3, 120, 40), (0.01, 0.02, 1000, 150)):
        ones, others = rng.binomial(n, p, 1500), rng.binomial(m, q, 1500)
        found = [
            share_difference(Shares(int(a), n), Shares(int(b), m)) for a, b in zip(ones, others, strict=True)
        ]
        covered = np.mean([one.low <= p - q <= one.high for one in found])
        assert 0.93 < covered < 0.985


def test_the_money_interval_covers_the_truth_as_often_as_it_promises() -> None:
    rng = np.random.default_rng(11)
    truth, covered = 300.0, []
    for _ in range(1000):
        one = np.rint(rng.gamma(2.0, 2500.0, 400) + truth).astype(np.int64)
        other = np.rint(rng.gamma(2.0, 2500.0, 80)).astype(np.int64)
        found = mean_difference(*(Sums(len(x), int(x.sum()), int((x * x).sum())) for x in (one, other)))
        covered.append(found.low <= truth <= found.high)
    assert 0.925 < np.mean(covered) < 0.975


counts = st.integers(1, 5000).flatmap(lambda n: st.builds(Shares, st.integers(0, n), st.just(n)))


@given(counts, counts)
@settings(max_examples=50, deadline=None)
def test_an_interval_holds_its_figure_and_turns_round_with_its_arms(one: Shares, other: Shares) -> None:
    found, turned = share_difference(one, other), share_difference(other, one)
    assert -1 <= found.low <= found.value <= found.high <= 1
    assert (found.low, found.high) == (pytest.approx(-turned.high), pytest.approx(-turned.low))
    alone = wilson(one)
    assert 0 <= alone.low <= alone.value <= alone.high <= 1
