"""The crosswalk as a grid one can click into: bands down, classes across, the unlinked on an edge of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.console import words, written
from guanxi.console.reasons import sentence
from guanxi.measurement.crosswalk import BANDS, CLASSES, UNLINKED, Cell, Crosswalk

CLASS_WORDS: Mapping[str, Promise] = {
    "top": gettext_lazy("top"),
    "high": gettext_lazy("high"),
    "middle": gettext_lazy("middle"),
    "low": gettext_lazy("low"),
    "no_orders": gettext_lazy("no orders"),
    UNLINKED: gettext_lazy("unlinked"),
}
CLASS_NOTES: Mapping[str, str] = {"top": "13–15", "high": "10–12", "middle": "7–9", "low": "3–6"}
ROW_WORDS: Mapping[str, Promise] = {
    **words.BANDS,
    "unknown": gettext_lazy("no weight yet"),
    UNLINKED: gettext_lazy("unlinked"),
}
HEATS = 5


@dataclass(frozen=True, slots=True)
class Square:
    """One cell: its people, what one of them spent or why it can't be said, and the rows behind."""

    count: str
    note: str
    title: str
    heat: int
    aside: bool
    href: str


@dataclass(frozen=True, slots=True)
class Line:
    """One band."""

    label: str
    squares: tuple[Square, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """The whole crosswalk."""

    heads: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]


def grid_of(cross: Crosswalk) -> Grid:
    """The grid; shades tell how many people, among those linked."""
    inside = [cell.people for cell in cross.cells if not _is_aside(cell)]
    most = max(inside, default=0) or 1
    lines = tuple(
        Line(
            words.word(ROW_WORDS, band),
            tuple(_square(cell, most, cross.currency) for cell in cross.row(band)),
        )
        for band in BANDS
    )
    heads = tuple((words.word(CLASS_WORDS, one), CLASS_NOTES.get(one, "")) for one in CLASSES)
    return Grid(heads, lines)


def _square(cell: Cell, most: int, currency: str) -> Square:
    heat = 0 if _is_aside(cell) or not cell.people else 1 + int((HEATS - 1) * (cell.people / most) ** 0.5)
    note, title = _money(cell, currency)
    return Square(written.number(cell.people), note, title, heat, _is_aside(cell), _rows(cell))


def _money(cell: Cell, currency: str) -> tuple[str, str]:
    if not cell.people:
        return "", ""
    if cell.code:
        return "", _("spent: can't say (%(why)s)") % {"why": sentence(cell.code)}
    each = written.money(round(cell.money_per_person or 0), currency, whole=True)
    return each, _("%(money)s a person, less returns") % {"money": each}


def _rows(cell: Cell) -> str:
    """The people of a cell as a question, where the builder can ask it; else the nearest list."""
    if not cell.people:
        return ""
    if cell.band == UNLINKED:
        return reverse("customers")
    band = f"band = {cell.band}" if cell.band != "unknown" else "band is unknown"
    if cell.rfm_class == UNLINKED:
        return _asking(f"{band} and not linked for contact")
    return _asking(f"{band} and linked for contact and {_CLASS_QUESTIONS[cell.rfm_class]}")


# A class is a sum of three fifths; a question asks the fifths one by one, so this is the class's core.
_CLASS_QUESTIONS = {
    "top": "r >= 4 and f >= 4 and m >= 4",
    "high": "r >= 3 and f >= 3 and m >= 3",
    "middle": "r >= 2 and f >= 2 and m >= 2 and m <= 4",
    "low": "f <= 2 and m <= 2",
    "no_orders": "count(ordered) = 0",
}


def _asking(question: str) -> str:
    return f"{reverse('new_segment')}?{urlencode({'text': f'fans where {question}'})}"


def _is_aside(cell: Cell) -> bool:
    return UNLINKED in (cell.band, cell.rfm_class)
