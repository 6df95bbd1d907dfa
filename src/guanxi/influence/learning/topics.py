"""Who moves others more, or less, on one topic than in all: a factor for each influencer, shrunk to one.

A tie alone is seen too seldom to have a chance of its own by topic; its influencer is not. Counts on the topic are
gamma-Poisson around what their share of the occasions would give; how far influencers differ is by maximum likelihood,
so that nothing changes where topics make no difference (docs/decisions/0021). A fan is of one platform: none is asked.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaincinv, gammaln

from guanxi.influence.kernels.graph import Floats, Ints

INFLUENCERS_MIN = 20
_STRENGTHS = np.geomspace(0.3, 300.0, 31)
_MOST = 0.99
_TAIL = 0.05
_LEAST = 1e-12


@dataclass(frozen=True)
class OnTopic:
    """What influencers did on one topic.

    Attributes:
        influencer: ascending.
        moved_on: occasions on which they moved somebody on the topic, and
        moved: on any known topic.
        given_on: occasions that they gave on the topic, and
        given: on any known topic.
    """

    influencer: Ints
    moved_on: Ints
    moved: Ints
    given_on: Ints
    given: Ints


@dataclass(frozen=True)
class Scaled:
    """Chances on a topic, by tie.

    Attributes:
        chance: how likely, with
        low: and
        high: the ends of its 90 % interval.
        doubt: what share of the interval's variance is the factor's, which all ties of an influencer have in common.
    """

    chance: Floats
    low: Floats
    high: Floats
    doubt: Floats


@dataclass(frozen=True)
class Topical:
    """How topics matter.

    Attributes:
        influencer: ascending, and
        factor: by how much more each moves others on the topic, and
        shape: the moves that it rests on, those expected beforehand among them: it is gamma with this shape.
        strength: how many moves the expectation of one weighs: the more, the more alike influencers are.
    """

    influencer: Ints
    factor: Floats
    shape: Floats
    strength: float

    def scaled(self, influencer: Ints, chance: Floats, low: Floats, high: Floats) -> Scaled:
        """These chances, by tie, as they are on the topic.

        What is unknown of a chance and of its factor adds up as squares of logarithms (Donner and Zou 2012); a factor
        of which nothing was seen is one, and as doubtful as influencers differ.
        """
        place = np.minimum(np.searchsorted(self.influencer, influencer), len(self.influencer) - 1)
        known = self.influencer[place] == influencer
        shape = np.where(known, self.shape[place], self.strength)
        on = np.minimum(chance * np.where(known, self.factor[place], 1.0), _MOST)
        down, up = (np.log(gammaincinv(shape, end) / shape) for end in (_TAIL, 1 - _TAIL))
        below, above = _apart(chance, low), _apart(high, chance)
        ends = on * np.exp(-np.hypot(below, down)), np.minimum(on * np.exp(np.hypot(above, up)), _MOST)
        of_factor = (up - down) ** 2
        doubt = of_factor / (of_factor + (below + above) ** 2)
        sure = chance >= _MOST
        found = (
            np.where(sure, *one) for one in ((chance, on), (low, ends[0]), (high, ends[1]), (0.0, doubt))
        )
        return Scaled(*found)


def _apart(above: Floats, below: Floats) -> Floats:
    found: Floats = np.log(np.maximum(above, _LEAST) / np.maximum(below, _LEAST))
    return found


def topical(seen: OnTopic) -> Topical | None:
    """The factors; None where too few influencers gave anything on the topic."""
    expected = seen.moved * seen.given_on / np.maximum(seen.given, 1)
    known = expected > 0
    if np.count_nonzero(known) < INFLUENCERS_MIN:
        return None
    moved, expected = seen.moved_on[known].astype(np.float64), expected[known]
    strength = float(max(_STRENGTHS, key=lambda one: _likely(one, moved, expected)))
    shape = strength + moved
    return Topical(seen.influencer[known], shape / (strength + expected), shape, strength)


def _likely(strength: float, moved: Floats, expected: Floats) -> float:
    told = gammaln(strength + moved) - gammaln(strength) + strength * np.log(strength / (strength + expected))
    return float((told + moved * np.log(expected / (strength + expected))).sum())
