"""What an invitation adds: found where it is planted, and not where nothing is."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from guanxi.measurement.incremental import Effect
from guanxi.measurement.intervals import Estimate
from guanxi.measurement.sharing import TrialArm, added, chance_of, share_rate_of
from guanxi.world.inviting import Inviting


def _world(seed: int, viewers: int, planted: Inviting, percent: int = 50) -> tuple[TrialArm, TrialArm]:
    is_invited = np.random.default_rng((seed, 1)).random(viewers) < percent / 100
    brought = [planted.brings(viewer, bool(asked)) for viewer, asked in enumerate(is_invited)]
    arms = (
        Counter(n for n, asked in zip(brought, is_invited, strict=True) if asked == side) for side in (1, 0)
    )
    invited, quiet = (TrialArm(dict(arm)) for arm in arms)
    return invited, quiet


def _estimate(effect: Effect) -> Estimate:
    assert effect.estimate is not None, effect.code
    return effect.estimate


def test_a_planted_effect_lies_in_the_interval_nineteen_times_in_twenty_and_is_seen() -> None:
    held = seen = 0
    for seed in range(100):
        planted = Inviting(seed, quiet=0.1, invited=0.25, liveliness=0.3)
        found = added(*_world(seed, 1_000, planted), 50)
        interval = _estimate(found.people)
        held += interval.low <= planted.added <= interval.high
        seen += found.is_sure and interval.low > 0
    assert held >= 89  # a binomial of 100 at 0.95 falls below this once in a hundred times
    assert seen >= 90


def test_where_the_invitation_does_nothing_it_is_hardly_ever_said_to() -> None:
    claimed = 0
    for seed in range(200):
        found = added(*_world(seed, 600, Inviting(seed, quiet=0.15, invited=0.15, liveliness=0.3)), 50)
        claimed += found.is_sure
        assert found.of_credited is None or found.is_sure
    assert claimed <= 19  # of 200 at 0.05: more happens once in a hundred times


def test_dealing_again_tells_what_chance_alone_shows() -> None:
    rng = np.random.default_rng(5)
    even = [chance_of(*_halves(rng.poisson(0.3, 400), rng)) for _ in range(300)]
    assert abs(np.mean(np.array(even) < 0.2) - 0.2) < 0.07
    assert chance_of({0: 100, 3: 100}, {0: 200}) < 0.001
    assert chance_of({0: 100, 1: 50}, {0: 100, 1: 50}) == 1.0


def _halves(brought: np.ndarray, rng: np.random.Generator) -> tuple[dict[int, int], dict[int, int]]:
    one = rng.permutation(brought)
    return dict(Counter(one[:200].tolist())), dict(Counter(one[200:].tolist()))


def test_arms_that_the_lot_did_not_deal_are_an_alarm_and_no_estimate() -> None:
    found = added(TrialArm({0: 700, 1: 100}), TrialArm({0: 900, 1: 100}), 50)
    assert not found.is_balanced
    assert (found.people.estimate, found.people.code) == (None, "arms_unbalanced")
    assert added(TrialArm({0: 900, 1: 100}), TrialArm({0: 900, 1: 100}), 50).is_balanced
    assert added(TrialArm({0: 180, 1: 20}), TrialArm({0: 700, 1: 100}), 20).is_balanced


@pytest.mark.parametrize(
    ("invited", "quiet", "code"),
    [
        (TrialArm({0: 20, 1: 9}), TrialArm({0: 20, 1: 20}), "too_few_viewers"),
        (TrialArm({0: 496, 1: 4}), TrialArm({0: 496, 1: 4}), "too_few_sharers"),
        (TrialArm(), TrialArm(), "too_few_viewers"),
    ],
)
def test_too_little_is_said_to_be_too_little(invited: TrialArm, quiet: TrialArm, code: str) -> None:
    found = added(invited, quiet, 50)
    assert (found.people.code, found.is_sure, found.of_credited) == (code, False, None)


def test_how_many_more_viewers_it_takes_is_told_and_then_suffices() -> None:
    planted = Inviting(3, quiet=0.2, invited=0.2, liveliness=50.0)
    short = added(*_world(3, 300, planted), 50).viewers_more
    assert short is not None
    assert 200 < short < 700  # 4 * 7.85 / (0.25 * 0.2) = 628 in all, were the mean known
    seen = 0
    for seed in range(100):
        half_more = Inviting(seed, quiet=0.16, invited=0.24, liveliness=50.0)
        seen += added(*_world(seed, 300 + short, half_more), 50).is_sure
    assert 60 <= seen <= 97
    assert added(TrialArm({0: 500}), TrialArm({0: 500}), 50).viewers_more is None
    assert added(TrialArm({0: 8_000, 1: 2_000}), TrialArm({0: 8_000, 1: 2_000}), 50).viewers_more == 0


def test_what_was_added_is_told_as_a_part_of_what_ties_credit_only_where_it_is_sure() -> None:
    invited, quiet = TrialArm({0: 700, 1: 300}, 12, 30, 60), TrialArm({0: 900, 1: 100})
    found = added(invited, quiet, 50)
    assert found.credited == pytest.approx(0.3)
    assert found.of_credited == pytest.approx(2 / 3)
    assert (invited.drawn, invited.sharers, invited.brought) == (1012, 300, 300)
    assert _estimate(share_rate_of(invited)).value == pytest.approx(0.3)
    assert share_rate_of(TrialArm({0: 3})).code == "too_few_people"
