"""Charts as plain values: what is drawn in the browser and the table that says the same in words and digits.

Axes start at zero unless a chart says otherwise; an interval is a band or a whisker, never a footnote.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

from guanxi.console import written

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Series:
    """One curve or set of bars.

    Attributes:
        tone: a colour token (love, money, social, customers, ink, soft).
        low: lower ends of the values' intervals; empty where none are known.
        high: upper ends.
        hrefs: the address behind each value.
        dashed: whether it is a model's or a baseline's, not a count.
    """

    name: Text
    values: Sequence[float | None]
    tone: str = "social"
    low: Sequence[float | None] = ()
    high: Sequence[float | None] = ()
    hrefs: Sequence[str] = ()
    dashed: bool = False

    def spec(self) -> dict[str, Any]:
        """The series as the browser's code reads it."""
        return {
            "name": str(self.name),
            "values": list(self.values),
            "tone": self.tone,
            "low": list(self.low),
            "high": list(self.high),
            "hrefs": list(self.hrefs),
            "dashed": self.dashed,
        }


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on the x axis worth a word."""

    x: float | str
    label: Text


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture with its caption and its table.

    Attributes:
        name: unique on the page.
        kind: lines, bars, stacked, across (bars lying down), points or heat.
        x: places or names along the first axis (for points: x of each point).
        share: whether values are shares of one, written per cent.
        extra: what only some kinds need (`regions`, `labels`, `cells`, `rows`).
    """

    name: str
    kind: str
    caption: Text
    x_label: Text
    y_label: Text
    x: Sequence[float | str]
    series: Sequence[Series]
    marks: Sequence[Mark] = ()
    share: bool = False
    x_share: bool = False
    size: str = ""
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def script_id(self) -> str:
        """Id of the element that carries the values."""
        return f"chart-{self.name}"

    def spec(self) -> dict[str, Any]:
        """The chart as the browser's code reads it."""
        return {
            "kind": self.kind,
            "title": str(self.caption),
            "xLabel": str(self.x_label),
            "yLabel": str(self.y_label),
            "x": list(self.x),
            "series": [series.spec() for series in self.series],
            "marks": [{"x": mark.x, "label": str(mark.label)} for mark in self.marks],
            "share": self.share,
            "xShare": self.x_share,
            **self.extra,
        }

    @property
    def head(self) -> list[str]:
        """Heads of the table behind the picture."""
        return [str(self.x_label), *(str(series.name) for series in self.series)]

    @property
    def rows(self) -> list[list[tuple[str, str]]]:
        """Rows of the table behind the picture: each text with the address behind it, or none."""
        return [
            [(self._x(x), ""), *((self._y(series, i), _href(series, i)) for series in self.series)]
            for i, x in enumerate(self.x)
        ]

    def _x(self, value: float | str) -> str:
        if isinstance(value, str):
            return value
        return (
            written.share(value) if self.x_share else written.number(value, 0 if value == int(value) else 2)
        )

    def _y(self, series: Series, index: int) -> str:
        if index >= len(series.values):
            return written.ABSENT
        text = self._written(series.values[index])
        if index < len(series.low):
            text += f" ({self._written(series.low[index])} … {self._written(series.high[index])})"
        return text

    def _written(self, value: float | None) -> str:
        if value is None:
            return written.ABSENT
        return (
            written.share(value, 1) if self.share else written.number(value, 0 if value == int(value) else 2)
        )


def _href(series: Series, index: int) -> str:
    return series.hrefs[index] if index < len(series.hrefs) and series.values[index] else ""
