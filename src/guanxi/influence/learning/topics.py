"""Who moves others more, or less, on one topic than in all: a factor for each influencer, shrunk to one.

A tie alone is seen too seldom to have a chance of its own by topic; its influencer is not. Counts on the topic are
gamma-Poisson around what their share of the occasions would give; how far influencers differ is by maximum likelihood,
so that nothing changes where topics make no difference (docs/decisions/0021). A fan is of one platform: none is asked.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from guanxi.influence.kernels.graph import Floats, Ints

INFLUENCERS_MIN = 20
_STRENGTHS = np.geomspace(0.3, 300.0, 31)
_MOST = 0.99


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
class Topical:
    """How topics matter.

    Attributes:
        influencer: ascending, and
        factor: by how much more each moves others on the topic.
        strength: how many moves the expectation of one weighs: the more, the more alike influencers are.
    """

    influencer: Ints
    factor: Floats
    strength: float

    def scaled(self, influencer: Ints, chance: Floats) -> Floats:
        """These chances, by tie, as they are on the topic."""
        place = np.minimum(np.searchsorted(self.influencer, influencer), len(self.influencer) - 1)
        factor = np.where(self.influencer[place] == influencer, self.factor[place], 1.0)
        found: Floats = np.where(chance < _MOST, np.minimum(chance * factor, _MOST), chance)
        return found


def topical(seen: OnTopic) -> Topical | None:
    """The factors; None where too few influencers gave anything on the topic."""
    expected = seen.moved * seen.given_on / np.maximum(seen.given, 1)
    known = expected > 0
    if np.count_nonzero(known) < INFLUENCERS_MIN:
        return None
    moved, expected = seen.moved_on[known].astype(np.float64), expected[known]
    strength = float(max(_STRENGTHS, key=lambda one: _likely(one, moved, expected)))
    return Topical(seen.influencer[known], (strength + moved) / (strength + expected), strength)


def _likely(strength: float, moved: Floats, expected: Floats) -> float:
    told = gammaln(strength + moved) - gammaln(strength) + strength * np.log(strength / (strength + expected))
    return float((told + moved * np.log(expected / (strength + expected))).sum())
