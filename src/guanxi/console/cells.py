"""How one value of a row is written: its text, its tone, its chips; the same for tables, cards and lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from guanxi.console import words, written
from guanxi.console.columns import Column
from guanxi.console.reasons import sentence


@dataclass(frozen=True, slots=True)
class Chip:
    """A short fact in a coloured pill."""

    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """A reason with what is particular to this row; a file carries its code alone."""

    code: str
    detail: str = ""

    def __str__(self) -> str:
        """The code."""
        return self.code


@dataclass(frozen=True, slots=True)
class Cell:
    """One written value.

    Attributes:
        text: the value as words or digits.
        chips: the value as pills, where it is a code or several.
        href: the address behind it.
        bar: a share of 100 drawn behind a number, or None.
    """

    column: Column
    text: str
    chips: tuple[Chip, ...] = ()
    href: str = ""
    bar: int | None = None


def cell(column: Column, row: Any, currency: str) -> Cell:
    """The row's value in this column, written for the reader."""
    value = column.value(row)
    href = column.href(row) if column.href else ""
    if value is None or value == "":
        return Cell(column, written.ABSENT, (), href)
    chips = _CHIPS.get(column.kind)
    if chips is not None:
        found = chips(value)
        return Cell(column, ", ".join(chip.text for chip in found) or written.ABSENT, found, href)
    if column.kind == "money":
        return Cell(column, written.money(value, getattr(row, "currency", currency)), (), href)
    if column.kind == "bar":
        return Cell(column, written.share(value), (), href, round(value * 100))
    return Cell(column, _TEXTS[column.kind](value), (), href)


def state_chip(code: str) -> Chip:
    """The state of a link, message, plan or invitation."""
    return Chip(words.word(words.STATES, code), words.STATE_TONES.get(code, "plain"))


def verdict_chip(code: str) -> Chip:
    """What the leash decided."""
    return Chip(words.word(words.VERDICTS, code), words.VERDICT_TONES.get(code, "plain"))


def band_chip(code: str) -> Chip:
    """The band of a fan; only igniters and amplifiers carry colour."""
    tone = {"igniter": "love", "amplifier": "social"}.get(code, "plain")
    return Chip(words.word(words.BANDS, code), tone)


def _reason_chips(codes: Any) -> tuple[Chip, ...]:
    wanted = [codes] if isinstance(codes, str) else list(codes)
    told = [code if isinstance(code, Why) else Why(code) for code in wanted]
    return tuple(Chip(sentence(why.code, why.detail), "reason") for why in told)


def _law_chips(found: Any) -> tuple[Chip, ...]:
    if tuple(found) == ("allowed",):
        return (Chip(_("allowed"), "go"),)
    return tuple(Chip(_("forbidden by %(rule)s") % {"rule": rule}, "stop") for rule in found)


def _yes_no(value: bool) -> str:
    return _("yes") if value else _("no")


_CHIPS: dict[str, Callable[[Any], tuple[Chip, ...]]] = {
    "state": lambda code: (state_chip(code),),
    "verdict": lambda code: (verdict_chip(code),),
    "band": lambda code: (band_chip(code),),
    "reasons": _reason_chips,
    "said": lambda texts: tuple(Chip(str(text), "reason") for text in texts),
    "points": lambda code: (Chip(words.word(words.POINTS, code), "love" if code == "love" else "money"),),
    "verdict_of_law": _law_chips,
    "chips": lambda texts: tuple(Chip(str(text), "plain") for text in texts),
}
_TEXTS: dict[str, Callable[[Any], str]] = {
    "text": str,
    "wrap": str,
    "small": str,
    "copied": str,
    "plain": lambda code: str(code).replace("_", " "),
    "number": written.number,
    "tenths": written.tenths,
    "tenths_left": written.tenths_left,
    "share": written.share,
    "decimal": lambda value: written.number(value, 2),
    "signed": lambda value: written.signed(value, 2),
    "day": written.day,
    "moment": written.moment,
    "platform": lambda code: words.word(words.PLATFORMS, code),
    "kind": lambda code: words.word({**words.KINDS, **words.MOVED}, code),
    "entry": lambda code: words.word(words.ENTRIES, code),
    "signed_whole": written.signed,
    "fact": lambda code: words.word(words.FACTS, code),
    "side": lambda code: words.word(words.SIDES, code),
    "purpose": lambda code: words.word(words.PURPOSES, code),
    "yes": _yes_no,
}
