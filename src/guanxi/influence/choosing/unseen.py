"""People whom an influencer moves, though no tie names them yet: how many more than the ties say.

A tie is there only once somebody was seen to be moved, so that the ties of who gave few occasions say too little. How
many people an influencer moves on one occasion is a rate of its own: gamma-Poisson over influencers, of whom those who
moved nobody are not seen, by maximum likelihood. What the ties leave over of it goes to people without a name, who can
be neither chosen nor counted one by one. Where occasions are not counted nothing is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy.special import gammaln

from guanxi.influence.kernels.graph import Floats, Ints

INFLUENCERS_MIN = 20
_CHANCE = 0.8
_SHAPES = np.geomspace(1e-3, 10.0, 25)
_OCCASIONS = np.geomspace(0.02, 50.0, 35)


@dataclass(frozen=True)
class Unseen:
    """How much more influencers move than their ties say.

    Attributes:
        influencer: ascending, and
        ratio: by influencer, people without a tie for each one whom the ties make expect.
    """

    influencer: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    ratio: Floats = field(default_factory=lambda: np.empty(0))

    def moved(self, influencer: Ints, counts: Floats) -> Floats:
        """What people without a tie count, by influencer, where those of these ties count so much each."""
        place = np.minimum(np.searchsorted(self.influencer, influencer), max(len(self.influencer) - 1, 0))
        mine = (
            self.influencer[place] == influencer if len(self.influencer) else np.zeros(len(influencer), bool)
        )
        return self.ratio * np.bincount(place[mine], counts[mine], minlength=len(self.influencer))


def unseen_beside(influencer: Ints, chance: Floats, moved: tuple[Ints, Ints, Ints]) -> Unseen:
    """What the ties leave over.

    Args:
        influencer: by tie, and
        chance: by tie.
        moved: influencers, ascending; how often each moved anybody; on how many occasions.
    """
    fan, successes, occasions = moved
    if len(fan) < INFLUENCERS_MIN:
        return Unseen()
    shape, rate = _law(successes.astype(np.float64), occasions.astype(np.float64))
    expected = (shape + successes) / (rate + occasions)
    told = Unseen(fan, np.ones(len(fan))).moved(influencer, chance)
    some = (told > 0) & (expected > told)
    return Unseen(fan[some], expected[some] / told[some] - 1)


@dataclass(frozen=True)
class Wider:
    """Ties and what people count, with one unnamed person for each influencer who moves more than the ties say.

    Attributes:
        influencer: by tie, and
        influenced: by tie; the ties given come first.
        targets: what moving each counts; None where everybody counts one and nobody is unnamed.
        unnamed: ids that nobody has.
        counts: by tie given, what the influenced count.
        unseen: whose the unnamed are.
        chance: by tie given.
    """

    influencer: Ints
    influenced: Ints
    targets: Mapping[object, float] | None
    unnamed: Ints
    counts: Floats
    unseen: Unseen
    chance: Floats

    def chances(self, drawn: Floats) -> Floats:
        """The chances of all ties where the ties given have these: unnamed people are moved as much more or less."""
        if not len(self.unnamed):
            return drawn
        given = self.influencer[: len(drawn)]
        more = self.unseen.moved(given, drawn * self.counts) / self.unseen.moved(
            given, self.chance * self.counts
        )
        return np.concatenate([drawn, np.minimum(_CHANCE * more, 1.0)])

    def worth_of_unnamed(self) -> dict[object, float]:
        """What the unnamed count, and nobody else."""
        return {one: (self.targets or {})[one] for one in self.unnamed.tolist()}


def wider(
    influencer: Ints, influenced: Ints, chance: Floats, unseen: Unseen, targets: Mapping[object, float] | None
) -> Wider:
    """The ties with the unnamed: each counts as much as those they stand for, who are like those whom the ties name."""
    counts = _counts(influenced, targets)
    more = unseen.moved(influencer, chance * counts)
    whose = Unseen(unseen.influencer[more > 0], unseen.ratio[more > 0])
    unnamed, worth = -1 - whose.influencer, more[more > 0] / _CHANCE
    if len(unnamed):
        named = np.union1d(influencer, influenced).tolist()
        known = dict.fromkeys(named, 1.0) if targets is None else dict(targets)
        targets = known | dict(zip(unnamed.tolist(), worth.tolist(), strict=True))
    ends = np.concatenate([influencer, whose.influencer]), np.concatenate([influenced, unnamed])
    return Wider(*ends, targets, unnamed, counts, whose, chance)


def _counts(fans: Ints, targets: Mapping[object, float] | None) -> Floats:
    """What each of these fans counts."""
    if targets is None:
        return np.ones(len(fans))
    known = np.asarray(list(targets), np.int64)
    order = np.argsort(known)
    worth = np.fromiter(targets.values(), np.float64, len(known))[order]
    place = np.minimum(np.searchsorted(known[order], fans), max(len(known) - 1, 0))
    return np.where(known[order][place] == fans, worth[place], 0.0) if len(known) else np.zeros(len(fans))


def _law(successes: Floats, occasions: Floats) -> tuple[float, float]:
    """The shape and rate of the gamma under which these counts, none of them 0, are likeliest."""
    pairs, times = np.unique(np.stack([successes, occasions]), axis=1, return_counts=True)
    tried = ((float(shape), float(rate)) for shape in _SHAPES for rate in _OCCASIONS)
    return max(tried, key=lambda law: _likely(law, pairs, times))


def _likely(law: tuple[float, float], pairs: Floats, times: Ints) -> float:
    (shape, rate), (s, t) = law, pairs
    never = shape * np.log(rate / (rate + t))
    told = gammaln(shape + s) - gammaln(shape) - gammaln(s + 1) + never + s * np.log(t / (rate + t))
    return float(times @ (told - np.log(-np.expm1(never))))
