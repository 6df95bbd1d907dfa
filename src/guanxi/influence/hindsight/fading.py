"""How fast does what was seen of pairs grow old, and how much is one sight of a pair worth later?

Both are asked of the part of a log that a choice may see, and of nothing else: at several cuts through it, who would
have been chosen by evidence that halves every so often, and how many of those who moved afterwards were theirs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import gammaincinv

from guanxi.influence.kernels.graph import Floats, Ints
from guanxi.influence.terms import Terms, covering
from guanxi.vocabulary.reasons import Refused

TOLD: Literal["told"] = "told"
HalfLife = float | Literal["told"] | None
CUTS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
HALVINGS = 7
_LEVELS = (1e-9, 50.0)
_STEPS = 60
_WORTHLESS, _LEAST = 1e-6, 1e-12
_SEEN_LEAST = 1e-12  # what faded to nothing has no quantiles
_TAIL = 0.05


@dataclass(frozen=True)
class Told:
    """Rows of a log in order of time, people as 0..n-1."""

    n: int
    influencer: Ints
    influenced: Ints
    time: Floats

    def part(self, rows: slice) -> Told:
        """Some of the rows."""
        return Told(self.n, self.influencer[rows], self.influenced[rows], self.time[rows])

    @property
    def pair(self) -> Ints:
        """By row, a number for its pair."""
        found: Ints = self.influencer * self.n + self.influenced
        return found


@dataclass(frozen=True)
class Faded:
    """Distinct pairs, ascending, with how often each was seen as far as that counts still."""

    influencer: Ints
    influenced: Ints
    seen: Floats

    def chances(self, level: float) -> Floats:
        """How likely each is seen later, where one sight that counts in full makes for ``level`` sights more."""
        found: Floats = -np.expm1(-level * self.seen)
        return np.where(found < _WORTHLESS, 0.0, found)

    def interval(self, level: float) -> tuple[Floats, Floats]:
        """The ends of the 90 % intervals of these chances.

        What a pair comes to later is gamma around ``level`` times what was seen of it, with that as its shape: so
        rates are left where repeats thin out as Fisher's log-series does.
        """
        chance = self.chances(level)
        shape = np.maximum(self.seen, _SEEN_LEAST)
        low, high = (-np.expm1(-level * gammaincinv(shape, end)) for end in (_TAIL, 1 - _TAIL))
        return np.minimum(low, chance), np.maximum(high, chance)


@dataclass(frozen=True)
class FadingFound:
    """How evidence counts.

    Attributes:
        half_life: after which it counts half, in the log's own time; None: it does not fade.
        level: how many later sights of a pair one sight of it makes for.
        told: by half-life tried, None the first, the mean share of later movers that choices by it reached.
    """

    half_life: float | None
    level: float
    told: tuple[tuple[float | None, float], ...]


class Known:
    """The distinct pairs of a part of a log."""

    def __init__(self, part: Told) -> None:
        self.n = part.n
        self.pairs, self.place = np.unique(part.pair, return_inverse=True)
        self.age = part.time[-1] - part.time

    def faded(self, half_life: float | None) -> Faded:
        """How often each was seen, as that counts at the end of the part."""
        weight = np.ones(len(self.age)) if half_life is None else 0.5 ** (self.age / half_life)
        influencer, influenced = np.divmod(self.pairs, self.n)
        seen = np.bincount(self.place, weight, minlength=len(self.pairs)).astype(np.float64)
        return Faded(influencer, influenced, seen)


def fading_said(part: Told, half_life: float | None) -> FadingFound:
    """How evidence of this part counts with a half-life that is said, where nothing else is tried."""
    _long_enough(part)
    return FadingFound(half_life, _levels(part, [half_life])[0], ())


def fading_of(part: Told, terms: Terms, k: int, half_life: HalfLife = TOLD) -> FadingFound:
    """How evidence of this part fades: as it is said, or as the part itself tells.

    The slowest fading is then taken that chose no surely worse than the best: within one standard error over the
    cuts (Breiman et al. 1984), for the future that matters is longer than what lies after them.

    Args:
        part: what may be seen.
        terms: of the choice.
        k: how many it takes.
        half_life: in the log's own time; None where nothing fades.
    """
    _long_enough(part)
    tried: list[float | None] = [None, *_halved(part)]
    if not isinstance(half_life, str) and half_life not in tried:
        tried.append(half_life)
    level = dict(zip(tried, _levels(part, tried), strict=True))
    shares = np.array([_shares(part, cut, level, terms, k) for cut in CUTS])
    means = shares.mean(axis=0)
    lost = shares[:, [int(means.argmax())]] - shares
    doubt = lost.std(axis=0, ddof=1) / np.sqrt(len(CUTS))
    slowest = tried[int(np.flatnonzero(lost.mean(axis=0) <= doubt)[0])]
    used = slowest if isinstance(half_life, str) else half_life
    return FadingFound(used, level[used], tuple(zip(tried, means.tolist(), strict=True)))


def _long_enough(part: Told) -> None:
    if len(part.time) < 2:
        raise Refused("log_too_short", str(len(part.time)))


def _halved(part: Told) -> tuple[float, ...]:
    span = float(part.time[-1] - part.time[0])
    return tuple(span / 2**n for n in range(HALVINGS)) if span > 0 else ()


def _split(part: Told, cut: float) -> tuple[Told, Told]:
    row = min(max(int(cut * len(part.time)), 1), len(part.time) - 1)
    return part.part(slice(row)), part.part(slice(row, None))


def _levels(part: Told, tried: Sequence[float | None]) -> list[float]:
    """So that of the pairs of the first half as many are expected to be seen in the second as were."""
    before, after = _split(part, 0.5)
    known = Known(before)
    came = np.isin(known.pairs, after.pair).sum() + 0.5
    return [_level(known.faded(one).seen, came) for one in tried]


def _level(seen: Floats, came: float) -> float:
    low, high = np.log(_LEVELS)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        enough = -np.expm1(-np.exp(middle) * seen).sum() >= came
        low, high = (low, middle) if enough else (middle, high)
    return float(np.exp(high))


def _shares(part: Told, cut: float, level: Mapping[float | None, float], terms: Terms, k: int) -> list[float]:
    """By half-life, of what counts and moved after the cut, the share that was moved by those chosen before it."""
    before, after = _split(part, cut)
    known, rows = Known(before), (after.influencer, after.influenced)
    counting = terms.counting(*rows)
    whole = max(float(counting.sum()), _LEAST)
    found = []
    for half_life, one in level.items():
        ties = known.faded(half_life)
        people = covering(ties.influencer, ties.influenced, terms, k, ties.chances(one))
        found.append(terms.reached(*rows, counting, people) / whole)
    return found
