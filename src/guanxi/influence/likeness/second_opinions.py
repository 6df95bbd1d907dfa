"""Two second opinions on how much of what follows a share is likeness (Anagnostopoulos, Kumar & Mahdian 2008).

*Shuffle*: of those who took up a content at any time, when? Were the order of times chance, each would fall into
the week after the share as often as the crowd's times do; what falls there beyond that was caused. It asks nothing of
how much fans do, only when. *Turned round*: whoever is moved shares too; what those who move them take up after that,
against what they would anyway, is likeness (and whatever moves both ways, so it rather says too much). Refuses to say
where too little followed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from guanxi.influence.kernels.graph import Bools, Floats
from guanxi.influence.likeness.matched import (
    DRAWS,
    FOLLOWED_MIN,
    LEVEL,
    WIDTH_MAX,
    WINDOW_DAYS,
    Crowd,
    Doings,
    Exposures,
    Followed,
    by_fan,
)

TURNED_MIN = 20
_CROWD_MIN = 5.0


@dataclass(frozen=True)
class Timed:
    """By fan: contents taken up unmarked at any time, in the week after the share, and how many there by chance."""

    ever: Floats
    after: Floats
    by_chance: Floats

    def part(self, fans: Bools) -> Timed:
        """Some of the fans."""
        return Timed(self.ever[fans], self.after[fans], self.by_chance[fans])


@dataclass(frozen=True)
class SecondOpinion:
    """What both tests say of the share that would have come anyway; None where they can't.

    Attributes:
        timed: contents taken up in the week after a share, as the shuffle counts them.
        by_chance: how many of all that was taken up would lie there, were the order of times chance.
        shuffled: the share that would have come anyway, by the order of times.
        shuffled_low: the low end of its 90 % interval.
        shuffled_high: the high end.
        turned_followed: how much followed along ties turned round.
        turned: the share that would have come anyway, by these.
        turned_low: the low end of its 90 % interval.
        turned_high: the high end.
    """

    timed: int
    by_chance: float
    shuffled: float | None
    shuffled_low: float | None
    shuffled_high: float | None
    turned_followed: int
    turned: float | None
    turned_low: float | None
    turned_high: float | None


def timed(crowd: Crowd, exposures: Exposures, doings: Doings) -> Timed:
    """When fans took up what was shared to them, beside when the crowd took it up since the fan is there."""
    asked = ~exposures.named & np.isfinite(exposures.did)
    fan, content, shared = exposures.fan[asked], exposures.content[asked], exposures.shared[asked]
    since = doings.since[fan]
    end = np.maximum(since, crowd.by_day.shape[1] - 1.0)
    at = [
        crowd.of_contents(content, moment)
        for moment in (since, np.clip(shared, since, end), np.clip(shared + WINDOW_DAYS, since, end), end)
    ]
    room, there = at[3] - at[0], at[2] - at[1]
    told = room > _CROWD_MIN
    step = exposures.did[asked] - shared
    after = (step > 0) & (step <= WINDOW_DAYS)
    columns = (np.ones(len(fan)), after, there / np.maximum(room, _CROWD_MIN))
    return Timed(*(by_fan(fan[told], column[told], len(doings.since)) for column in columns))


def second_opinion(when: Timed, forward: Followed, turned: Followed, seed: int = 0) -> SecondOpinion:
    """Both tests with intervals from drawing fans again."""
    columns = np.stack(
        [
            *(when.ever, when.after, when.by_chance),
            *(forward.after, forward.after_expected, turned.after, turned.after_expected),
        ]
    )
    sums = columns.sum(axis=1)
    rng = np.random.default_rng(seed)
    drawn = np.stack([columns @ rng.poisson(1.0, columns.shape[1]) for _ in range(DRAWS)], axis=1)
    after, followed_turned = int(sums[1]), int(sums[5])
    return SecondOpinion(
        after,
        float(sums[2]),
        *_told(_shuffled(sums[:3]), _shuffled(drawn[:3]), after >= FOLLOWED_MIN),
        followed_turned,
        *_told(
            _turned(sums[3:]), _turned(drawn[3:]), after >= FOLLOWED_MIN and followed_turned >= TURNED_MIN
        ),
    )


def _shuffled(sums: Floats) -> Floats:
    """Of what lies after the share, the part that was not caused: causes put all they cause there."""
    ever, after, by_chance = sums
    caused = (after - by_chance) / np.maximum(ever - by_chance, 1e-9) * ever
    share: Floats = np.clip(1 - caused / np.maximum(after, 1.0), 0.0, 1.0)
    return share


def _turned(sums: Floats) -> Floats:
    """How far ties turned round exceed what is expected anyway, against how far ties do."""
    after, expected, turned, turned_expected = np.maximum(sums, 1e-9)
    share: Floats = np.clip((turned / turned_expected) / (after / expected), 0.0, 1.0)
    return share


def _told(share: Floats, drawn: Floats, is_enough: bool) -> tuple[float | None, float | None, float | None]:
    if not is_enough:
        return None, None, None
    low, high = (float(end) for end in np.quantile(drawn, ((1 - LEVEL) / 2, (1 + LEVEL) / 2)))
    return (float(share) if high - low <= WIDTH_MAX else None), low, high
