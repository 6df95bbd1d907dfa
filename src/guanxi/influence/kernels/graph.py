"""Ties as compressed rows: for each influenced, who influences them and with what chance.

Knows nothing of fans; nodes are 0..n-1 in the order of their ids. Refuses what is not a probability.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from guanxi.vocabulary.reasons import Refused

Model = Literal["ic", "lt"]
Ints = npt.NDArray[np.int64]
Nodes = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

NODES_MAX = 2**31 - 2
_MIXED = -1.0
_TABLE_SPARE = 4


@dataclass(frozen=True)
class Graph:
    """Who can move whom, by influenced.

    Attributes:
        ids: the id of each node, ascending; ids that no tie names do not exist here.
        offsets: node v's influencers are ``sources[offsets[v]:offsets[v + 1]]``.
        sources: influencers, by falling probability within one influenced.
        uniform: the one probability of all ties into a node, or -1 where they differ.
        strengths: where any node's ties differ: each tie's probability (IC) or running sum (LT); else empty.
        model: ``ic`` or ``lt``.
    """

    ids: npt.NDArray[np.generic]
    offsets: Ints
    sources: Nodes
    uniform: Floats
    strengths: npt.NDArray[np.float32]
    model: Model

    @property
    def n(self) -> int:
        """How many nodes some tie names."""
        return len(self.ids)

    @property
    def m(self) -> int:
        """How many ties there are, self-ties and repeats not counted."""
        return len(self.sources)


def build_graph(
    influencers: npt.ArrayLike, influenced: npt.ArrayLike, probability: npt.ArrayLike | None, model: Model
) -> Graph:
    """The graph of these ties.

    Stated rules: a self-tie is dropped; a tie given more than once counts once, with its greatest
    probability; a probability
    of 0 is no tie, though its ends exist; without probabilities each of v's d influencers has 1/d (weighted
    cascade);
    under LT, chances into one node that sum to more than 1 are scaled down to 1.
    """
    if model not in ("ic", "lt"):
        raise Refused("model_unknown", str(model))
    ids, source, target = dense_ids(np.asarray(influencers), np.asarray(influenced))
    chance = None if probability is None else _probabilities(probability, len(source))
    kept = source != target if chance is None else (source != target) & (chance > 0)
    if not kept.all():
        source, target = source[kept], target[kept]
        chance = None if chance is None else chance[kept]
    if chance is None:
        return _weighted_cascade(ids, source, target, model)
    return _with_chances(ids, source, target, chance, model)


def dense_ids(
    left: npt.NDArray[np.generic], right: npt.NDArray[np.generic]
) -> tuple[npt.NDArray[np.generic], Ints, Ints]:
    """The distinct ids, ascending, and both columns as positions among them."""
    if left.ndim != 1 or left.shape != right.shape:
        raise Refused("ties_unequal_columns", f"{left.shape} {right.shape}")
    if len(left) == 0:
        raise Refused("graph_empty")
    for column in (left, right):
        if column.dtype.kind == "f" and not np.isfinite(column).all():
            raise Refused("id_missing")
    if left.dtype.kind in "iu" and right.dtype.kind in "iu":
        return _dense_integers(left.astype(np.int64, copy=False), right.astype(np.int64, copy=False))
    ids, places = np.unique(np.concatenate([left, right]), return_inverse=True)
    return _limited(ids), places[: len(left)].astype(np.int64), places[len(left) :].astype(np.int64)


def _dense_integers(left: Ints, right: Ints) -> tuple[npt.NDArray[np.generic], Ints, Ints]:
    low, high = min(int(left.min()), int(right.min())), max(int(left.max()), int(right.max()))
    if high - low > _TABLE_SPARE * 2 * len(left) + 1_000_000:
        ids = np.union1d(left, right)
        return _limited(ids), np.searchsorted(ids, left), np.searchsorted(ids, right)
    seen = np.zeros(high - low + 1, bool)
    seen[left - low] = True
    seen[right - low] = True
    place = np.cumsum(seen, dtype=np.int64) - 1
    return _limited(np.flatnonzero(seen) + low), place[left - low], place[right - low]


def _limited(ids: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
    if len(ids) > NODES_MAX:
        raise Refused("graph_too_large", str(len(ids)))
    return ids


def _probabilities(probability: npt.ArrayLike, rows: int) -> Floats:
    chance = np.asarray(probability, dtype=np.float64)
    if chance.shape != (rows,):
        raise Refused("ties_unequal_columns", f"{rows} {chance.shape}")
    wrong = ~((chance >= 0) & (chance <= 1))
    if wrong.any():
        first = int(np.argmax(wrong))
        raise Refused("probability_outside_0_1", f"{chance[first]} in row {first}")
    return chance


def _weighted_cascade(ids: npt.NDArray[np.generic], source: Ints, target: Ints, model: Model) -> Graph:
    n = len(ids)
    key = target * n + source
    key.sort()
    if len(key):
        key = key[np.concatenate([[True], key[1:] != key[:-1]])]
    target = key // n
    degree = np.bincount(target, minlength=n)
    sources = (key - target * n).astype(np.int32)
    uniform = 1.0 / np.maximum(degree, 1)
    return Graph(ids, _offsets(degree), sources, uniform, np.empty(0, np.float32), model)


def _with_chances(
    ids: npt.NDArray[np.generic], source: Ints, target: Ints, chance: Floats, model: Model
) -> Graph:
    n = len(ids)
    source, target, chance = _merged(source, target, chance, n)
    falling = (np.float32(1) - chance.astype(np.float32)).view(np.uint32).astype(np.int64)
    order = np.argsort((target << 32) | falling, kind="stable")
    source, target, chance = source[order], target[order], chance[order]
    degree = np.bincount(target, minlength=n)
    offsets = _offsets(degree)
    if model == "lt":
        total = np.bincount(target, weights=chance, minlength=n)
        chance = chance / np.maximum(total, 1.0)[target]
    uniform = _uniform(offsets, chance)
    if not (uniform == _MIXED).any():
        strengths = np.empty(0, np.float32)
    else:
        strengths = (chance if model == "ic" else _running_sums(offsets, degree, chance)).astype(np.float32)
    return Graph(ids, offsets, source.astype(np.int32), uniform, strengths, model)


def _merged(source: Ints, target: Ints, chance: Floats, n: int) -> tuple[Ints, Ints, Floats]:
    """Each tie once, with its greatest chance, by target and source."""
    key = target * n + source
    order = np.argsort(key, kind="stable")
    key, chance = key[order], chance[order]
    if len(key) == 0:
        return source, target, chance
    starts = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    if len(starts) < len(key):
        chance = np.maximum.reduceat(chance, starts)
        key = key[starts]
    target = key // n
    return key - target * n, target, chance


def _offsets(degree: Ints) -> Ints:
    return np.concatenate([[0], np.cumsum(degree)]).astype(np.int64)


def _uniform(offsets: Ints, chance: Floats) -> Floats:
    """The greatest chance into each node where it is also the least, else the mark of a mixed node."""
    some = offsets[1:] > offsets[:-1]
    uniform = np.zeros(len(some))
    if some.any():
        greatest, least = chance[offsets[:-1][some]], chance[offsets[1:][some] - 1]
        uniform[some] = np.where(greatest == least, greatest, _MIXED)
    return uniform


def _running_sums(offsets: Ints, degree: Ints, chance: Floats) -> Floats:
    total = np.cumsum(chance)
    before = np.concatenate([[0.0], total])[offsets[:-1]]
    running: Floats = np.minimum(total - np.repeat(before, degree), 1.0)
    return running
