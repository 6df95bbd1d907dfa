"""Who can move whom, and how surely: the true ties of one block, by which shares travel.

Most ties join neighbours of one community (alike in city, taste and standing), the others strangers on one
account. How many people listen to someone is heavy-tailed: few igniters, many who move a handful.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from guanxi.world.brand import ACCOUNTS, World
from guanxi.world.people import COMMUNITY, Floats, People
from guanxi.world.text import Ints

_LOUD = 40
# One share in eleven is opened by a listener on average.
_PULL = 5.8


@dataclass(frozen=True)
class Ties:
    """The ties sorted by influencer; those of fan i are at ``first[i]`` up to ``first[i + 1]``."""

    influencer: Ints
    influenced: Ints
    probability: Floats
    first: Ints

    @property
    def degree(self) -> Ints:
        """How many people listen to each fan."""
        degree: Ints = np.diff(self.first)
        return degree


def ties(world: World, fans: People) -> Ties:
    """The true ties of a block, the same ones whenever they are asked for."""
    rng, size = world.rng("ties", fans.block), len(fans.account)
    wanted = np.minimum(((rng.pareto(1.7, size) + 1) * 2.2).astype(np.int64), 600)
    wanted[~fans.honest] = 0
    influencer = np.repeat(np.arange(size), wanted)
    near = rng.random(len(influencer)) < np.where(wanted[influencer] > _LOUD, 0.10, 0.75)
    influenced = np.where(near, _neighbours(rng, influencer, size), _strangers(rng, fans, influencer))
    good = (influenced != influencer) & fans.honest[influenced]
    pair = np.unique(influencer[good] * size + influenced[good])
    influencer, influenced = pair // size, pair % size
    close = influencer // COMMUNITY == influenced // COMMUNITY
    pull = _PULL * fans.charisma[influencer] * fans.openness[influenced] * np.where(close, 1.0, 0.6)
    probability = np.clip(pull, 0.002, 0.9)
    first = np.searchsorted(influencer, np.arange(size + 1))
    return Ties(influencer, influenced, probability, first)


def _neighbours(rng: np.random.Generator, places: Ints, size: int) -> Ints:
    """Someone a few steps away in the same community, and so of like standing."""
    steps = rng.geometric(0.08, len(places)) * rng.choice([-1, 1], len(places))
    start = places // COMMUNITY * COMMUNITY
    room = np.minimum(COMMUNITY, size - start)
    found: Ints = start + (places - start + steps) % room
    return found


def _strangers(rng: np.random.Generator, fans: People, places: Ints) -> Ints:
    """Anybody on the same account."""
    found: Ints = places.copy()
    for number in range(len(ACCOUNTS)):
        members = np.flatnonzero(fans.account == number)
        asked = np.flatnonzero(fans.account[places] == number)
        if len(members):
            found[asked] = members[rng.integers(0, len(members), len(asked))]
    return found
