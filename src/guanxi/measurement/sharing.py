"""What inviting people to share added: invited by lot against left alone, in people they brought.

Both arms are everybody who drew, whether they shared or not (intention to treat), and both have links of their
own, so openings through them are seen alike. Below the floor, or where the arms are not as the lot should have
made them, it says that it can't say. It speaks of the invitation: whom a share moves is another question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil
from statistics import NormalDist

import numpy as np
from scipy.stats import binomtest

from guanxi.measurement.incremental import PEOPLE_MIN, Effect
from guanxi.measurement.intervals import CONFIDENCE, Shares, Sums, mean_difference, share_difference, wilson

SHARERS_MIN = 10
BALANCE_ALARM = 0.001
POWER = 0.8
CHANGE_WORTH_SEEING = 0.5
_DRAWS = 4_000


@dataclass(frozen=True)
class TrialArm:
    """What the viewers of one arm brought.

    Attributes:
        counts: by number of people brought, how many viewers whose window is over brought so many.
        waiting: viewers whose window is not over.
        passed_on: of the people brought, how many passed it on themselves.
        engaged: of the people brought, how many did something more than look.
    """

    counts: Mapping[int, int] = field(default_factory=dict)
    waiting: int = 0
    passed_on: int = 0
    engaged: int = 0

    @property
    def viewers(self) -> int:
        """Viewers whose window is over."""
        return sum(self.counts.values())

    @property
    def drawn(self) -> int:
        """Everybody who drew this arm."""
        return self.viewers + self.waiting

    @property
    def sharers(self) -> int:
        """Viewers through whom somebody came."""
        return self.viewers - self.counts.get(0, 0)

    @property
    def brought(self) -> int:
        """People they brought; ties credit them with all of these."""
        return sum(n * viewers for n, viewers in self.counts.items())

    @property
    def sums(self) -> Sums:
        """People brought a viewer, as exact sums."""
        squares = sum(n * n * viewers for n, viewers in self.counts.items())
        return Sums(self.viewers, self.brought, squares)


@dataclass(frozen=True)
class Added:
    """Invited against left alone.

    Attributes:
        people: people brought a viewer, beyond what viewers bring who were left alone.
        share_rate: the difference of the shares through whom somebody came.
        credited: people brought an invited viewer, all of whom ties credit; None without viewers.
        balance: how often the lot alone would deal the arms so unevenly.
        chance: how often dealing the same viewers again would show a difference so large; None where nothing is said.
        viewers_more: how many more viewers until a change by half would be seen four times in five; 0 where enough
            have come, None where nobody brought anybody yet.
    """

    people: Effect
    share_rate: Effect
    credited: float | None
    balance: float
    chance: float | None
    viewers_more: int | None

    @property
    def is_balanced(self) -> bool:
        """False where the arms are not what the lot deals."""
        return self.balance >= BALANCE_ALARM

    @property
    def is_sure(self) -> bool:
        """True where the interval leaves zero out, and dealing again hardly ever shows as much."""
        found = self.people.estimate
        return found is not None and found.excludes_zero and (self.chance or 0.0) < 1 - CONFIDENCE

    @property
    def of_credited(self) -> float | None:
        """Of what ties credit invited viewers with, the share that the invitation added, where that is sure."""
        found = self.people.estimate
        if found is None or not self.is_sure or not self.credited:
            return None
        return found.value / self.credited


def added(invited: TrialArm, quiet: TrialArm, percent: int, confidence: float = CONFIDENCE) -> Added:
    """What inviting ``percent`` in a hundred viewers by lot added, with its interval, or why it can't be said."""
    balance = _balance(invited.drawn, quiet.drawn, percent)
    code = _unsayable(invited, quiet, balance)
    credited = invited.brought / invited.viewers if invited.viewers else None
    more = viewers_more(invited, quiet, percent)
    if code:
        return Added(Effect(None, None, code), Effect(None, None, code), credited, balance, None, more)
    rates = Shares(invited.sharers, invited.viewers), Shares(quiet.sharers, quiet.viewers)
    closed = (invited.viewers + quiet.viewers) / (invited.drawn + quiet.drawn)
    return Added(
        Effect(mean_difference(invited.sums, quiet.sums, confidence), closed),
        Effect(share_difference(*rates, confidence), closed),
        credited,
        balance,
        chance_of(invited.counts, quiet.counts),
        more,
    )


def share_rate_of(arm: TrialArm) -> Effect:
    """The share of an arm's viewers through whom somebody came, or why it can't be said."""
    if arm.viewers < PEOPLE_MIN:
        return Effect(None, None, "too_few_people")
    return Effect(wilson(Shares(arm.sharers, arm.viewers)), arm.viewers / arm.drawn)


def chance_of(invited: Mapping[int, int], quiet: Mapping[int, int], seed: int = 0) -> float:
    """How often dealing the same viewers into arms of the same sizes shows means so far apart (randomisation test)."""
    brought = np.array(sorted({*invited, *quiet}), np.int64)
    one, other = (np.array([arm.get(int(n), 0) for n in brought], np.int64) for arm in (invited, quiet))
    dealt = np.random.default_rng(seed).multivariate_hypergeometric(
        one + other, int(one.sum()), _DRAWS, "marginals"
    )
    # With the sizes fixed, the difference of means grows with the sum of one arm alone.
    expected = (one + other) @ brought * one.sum() / (one + other).sum()
    far = np.abs(dealt @ brought - expected) >= abs(one @ brought - expected) - 1e-9
    return float((1 + far.sum()) / (1 + _DRAWS))


def viewers_more(invited: TrialArm, quiet: TrialArm, percent: int) -> int | None:
    """How many more viewers would show a change by half four times in five; None where nobody brought anybody."""
    viewers, brought = invited.viewers + quiet.viewers, invited.brought + quiet.brought
    if brought == 0 or viewers < 2:
        return None
    both = Sums(viewers, brought, invited.sums.squares + quiet.sums.squares)
    share = percent / 100
    quantile = NormalDist().inv_cdf
    z = quantile(0.5 + CONFIDENCE / 2) + quantile(POWER)
    needed = z * z * both.variance / (share * (1 - share)) / (CHANGE_WORTH_SEEING * both.mean) ** 2
    return max(0, ceil(needed) - viewers)


def _balance(invited: int, quiet: int, percent: int) -> float:
    drawn = invited + quiet
    return float(binomtest(invited, drawn, percent / 100).pvalue) if drawn else 1.0


def _sharers_of_smaller(invited: TrialArm, quiet: TrialArm) -> float:
    """How many sharers the smaller arm would have if the invitation did nothing; an interval needs some."""
    viewers = invited.viewers + quiet.viewers
    return (invited.sharers + quiet.sharers) * min(invited.viewers, quiet.viewers) / max(viewers, 1)


def _unsayable(invited: TrialArm, quiet: TrialArm, balance: float) -> str:
    reasons = (
        (balance < BALANCE_ALARM, "arms_unbalanced"),
        (min(invited.viewers, quiet.viewers) < PEOPLE_MIN, "too_few_viewers"),
        (_sharers_of_smaller(invited, quiet) < SHARERS_MIN, "too_few_sharers"),
    )
    return next((code for applies, code in reasons if applies), "")
