"""Lists as readers see them: columns that know their side, rows of finished cells, order, pages and choice.

A column of the customers' side is left out for whoever may not see customers, in pages and files alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest

from guanxi.console.access import Asked
from guanxi.console.cells import Cell, cell
from guanxi.console.columns import Column
from guanxi.console.wish import PAGE_ROWS, Wish, address


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head with the address that orders the list by it."""

    column: Column
    href: str
    sorted: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its cells, and the page of whom or what it is about."""

    cells: tuple[Cell, ...]
    href: str


@dataclass(frozen=True, slots=True)
class Table:
    """A list ready to be shown or written to a file."""

    columns: tuple[Column, ...]
    offered: tuple[Column, ...]
    rows: tuple[Any, ...]
    total: int
    wish: Wish
    request: HttpRequest
    currency: str = ""

    @property
    def heads(self) -> list[Head]:
        """The columns' heads."""
        return [self._head(column) for column in self.columns]

    @property
    def lines(self) -> list[Line]:
        """The rows with written cells."""
        first = self.columns[0]
        return [
            Line(
                tuple(cell(column, row, self.currency) for column in self.columns),
                first.href(row) if first.href else "",
            )
            for row in self.rows
        ]

    @property
    def first(self) -> int:
        """Number of the first row shown."""
        return min(self.wish.offset + 1, self.total)

    @property
    def last(self) -> int:
        """Number of the last row shown."""
        return self.wish.offset + len(self.rows)

    @property
    def previous_href(self) -> str:
        """Address of the page before, or empty."""
        return address(self.request.GET, page=self.wish.page - 1) if self.wish.page > 1 else ""

    @property
    def next_href(self) -> str:
        """Address of the page after, or empty."""
        return address(self.request.GET, page=self.wish.page + 1) if self.last < self.total else ""

    @property
    def csv_href(self) -> str:
        """Address of the whole list as CSV."""
        return address(self.request.GET, drop=("page",), export="csv")

    @property
    def arrow_href(self) -> str:
        """Address of the whole list as an Arrow file."""
        return address(self.request.GET, drop=("page",), export="arrow")

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The wishes that the column chooser must keep."""
        drop = {"cols", "page", "export"}
        return [(n, v) for n, values in self.request.GET.lists() if n not in drop for v in values]

    def _head(self, column: Column) -> Head:
        here = self.wish.sort == column.key
        falling = self.wish.descending if here else not column.is_number
        href = address(self.request.GET, drop=("page",), sort=("" if falling else "-") + column.key)
        shown = ("descending" if self.wish.descending else "ascending") if here else ""
        return Head(column, href if column.sortable else "", shown)


def table(
    request: Asked, columns: Sequence[Column], wish: Wish, rows: Iterable[Any], total: int, currency: str = ""
) -> Table:
    """The list for this reader, where the query has already filtered, ordered and cut it."""
    offered = tuple(column for column in columns if column.visible_to(request.actor))
    wanted = [c for c in offered if c.key in wish.columns] if wish.columns else []
    chosen = wanted or [column for column in offered if not column.optional]
    if offered and offered[0] not in chosen:
        chosen.insert(0, offered[0])
    return Table(tuple(chosen), offered, tuple(rows), total, wish, request, currency)


def whole_table(
    request: Asked, columns: Sequence[Column], wish: Wish, rows: Sequence[Any], currency: str = ""
) -> Table:
    """The list for this reader from all its rows: filtered by text, ordered and cut here; for short lists."""
    visible = [column for column in columns if column.visible_to(request.actor)]
    found = [row for row in rows if _mentions(visible, row, wish.text)]
    order = next((c for c in visible if c.key == wish.sort and c.sortable), None)
    if order is not None:
        known = [row for row in found if order.value(row) is not None]
        unknown = [row for row in found if order.value(row) is None]
        found = sorted(known, key=_order_key(order), reverse=wish.descending) + unknown
    part = found if wish.export else found[wish.offset : wish.offset + PAGE_ROWS]
    return table(request, columns, wish, part, len(found), currency)


def without_page(wish: Wish) -> Wish:
    """The same wish from the first page."""
    return replace(wish, page=1)


def sort_key(columns: Sequence[Column], wish: Wish, otherwise: str) -> str:
    """The wished column if the list has it and can be ordered by it; never what was typed."""
    known: Mapping[str, Column] = {column.key: column for column in columns if column.sortable}
    return wish.sort if wish.sort in known else otherwise


def _order_key(column: Column) -> Callable[[Any], Any]:
    if column.is_number or column.kind in ("day", "moment"):
        return column.value
    return lambda row: str(column.value(row)).casefold()


def _mentions(columns: Sequence[Column], row: Any, text: str) -> bool:
    if not text:
        return True
    wanted = text.casefold()
    texts = (cell(column, row, "").text for column in columns if not column.is_number)
    return any(wanted in found.casefold() for found in texts)
