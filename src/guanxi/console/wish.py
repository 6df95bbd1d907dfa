"""What the reader asks of a list: order, page, filters, columns, or a file; read from the address only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict

PAGE_ROWS = 50
EXPORT_ROWS = 100_000
FORMATS = ("csv", "arrow")


@dataclass(frozen=True, slots=True)
class Wish:
    """A list as it was asked for; nothing in it is trusted before it meets the list's own columns.

    Attributes:
        sort: key of the column that orders the list; empty for the list's own order.
        descending: whether the largest come first.
        page: 1 for the first.
        text: what was typed into the filter.
        choices: values chosen for the named filters.
        columns: keys of chosen columns; empty for the usual ones.
        export: the wanted file format, or empty for a page.
    """

    sort: str = ""
    descending: bool = True
    page: int = 1
    text: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    export: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether less than the whole list from its beginning was asked for."""
        return bool(self.text or self.choices or self.page > 1)

    @property
    def limit(self) -> int:
        """How many rows are wanted at most."""
        return EXPORT_ROWS if self.export else PAGE_ROWS

    @property
    def offset(self) -> int:
        """How many rows come before."""
        return 0 if self.export else (self.page - 1) * PAGE_ROWS

    def chosen(self, name: str, allowed: Mapping[str, object] | None = None) -> str:
        """The value of a filter; empty where none or one that is not allowed was chosen."""
        value = self.choices.get(name, "")
        return value if allowed is None or value in allowed else ""

    def chosen_number(self, name: str) -> int | None:
        """The value of a filter as a whole number; None where it is none."""
        value = self.choices.get(name, "")
        return int(value) if value.isdecimal() and len(value) < 19 else None


_OWN = frozenset({"sort", "page", "q", "cols", "export"})


def wish_of(request: HttpRequest, sort: str = "", descending: bool = True) -> Wish:
    """The wish in the request's address, with the list's own order where it states none."""
    asked = request.GET
    wanted = asked.get("sort", "")
    page = asked.get("page", "1")
    export = asked.get("export", "")
    return Wish(
        sort=wanted.removeprefix("-") or sort,
        descending=wanted.startswith("-") if wanted else descending,
        page=max(1, int(page)) if page.isdecimal() and len(page) < 7 else 1,
        text=asked.get("q", "").strip()[:200],
        choices={name: str(value) for name, value in asked.items() if name not in _OWN and value},
        columns=tuple(asked.getlist("cols")),
        export=export if export in FORMATS else "",
    )


def address(asked: QueryDict, drop: tuple[str, ...] = (), **changes: str | int) -> str:
    """The same list with some of its wishes changed, as the query part of an address."""
    kept = [
        (name, value)
        for name, values in asked.lists()
        if name not in changes and name not in drop
        for value in values
        if value
    ]
    return "?" + urlencode([*kept, *changes.items()])
