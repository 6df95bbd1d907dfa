"""Columns of lists: what a column shows, whose side it is of, and who may see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from guanxi.records.actor import Actor, Permission

Text = str | Promise
_SIDES = {
    "social": Permission.SEE_SOCIAL,
    "customers": Permission.SEE_CUSTOMERS,
    "link": Permission.SEE_LINKS,
}
_NUMBERS = frozenset(
    {"number", "tenths", "tenths_left", "share", "money", "decimal", "signed", "signed_whole"}
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list.

    Attributes:
        key: the row's attribute, and the column's name in addresses and files.
        kind: how a value is written (`guanxi.console.cells`).
        side: whose database it comes from (social, customers, link); love and money only colour it.
        narrow: whether it stays on a narrow screen's card.
        optional: whether it is hidden until chosen.
        sortable: whether the list can be ordered by it.
        href: the address behind a row's value.
        of: the value, where it is not simply the attribute.
        needs: a permission beyond the side's own.
    """

    key: str
    label: Text
    kind: str = "text"
    side: str = ""
    unit: Text = ""
    narrow: bool = False
    optional: bool = False
    sortable: bool = True
    href: Callable[[Any], str] | None = None
    of: Callable[[Any], Any] | None = None
    needs: Permission | None = None

    @property
    def is_number(self) -> bool:
        """Whether values stand to the right."""
        return self.kind in _NUMBERS

    def value(self, row: Any) -> Any:
        """The row's plain value, as files carry it."""
        return self.of(row) if self.of else getattr(row, self.key)

    def visible_to(self, actor: Actor) -> bool:
        """Whether the actor may see it at all."""
        wanted = (self.needs, _SIDES.get(self.side))
        return all(actor.may(permission) for permission in wanted if permission)
