"""How fragile a choice is: would the same people be chosen if the ties were a little otherwise?

Each tie has a posterior with its chance as mean and a 90 % interval. A chance leans on its influencer's own rate and
on how easily the listener is moved: the error of the first is common to all ties of one influencer, that of the
second is not. Drawn apart from each other, errors cancel and a fan's reach looks far surer than it is; drawn all
alike, far less sure (docs/decisions/0021). What worlds say is how often each would be chosen, and how far the spread
of the chosen varies.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.polynomial.hermite_e import hermegauss

from guanxi.influence.kernels.graph import Floats, Ints

SHARED = 0.25
_SIGMAS = 2 * 1.6449
_TAIL = 5
_LEAST, _MENDINGS = 1e-6, 3
_NODES, _WEIGHTS = hermegauss(9)


@dataclass(frozen=True)
class Certainty:
    """What drawn worlds say.

    Attributes:
        worlds: how many were drawn.
        chosen: by seed, the share of worlds in which they are chosen too.
        low: the spread of the chosen is above it in 95 % of the worlds, and
        high: below it in 95 %; as far as a few worlds can tell.
    """

    worlds: int
    chosen: dict[int, float]
    low: float
    high: float


class Posteriors:
    """What is believed of ties: log-odds are normal, some of their variance is common to an influencer's ties.

    A quarter is, and of the rest what ``doubt`` says, by tie, where chances lean on more of what their influencer is.
    """

    def __init__(
        self, influencer: Ints, probability: Floats, low: Floats, high: Floats, doubt: Floats | float = 0.0
    ) -> None:
        ends = [np.clip(end, _LEAST, 1 - _LEAST) for end in (low, high)]
        odds = [np.log(end / (1 - end)) for end in ends]
        self.owners, self.place = np.unique(influencer, return_inverse=True)
        self.chance, self.sure = probability, (probability <= 0) | (probability >= 1)
        self.error = (odds[1] - odds[0]) / _SIGMAS
        self.shared = SHARED + (1 - SHARED) * doubt
        self.middle = _centred(np.clip(probability, _LEAST, 1 - _LEAST), self.error)

    def world(self, number: int, seed: int) -> Floats:
        """One chance for each tie: on average over worlds its own."""
        rng = np.random.default_rng((seed, number))
        common = rng.standard_normal(len(self.owners))[self.place]
        own = rng.standard_normal(len(self.place))
        drawn = self.middle + self.error * (np.sqrt(self.shared) * common + np.sqrt(1 - self.shared) * own)
        return np.where(self.sure, self.chance, _logistic(drawn))


def drawn_worlds(
    influencer: Ints,
    probability: Floats,
    low: Floats,
    high: Floats,
    worlds: int,
    seed: int,
    doubt: Floats | float = 0.0,
) -> list[Floats]:
    """By world, what the chances of the ties may be."""
    known = Posteriors(influencer, probability, low, high, doubt)
    return [known.world(number, seed) for number in range(worlds)]


def _centred(mean: Floats, error: Floats) -> Floats:
    """The middle of log-odds with this error whose chances have this mean: a near guess, mended by Newton."""
    middle = np.log(mean / (1 - mean)) * np.sqrt(1 + np.pi * error**2 / 8)
    for _ in range(_MENDINGS):
        found, slope = np.zeros_like(mean), np.full_like(mean, _LEAST)
        for node, weight in zip(_NODES, _WEIGHTS / _WEIGHTS.sum(), strict=True):
            chance = _logistic(middle + error * node)
            found += weight * chance
            slope += weight * chance * (1 - chance)
        middle -= np.clip((found - mean) / slope, -1, 1)
    return middle


def _logistic(odds: Floats) -> Floats:
    found: Floats = 1 / (1 + np.exp(-odds))
    return found


def certainty(
    seeds: Sequence[int],
    draw: Callable[[int], Floats],
    choose: Callable[[Floats, int], Sequence[int]],
    spread: Callable[[Floats, int], float],
    worlds: int,
) -> Certainty:
    """What ``worlds`` worlds say of the seeds.

    Args:
        seeds: the chosen.
        draw: the chances of the ties in a world of this number.
        choose: whom one would choose in it.
        spread: how many the chosen move in it.
        worlds: how many to draw, at least 1.
    """
    times = dict.fromkeys(seeds, 0)
    spreads = []
    for world in range(worlds):
        chances = draw(world)
        for one in choose(chances, world):
            times[one] = times.get(one, 0) + 1
        spreads.append(spread(chances, world))
    low, high = np.percentile(spreads, (_TAIL, 100 - _TAIL))
    return Certainty(worlds, {one: times[one] / worlds for one in seeds}, float(low), float(high))
