"""Who hangs together: connected components over arrays of links, each named by its smallest identity.

Pure; knows nothing of fans or customers. Cost: O(links x log(longest chain)), no Python loop over links.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Codes: TypeAlias = NDArray[np.int64]


def components(left: Codes, right: Codes) -> tuple[Codes, Codes]:
    """Every identity that has a link, ascending, and beside it the smallest identity it hangs together with.

    Each round lets both ends of a link, and the roots they point at, take the smaller label, then halves
    every path (Shiloach and Vishkin 1982); it ends when no link joins two labels.

    >>> identities, persons = components(np.array([2, 8]), np.array([5, 5]))
    >>> identities.tolist(), persons.tolist()
    ([2, 5, 8], [2, 2, 2])
    """
    identities, places = np.unique(np.concatenate([left, right]).astype(np.int64), return_inverse=True)
    a, b = places[: len(left)], places[len(left) :]
    label = np.arange(len(identities))
    while True:
        least = np.minimum(label[a], label[b])
        if np.array_equal(label[a], label[b]):
            return identities, identities[label]
        np.minimum.at(label, label[a], least)
        np.minimum.at(label, label[b], least)
        label = _flattened(label)


def _flattened(label: NDArray[np.intp]) -> NDArray[np.intp]:
    while True:
        onward = label[label]
        if np.array_equal(onward, label):
            return label
        label = onward
