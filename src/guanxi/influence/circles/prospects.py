"""Warm prospects: fans who are no customers yet, near those who are; what they might spend is a hypothesis.

Spending spreads over ties as in a Gaussian field (Zhu, Ghahramani, Lafferty 2003) on the logarithm of money.
How strongly is chosen on known customers who are hidden in turn, and intervals are the errors made on them. Where
neighbours do not predict better than the mean does, nothing is said of money. For choosing, never for pricing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sparse
from scipy.sparse.linalg import LinearOperator, cg

from guanxi.influence.kernels.graph import Bools, Floats, Ints, dense_ids

GOOD_FIFTH = 4
_STRENGTHS = (0.1, 0.3, 1.0, 3.0)
_HIDDEN_SHARE = 0.2
_HIDDEN_MIN = 50
_SEED = 11
_NEAR_MAX = 3
_TAIL = 0.05
_CLOSE = 1e-5


@dataclass(frozen=True)
class Prospects:
    """Fans who are no known customers and share a tie with one whose spending is known, ascending.

    Attributes:
        fan: ids.
        near: how many linked fans they share a tie with.
        near_good: how many of those are in the upper two fifths of spending.
        expected: what people in their place spend in the middle, minor units; empty where it can't be said.
        low: 5 % of those hidden spent less, for as many known neighbours.
        high: 5 % of those hidden spent more.
        gain: the part of the squared error of the mean that neighbours take away on hidden customers.
    """

    fan: Ints
    near: Ints
    near_good: Ints
    expected: Ints
    low: Ints
    high: Ints
    gain: float

    @property
    def says(self) -> bool:
        """Whether money is spoken of."""
        return len(self.expected) == len(self.fan) and len(self.fan) > 0


def find_prospects(
    influencer: Ints,
    influenced: Ints,
    fan: Ints,
    spent: Ints,
    fifth: Ints,
    left_out: Ints | None = None,
    seed: int = _SEED,
) -> Prospects:
    """Everybody near a customer, and what may be expected of them.

    Args:
        influencer: ties' one end.
        influenced: ties' other end.
        fan: linked fans, ascending, each once.
        spent: what each spent, minor units.
        fifth: the fifth of spending each is in, 5 the highest.
        left_out: who is no prospect, though unknown here: customers by a weaker link, those who refused it.
        seed: of the draw of who is hidden.
    """
    people, u, v = dense_ids(influencer, influenced)
    ids = people.astype(np.int64)
    around = _symmetric(u.astype(np.int64), v.astype(np.int64), len(ids))
    is_known = np.isin(ids, fan)
    at = np.searchsorted(fan, ids[is_known])
    value, good = np.zeros(len(ids)), np.zeros(len(ids))
    value[is_known] = np.log1p(np.maximum(spent[at], 0))
    good[is_known] = fifth[at] >= GOOD_FIFTH
    near = np.asarray(around @ is_known.astype(np.float64)).astype(np.int64)
    open_to = ~is_known if left_out is None else ~is_known & ~np.isin(ids, left_out)
    chosen = np.flatnonzero(open_to & (near > 0))
    near_good = np.asarray(around @ good).astype(np.int64)[chosen]
    empty = np.empty(0, np.int64)
    strength, gain, errors = _judged(around, is_known, value, near, seed)
    if strength is None:
        return Prospects(ids[chosen], near[chosen], near_good, empty, empty, empty, gain)
    middle = _spread(around, is_known, value, strength)[chosen]
    low, high = _ends(errors, near[chosen])
    money = [np.rint(np.expm1(middle + off)).astype(np.int64) for off in (0.0, low, high)]
    return Prospects(ids[chosen], near[chosen], near_good, money[0], np.maximum(money[1], 0), money[2], gain)


def _symmetric(u: Ints, v: Ints, n: int) -> sparse.csr_array:
    ones = np.ones(2 * len(u))
    around = sparse.csr_array((ones, (np.concatenate([u, v]), np.concatenate([v, u]))), shape=(n, n))
    around.data[:] = 1.0  # a tie both ways is one neighbour
    return around


def _judged(
    around: sparse.csr_array, is_known: Bools, value: Floats, near: Ints, seed: int
) -> tuple[float | None, float, tuple[Ints, Floats]]:
    """The strength that predicts hidden customers best, how much it takes away of the mean's error, and its errors by
    how many neighbours were known; None where it takes away less than two standard errors of nothing.
    """
    none = (np.empty(0, np.int64), np.empty(0))
    with_near = np.flatnonzero(is_known & (near > 0))
    hidden = np.random.default_rng(seed).permutation(with_near)[: int(len(with_near) * _HIDDEN_SHARE)]
    if len(hidden) < _HIDDEN_MIN:
        return None, 0.0, none
    left = is_known.copy()
    left[hidden] = False
    by_mean = (value[hidden] - value[left].mean()) ** 2
    tried = [(s, value[hidden] - _spread(around, left, value, s)[hidden]) for s in _STRENGTHS]
    strength, error = min(tried, key=lambda one: float(np.mean(one[1] ** 2)))
    better = by_mean - error**2
    gain = float(better.mean() / by_mean.mean()) if by_mean.mean() else 0.0
    if better.mean() <= 2 * better.std() / np.sqrt(len(hidden)):
        return None, max(gain, 0.0), none
    seen = np.asarray(around @ left.astype(np.float64)).astype(np.int64)[hidden]
    return strength, gain, (seen, error)


def _spread(around: sparse.csr_array, is_known: Bools, value: Floats, strength: float) -> Floats:
    """Each unknown one is drawn to the mean with weight one and to each neighbour with ``strength``."""
    mean = float(value[is_known].mean())
    held = np.where(is_known, 0.0, 1 + strength * np.diff(around.indptr))
    # Known ones stay at nothing in the unknown's equations: cutting the matrix to these would cost more than solving.
    pull = np.where(is_known, 0.0, strength * (around @ np.where(is_known, value - mean, 0.0)))

    def balance(moved: Floats) -> Floats:
        free = np.where(is_known, 0.0, moved)
        return np.where(is_known, moved, held * free - strength * (around @ free))

    system = LinearOperator(around.shape, matvec=balance, dtype=np.float64)
    # Those heard by thousands would take hundreds of steps; weighed by their own equation they take a dozen.
    evened = sparse.diags_array(1 / np.where(is_known, 1.0, held))
    found, _ = cg(system, pull, rtol=_CLOSE, maxiter=200, M=evened)
    return np.where(is_known, value, mean + found)


def _ends(errors: tuple[Ints, Floats], near: Ints) -> tuple[Floats, Floats]:
    """How far below and above the middle the truth lay on hidden customers with as many known neighbours."""
    seen, error = np.minimum(errors[0], _NEAR_MAX), errors[1]
    ends = []
    for n in range(_NEAR_MAX + 1):
        alike = error[seen == n]
        ends.append(np.quantile(alike if len(alike) >= _HIDDEN_MIN else error, [_TAIL, 1 - _TAIL]))
    found = np.asarray(ends)[np.minimum(near, _NEAR_MAX)]
    return found[:, 0], found[:, 1]
