"""What a campaign changed: treated people against the holdout, response and money, net of returns and costs.

Both arms are everybody the campaign was planned for, whatever came of it (intention to treat), so that whom
the leash kept back biases nothing. Below the floor it says that it can't say, and why.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from guanxi.measurement.intervals import (
    CONFIDENCE,
    Estimate,
    Shares,
    Sums,
    mean_difference,
    share_difference,
    wilson,
)

PEOPLE_MIN = 30
_SURE = 0.999


@dataclass(frozen=True)
class Arm:
    """What one arm did within the window.

    Attributes:
        people: persons planned for.
        responders: of these, with at least one activity.
        buyers: with at least one order.
        visible: whose purchases can be seen at all, through a link to a customer.
        money: orders less refunds, in the smallest unit.
        money_squares: the sum of each person's squared money.
    """

    people: int
    responders: int
    buyers: int
    visible: int
    money: int
    money_squares: int

    @property
    def response(self) -> Shares:
        """Responders of people."""
        return Shares(self.responders, self.people)

    @property
    def sums(self) -> Sums:
        """Money of those whose purchases can be seen."""
        return Sums(self.visible, self.money, self.money_squares)


@dataclass(frozen=True)
class Effect:
    """An estimate with its coverage, or the code of why there is none."""

    estimate: Estimate | None
    coverage: float | None = None
    code: str = ""


@dataclass(frozen=True)
class Incremental:
    """Treated against holdout.

    Attributes:
        response_rate: difference of the shares that responded.
        responders: how many responded who would not have.
        money_per_person: difference of the means, returns netted, among those whose purchases are seen.
        money: that difference over all seen treated people, less the costs.
        costs: media, discounts and rewards, in the smallest unit.
    """

    treated: Arm
    held_out: Arm
    response_rate: Effect
    responders: Effect
    money_per_person: Effect
    money: Effect
    costs: int


def incremental(treated: Arm, held_out: Arm, costs: int = 0, confidence: float = CONFIDENCE) -> Incremental:
    """What the treated did beyond what the holdout says they would have done anyway."""
    rate = _effect(
        _shortfall(treated.people, held_out.people),
        lambda: share_difference(treated.response, held_out.response, confidence),
        1.0,
    )
    per_person = _effect(
        _shortfall(treated.visible, held_out.visible) or _unlike(treated, held_out),
        lambda: mean_difference(treated.sums, held_out.sums, confidence),
        _share(treated.visible + held_out.visible, treated.people + held_out.people),
    )
    return Incremental(
        treated,
        held_out,
        response_rate=rate,
        responders=_for(rate, treated.people),
        money_per_person=per_person,
        money=_for(per_person, treated.visible, costs),
        costs=costs,
    )


def response_of(arm: Arm) -> Effect:
    """The share of an arm that responded, or why it can't be said."""
    code = "too_few_people" if arm.people < PEOPLE_MIN else ""
    return _effect(code, lambda: wilson(arm.response), 1.0)


def _shortfall(treated: int, held_out: int) -> str:
    if treated < PEOPLE_MIN:
        return "too_few_treated"
    return "too_few_held_out" if held_out < PEOPLE_MIN else ""


def _unlike(treated: Arm, held_out: Arm) -> str:
    """A campaign can make links; where it made one arm more visible, money would measure that instead."""
    one, other = Shares(treated.visible, treated.people), Shares(held_out.visible, held_out.people)
    return "arms_seen_unequally" if share_difference(one, other, _SURE).excludes_zero else ""


def _effect(code: str, estimate: Callable[[], Estimate], coverage: float | None) -> Effect:
    return Effect(None, coverage, code) if code else Effect(estimate(), coverage)


def _for(effect: Effect, people: int, costs: int = 0) -> Effect:
    if effect.estimate is None:
        return effect
    return Effect(effect.estimate.times(people).less(costs), effect.coverage)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
