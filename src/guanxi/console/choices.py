"""Selects of a filter bar: what can be chosen, and what is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

from guanxi.console.wish import Wish


@dataclass(frozen=True, slots=True)
class Choice:
    """One select; ``label`` is shown where nothing is chosen."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    chosen: str


def choice(wish: Wish, name: str, label: str, options: Mapping[str, str | Promise]) -> Choice:
    """The select of one filter as the wish has it."""
    return Choice(name, label, tuple((k, str(v)) for k, v in options.items()), wish.chosen(name, options))
