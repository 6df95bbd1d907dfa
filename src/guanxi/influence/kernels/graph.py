"""Ties as compressed rows: for each influenced, who influences them and with what chance.

Knows nothing of fans; nodes are 0..n-1 in the order of their ids. Refuses what is not a probability.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from guanxi.influence.kernels.building import (
    dense_places,
    even_draws,
    even_rows,
    marked_ids,
    mixed_draws,
    ranked_rows,
)
from guanxi.influence.kernels.sampling import DIRECT
from guanxi.vocabulary.reasons import Refused

Model = Literal["ic", "lt"]
Ints = npt.NDArray[np.int64]
Nodes = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

NODES_MAX = 2**31 - 2
_ONE = np.int32(0x3F800000)  # the bits of 1.0: chances in [0, 1] are ordered as their bits are
_TABLE_SPARE = 4


@dataclass(frozen=True)
class Graph:
    """Who can move whom, by influenced.

    Attributes:
        ids: the id of each node, ascending; ids that no tie names do not exist here.
        offsets: node v's influencers are ``sources[offsets[v]:offsets[v + 1]]``.
        sources: influencers, by falling probability within one influenced.
        quiet: the chance that none of the ties into a node fires; 0 where it is not worth knowing.
        scale: what turns a draw into a tie of a node whose ties are alike: 1/ln(1 - p) under IC, 1/p under LT;
            0 where they differ.
        strengths: where any node's ties differ: each tie's probability (IC) or running sum (LT); else empty.
        model: ``ic`` or ``lt``.
    """

    ids: npt.NDArray[np.generic]
    offsets: Ints
    sources: Nodes
    quiet: Floats
    scale: Floats
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
    """The graph of these ties; with 32-bit ids and no probabilities it takes 4 bytes a tie and 24 a node.

    Stated rules: a self-tie is dropped; a tie given more than once counts once, with its greatest
    probability; a probability of 0 is no tie, though its ends exist; without probabilities each of v's d
    influencers has 1/d (weighted cascade); under LT, chances into one node that sum to more than 1 are scaled
    down to 1. Probabilities are kept to seven digits.
    """
    if model not in ("ic", "lt"):
        raise Refused("model_unknown", str(model))
    ids, source, target = _placed(np.asarray(influencers), np.asarray(influenced))
    walks = model == "lt"
    if probability is None:
        offsets, sources = even_rows(source, target, len(ids))
        quiet, scale = even_draws(offsets, walks)
        return Graph(ids, offsets, sources, quiet, scale, np.empty(0, np.float32), model)
    falling = _ONE - _probabilities(probability, len(source)).view(np.int32)
    offsets, sources, ranks = ranked_rows(source, target, falling, _ONE, len(ids))
    strengths = (_ONE - ranks).view(np.float32)
    quiet, scale, alike = mixed_draws(offsets, strengths, walks, DIRECT)
    if alike:
        strengths = np.empty(0, np.float32)
    return Graph(ids, offsets, sources, quiet, scale, strengths, model)


def dense_ids(
    left: npt.NDArray[np.generic], right: npt.NDArray[np.generic]
) -> tuple[npt.NDArray[np.generic], Ints, Ints]:
    """The distinct ids, ascending, and both columns as positions among them."""
    ids, source, target = _placed(left, right)
    return ids, source.astype(np.int64), target.astype(np.int64)


def _placed(
    left: npt.NDArray[np.generic], right: npt.NDArray[np.generic]
) -> tuple[npt.NDArray[np.generic], Nodes, Nodes]:
    if left.ndim != 1 or left.shape != right.shape:
        raise Refused("ties_unequal_columns", f"{left.shape} {right.shape}")
    if len(left) == 0:
        raise Refused("graph_empty")
    for column in (left, right):
        if column.dtype.kind == "f" and not np.isfinite(column).all():
            raise Refused("id_missing")
    if left.dtype.kind in "iu" and right.dtype.kind in "iu":
        return _placed_integers(left, right)
    ids, places = np.unique(np.concatenate([left, right]), return_inverse=True)
    return _limited(ids), places[: len(left)].astype(np.int32), places[len(left) :].astype(np.int32)


def _placed_integers(
    left: npt.NDArray[np.generic], right: npt.NDArray[np.generic]
) -> tuple[npt.NDArray[np.generic], Nodes, Nodes]:
    low, high = min(int(left.min()), int(right.min())), max(int(left.max()), int(right.max()))
    if high - low > _TABLE_SPARE * 2 * len(left) + 1_000_000:
        ids = np.union1d(left, right)
        places = [np.searchsorted(ids, ends).astype(np.int32) for ends in (left, right)]
        return _limited(ids), places[0], places[1]
    seen = np.zeros(high - low + 1, bool)
    marked_ids(left, low, seen)
    marked_ids(right, low, seen)
    place = np.cumsum(seen, dtype=np.int32) - np.int32(1)
    ids = np.flatnonzero(seen) + low
    return _limited(ids), dense_places(left, low, place), dense_places(right, low, place)


def _limited(ids: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
    if len(ids) > NODES_MAX:
        raise Refused("graph_too_large", str(len(ids)))
    return ids


def _probabilities(probability: npt.ArrayLike, rows: int) -> npt.NDArray[np.float32]:
    chance = np.asarray(probability)
    if chance.shape != (rows,):
        raise Refused("ties_unequal_columns", f"{rows} {chance.shape}")
    wrong = ~((chance >= 0) & (chance <= 1))
    if wrong.any():
        first = int(np.argmax(wrong))
        raise Refused("probability_outside_0_1", f"{chance[first]} in row {first}")
    return np.abs(chance.astype(np.float32))
