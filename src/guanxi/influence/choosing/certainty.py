"""How fragile a choice is: would the same people be chosen if the ties were a little otherwise?

Each tie has a posterior: a beta with its chance and its 90 % interval. Where ties are drawn apart from each
other, a set of people moves in expectation exactly as many as under the chances themselves (a tie is tried at
most once), so the choice under the chances is already the one that is best on average; what the posterior adds
is how often each would be chosen in worlds drawn from it, and how far the spread of the chosen varies.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from guanxi.influence.kernels.graph import Floats, Ints

_SIGMAS = 2 * 1.6449
_TAIL = 5


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


def drawn_chances(probability: Floats, low: Floats, high: Floats, rng: np.random.Generator) -> Floats:
    """One chance for each tie from its posterior."""
    spread = np.maximum((high - low) / _SIGMAS, 1e-9)
    mean = np.clip(probability, 1e-9, 1 - 1e-9)
    size = np.maximum(mean * (1 - mean) / spread**2 - 1, 1e-3)
    return np.where(
        (probability <= 0) | (probability >= 1), probability, rng.beta(mean * size, (1 - mean) * size)
    )


def drawn_worlds(
    influencer: Ints, probability: Floats, low: Floats, high: Floats, worlds: int, seed: int
) -> list[Floats]:
    """By world, what the chances may be where each influencer's ties are all better, or all worse, than they look.

    A tie's chance leans on its influencer's own rate, so an error in that rate is common to all their ties; drawn
    tie by tie, errors would cancel and no world would be bad for anybody. One number for each influencer and world
    moves the log-odds of their ties by as many standard errors.
    """
    clipped = [np.clip(part, 1e-6, 1 - 1e-6) for part in (low, probability, high)]
    odds = [np.log(part / (1 - part)) for part in clipped]
    error = (odds[2] - odds[0]) / _SIGMAS
    owners, place = np.unique(influencer, return_inverse=True)
    shifts = np.random.default_rng(seed).standard_normal((worlds, len(owners)))
    sure = (probability <= 0) | (probability >= 1)
    return [
        np.where(sure, probability, 1 / (1 + np.exp(-(odds[1] + error * shift[place])))) for shift in shifts
    ]


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
