"""A number on a page with what must stand beside it: where its rows are, how it changed, what it can see.

A figure whose coverage lies below its floor says that it can't say.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from guanxi.console import written

FLOOR = 0.05
Text = str | Promise


@dataclass(frozen=True, slots=True)
class Coverage:
    """What share of the whole a number can see at all; an unknown whole is not a full one."""

    seen: int
    whole: int | None
    of_what: Text
    floor: float = FLOOR

    @property
    def share(self) -> float | None:
        """Seen per whole, or None where the whole is unknown or empty."""
        return self.seen / self.whole if self.whole else None

    @property
    def says(self) -> bool:
        """Whether enough is seen for the number to be shown."""
        return self.share is not None and self.share >= self.floor

    @property
    def dash(self) -> str:
        """The seen part of a ring whose length is 100."""
        seen = round((self.share or 0.0) * 100)
        return f"{seen} {100 - seen}"

    @property
    def text(self) -> str:
        """The coverage as a sentence."""
        if self.share is None:
            return _("can't say how many %(what)s we see") % {"what": self.of_what}
        return _("can see %(share)s of %(what)s") % {"share": written.share(self.share), "what": self.of_what}

    @property
    def exact(self) -> str:
        """The two counts behind the share."""
        whole = written.number(self.whole)
        return _("%(seen)s of %(whole)s") % {"seen": written.number(self.seen), "whole": whole}


PEOPLE: Text = pgettext_lazy("coverage", "people")
SHARES: Text = pgettext_lazy("coverage", "shares")
PURCHASES: Text = pgettext_lazy("coverage", "purchases")


@dataclass(frozen=True, slots=True)
class Change:
    """How a number differs from the same number of another period; ``good`` tells which way is better."""

    now: float
    before: float
    period: Text
    good: int = 1

    @property
    def text(self) -> str:
        """The relative change with sign, or the difference where before was nothing."""
        if not self.before:
            return written.signed(self.now - self.before)
        relative = (self.now - self.before) / self.before
        return ("+" if relative > 0 else "") + written.share(relative, 0 if abs(relative) >= 0.1 else 1)

    @property
    def tone(self) -> str:
        """``up`` where it went the better way, ``down`` the worse, empty where neither."""
        way = (self.now > self.before) - (self.now < self.before)
        return {1: "up", -1: "down"}.get(way * self.good, "")


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a strip."""

    label: Text
    value: str
    href: str = ""
    unit: Text = ""
    side: str = ""
    note: Text = ""
    change: Change | None = None
    coverage: Coverage | None = None
    spark: tuple[float, ...] = ()

    @property
    def says(self) -> bool:
        """Whether the value may be shown."""
        return self.coverage is None or self.coverage.says

    @property
    def spark_points(self) -> str:
        """The small curve in a box of 100 by 32, from zero."""
        top = max(self.spark, default=0) or 1
        last = max(len(self.spark) - 1, 1)
        return " ".join(f"{i * 100 / last:.1f},{30 - v * 28 / top:.1f}" for i, v in enumerate(self.spark))
