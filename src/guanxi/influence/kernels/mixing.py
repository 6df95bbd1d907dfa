"""Mixtures over a grid of rates: what owners' counts say of it, and the mean and ends of each cell's mixture.

A cell is one owner with one pair of counts. Kernels hold no lock, so that callers' threads take ranges of cells;
the answer never depends on how many threads there are.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numba as nb
import numpy as np
import numpy.typing as npt

from guanxi.influence.kernels.graph import Floats, Ints

Singles = npt.NDArray[np.float32]
THREADS = 2
_FAR = -40.0


@nb.njit(cache=True, nogil=True)
def totals(owner: Ints, kind: Ints, repeats: Ints, likelihood: Floats, owners: int) -> Floats:
    """Each owner's log-likelihood at each rate, added in the order of the cells."""
    found = np.zeros((owners, likelihood.shape[1]))
    for cell in range(len(owner)):
        for rate in range(likelihood.shape[1]):
            found[owner[cell], rate] += repeats[cell] * likelihood[kind[cell], rate]
    return found


@nb.njit(cache=True, nogil=True)
def betas_below(a: Floats, b: Floats, odds: Floats, logs: tuple[Floats, Floats]) -> Singles:
    """By row, place of ``odds`` and column, the share of the beta of (a, b) below that place, by trapezes.

    Args:
        a: by row and column, and
        b: the same: the betas.
        odds: log-odds, ascending.
        logs: at each place the logarithm of the chance, and of the chance that it does not happen.
    """
    rows, columns = b.shape
    found = np.zeros((rows, len(odds), columns), np.float32)
    for row in range(rows):
        for column in range(columns):
            _beta_below(a[row, 0], b[row, column], odds, logs, found[row, :, column])
    return found


@nb.njit(cache=True, nogil=True)
def _beta_below(a: float, b: float, odds: Floats, logs: tuple[Floats, Floats], found: Singles) -> None:
    mode = np.log(a / b)
    peak = -a * np.log1p(b / a) - b * np.log1p(a / b)
    total, before = 0.0, 0.0
    for place in range(len(odds)):
        # Far from the mode there is nothing to add, and that is nearly everywhere.
        height = a * logs[0][place] + b * logs[1][place] - peak
        density = np.exp(height) if height > _FAR else 0.0
        if place > 0:
            total += (density + before) * (odds[place] - odds[place - 1]) / 2
        found[place], before = total, density
    for place in range(len(odds)):
        # Between two places where the grid is coarse, a narrow beta is a step.
        found[place] = found[place] / total if total > 0 else (1.0 if odds[place] >= mode else 0.0)


@nb.njit(cache=True, nogil=True)
def _range(
    begin: int, end: int, places: tuple[Ints, Ints], weights: Singles, tables: tuple[Floats, Singles],
    grid: Floats, tail: float, found: Floats,
) -> None:  # fmt: skip
    owner, kind = places
    first, below = tables
    for cell in range(begin, end):
        row, table = weights[owner[cell]], below[kind[cell]]
        mean = 0.0
        for rate in range(len(row)):
            mean += row[rate] * first[kind[cell], rate]
        found[0, cell] = mean
        found[1, cell] = min(mean, _end(row, table, grid, tail))
        found[2, cell] = max(mean, _end(row, table, grid, 1 - tail))


@nb.njit(cache=True, nogil=True)
def _end(row: Singles, table: Singles, grid: Floats, share: float) -> float:
    """The point of the grid, between its places, below which this share of the mixture lies."""
    low, high = 0, len(grid) - 1
    while high - low > 1:
        middle = (low + high) // 2
        if _below(row, table[middle]) < share:
            low = middle
        else:
            high = middle
    left, right = _below(row, table[low]), _below(row, table[high])
    part = (share - left) / (right - left) if right > left else 0.0
    place = grid[low] + min(1.0, max(0.0, part)) * (grid[high] - grid[low])
    return float(1 / (1 + np.exp(-place)))


# Sums may be taken in any order, so that eight rates are looked at in one step.
@nb.njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
def _below(row: Singles, shares: Singles) -> float:
    total = np.float32(0.0)
    for rate in range(len(row)):
        total += row[rate] * shares[rate]
    return float(total)


def mixed(
    places: tuple[Ints, Ints], weights: Floats, tables: tuple[Floats, Singles], grid: Floats, level: float
) -> Floats:
    """Rows mean, low and high by cell.

    Args:
        places: by cell, its owner (a row of ``weights``) and its kind (a row of both tables).
        weights: by owner, the share of each rate.
        tables: by kind and rate, the expected chance; and by kind, place of the grid and rate, the share below.
        grid: log-odds, ascending.
        level: how much of the mixture lies between low and high.
    """
    found, singles = np.zeros((3, len(places[0]))), weights.astype(np.float32)
    cuts = np.linspace(0, len(places[0]), THREADS + 1).astype(int).tolist()
    with ThreadPoolExecutor(THREADS) as pool:
        tasks = [
            pool.submit(_range, begin, end, places, singles, tables, grid, (1 - level) / 2, found)
            for begin, end in pairwise(cuts)
        ]
        for task in tasks:
            task.result()
    return found
