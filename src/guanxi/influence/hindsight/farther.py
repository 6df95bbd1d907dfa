"""How far did the chosen people's own later messages go, also through others' hands?

Where the log names messages, a chain stays within one. Where it does not, whoever was reached is taken to pass on
what reached them for a while (``within``), so what is counted is credited, not proven. Nothing before the cut counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from guanxi.influence.kernels.graph import Floats, Ints
from guanxi.influence.kernels.passing import passed_on

WITHIN_SHARE = 0.1


@dataclass(frozen=True)
class Far:
    """What came of some people's own messages.

    Attributes:
        acts: how often they were passed on, by anybody.
        people: distinct others who did so.
        hands: of the longest chain; 1 is directly through one of them.
        worth: what these people count, on the terms of the choice.
    """

    acts: int
    people: int
    hands: int
    worth: float


@dataclass(frozen=True)
class Passing:
    """The judged part of a log, in order of time, people as 0..n-1.

    Attributes:
        message: by row, which message was passed on; None where the log does not say.
        within: for how long somebody who was reached passes on.
        counting: by person, what they count.
    """

    n: int
    influencer: Ints
    influenced: Ints
    time: Floats
    message: Ints | None
    within: float
    counting: Floats

    def far(self, people: Ints) -> Far:
        """How far the messages of these people went."""
        chosen = np.zeros(self.n, bool)
        chosen[people] = True
        source, target, states = self._states()
        own = chosen[self.influencer]
        acts, seen, hands = passed_on(
            source, target, self.influenced, own, chosen, self.time, states, self.within
        )
        return Far(int(acts), int(np.count_nonzero(seen)), int(hands), float(self.counting[seen].sum()))

    def _states(self) -> tuple[Ints, Ints, int]:
        if self.message is None:
            return self.influencer, self.influenced, self.n
        both = np.concatenate(
            [self.message * self.n + self.influencer, self.message * self.n + self.influenced]
        )
        known, places = np.unique(both, return_inverse=True)
        rows = len(self.time)
        return places[:rows], places[rows:], len(known)


def usual_within(time: Floats) -> float:
    """A tenth of the span, where nobody says for how long people pass on."""
    return float(time[-1] - time[0]) * WITHIN_SHARE if len(time) else 0.0
