"""The grid of recency by frequency, best recency first; shade says how many. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

STEPS = (5, 4, 3, 2, 1)
SHADES = 5


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell: how many, what they brought, how dark it is, whether it is the chosen one."""

    f: int
    count: int
    note: str
    heat: int
    current: bool


@dataclass(frozen=True, slots=True)
class GridRow:
    """The cells of one recency."""

    r: int
    cells: tuple[GridCell, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """All cells, most recent first."""

    columns: tuple[int, ...]
    rows: tuple[GridRow, ...]


def grid(counted: Mapping[tuple[int, int], tuple[int, str]], chosen: tuple[int, int]) -> Grid:
    """The grid of (recency, frequency) -> (how many, what they brought)."""
    most = max((count for count, _ in counted.values()), default=0)
    columns = tuple(reversed(STEPS))

    def cell(r: int, f: int) -> GridCell:
        count, note = counted.get((r, f), (0, ""))
        return GridCell(f, count, note, shade(count, most), (r, f) == chosen)

    return Grid(columns, tuple(GridRow(r, tuple(cell(r, f) for f in columns)) for r in STEPS))


def shade(count: int, most: int) -> int:
    """How dark a cell is, 0 for none to 5 for the most.

    >>> shade(0, 10), shade(1, 10), shade(10, 10)
    (0, 1, 5)
    """
    return -(-count * SHADES // most) if count and most else 0
