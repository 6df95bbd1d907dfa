"""A question's tree in the reader's words: one pill for each condition, nested as the conditions are joined."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from guanxi.console import words, written
from guanxi.question.describe import Chip, Group, Span
from guanxi.question.nodes import Value
from guanxi.vocabulary.ids import Side

FIELDS: Mapping[str, Promise] = {
    "platform": gettext_lazy("platform"),
    "band": gettext_lazy("band"),
    "community": gettext_lazy("community"),
    "r": gettext_lazy("recency (R)"),
    "f": gettext_lazy("frequency (F)"),
    "m": gettext_lazy("money (M)"),
    "love": gettext_lazy("love points"),
    "spend": gettext_lazy("spend points"),
    "tier": gettext_lazy("tier"),
}
SCORES: Mapping[str, Promise] = {
    "daily": gettext_lazy("daily activity"),
    "campaign": gettext_lazy("campaign activity"),
}
OPS: Mapping[str, Promise | str] = {
    "eq": pgettext_lazy("comparison", "is"),
    "ne": pgettext_lazy("comparison", "is not"),
    "in": pgettext_lazy("comparison", "is one of"),
    "lt": "<",
    "le": "≤",
    "gt": ">",
    "ge": "≥",
    "known": pgettext_lazy("comparison", "is known"),
    "unknown": pgettext_lazy("comparison", "is unknown"),
}
_TONES = {"social": "social", "customers": "customers", "relationship": "link"}
_SIGNS = {"eq": "=", "ne": "≠"}


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition as a pill.

    Attributes:
        place: its number among all conditions, from 1, left to right.
        text: the condition in the reader's words.
        source: the same as it was typed.
        tone: the side whose rows it reads.
        known: of how many it is known, once it was asked.
        share: the same as a share of all who were asked.
    """

    place: int
    text: str
    source: str
    tone: str
    known: int | None = None
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Bunch:
    """Clauses and bunches with the word that joins them; ``not`` holds one."""

    joiner: str
    parts: tuple[Clause | Bunch, ...]

    @property
    def word(self) -> str:
        """The joining word."""
        return {"and": _("all of"), "or": _("any of"), "not": _("not")}[self.joiner]


def worded(node: Chip | Group, known: Mapping[int, tuple[int, float | None]] | None = None) -> Clause | Bunch:
    """The tree in words; ``known`` gives for a place of how many the condition is known."""
    return _worded(node, iter(range(1, 1000)), known or {})


def _worded(
    node: Chip | Group, places: Iterable[int], known: Mapping[int, tuple[int, float | None]]
) -> Clause | Bunch:
    if isinstance(node, Group):
        return Bunch(node.joiner, tuple(_worded(part, places, known) for part in node.parts))
    place = next(iter(places))
    count, share = known.get(place, (None, None))
    return Clause(place, said(node), node.text, _TONES[node.side], count, share)


def said(chip: Chip) -> str:
    """One condition as a reader says it."""
    words_of = {
        "fact": _fact,
        "field": _field,
        "count": _count,
        "score": _score,
        "linked": _linked,
        "followed": _followed,
    }
    return words_of[chip.code](chip) if chip.code in words_of else _("no longer follows")


def _fact(chip: Chip) -> str:
    values = [words.word(words.FACTS, value) if isinstance(value, str) else value for value in chip.values]
    name = words.word(words.FACTS, chip.name)
    if chip.side is Side.CUSTOMERS:
        name = _("customer's %(fact)s") % {"fact": name}
    return _compared(name, chip.op, values)


def _field(chip: Chip) -> str:
    named = {"platform": words.PLATFORMS, "band": words.BANDS}.get(chip.name, {})
    values = [words.word(named, value) if isinstance(value, str) else value for value in chip.values]
    return _compared(words.word(FIELDS, chip.name), chip.op, values)


def _compared(name: str, op: str, values: Iterable[Value]) -> str:
    listed = _(", ").join(str(value) for value in values)
    return " ".join(part for part in (name, str(OPS[op]), listed) if part)


def _count(chip: Chip) -> str:
    kinds = _(" or ").join(words.word(words.KINDS, kind) for kind in chip.kinds)
    about = _("about “%(topic)s”") % {"topic": chip.topic} if chip.topic else ""
    where = (
        _("on %(platform)s") % {"platform": words.word(words.PLATFORMS, chip.platform)}
        if chip.platform
        else ""
    )
    often = _("%(op)s %(n)s times") % {"op": _sign(chip.op), "n": written.number(_first(chip))}
    return " ".join(part for part in (kinds, about, where, often, span(chip.span)) if part)


def _score(chip: Chip) -> str:
    name = words.word(SCORES, chip.name)
    return f"{name} {_sign(chip.op)} {written.number(_first(chip))} {span(chip.span)}"


def _linked(chip: Chip) -> str:
    if chip.name == "reward":
        return _("linked, surely enough for rewards")
    return _("linked, surely enough for messages")


def _followed(chip: Chip) -> str:
    return _("followed %(when)s") % {"when": span(chip.span)}


def span(found: Span | None) -> str:
    """A window of time as a reader says it; empty where there is none."""
    if found is None:
        return ""
    if found.code == "last":
        if found.months:
            return _("within %(n)s months") % {"n": found.months}
        return _("within %(n)s days") % {"n": found.days}
    if not found.first:
        return _("until %(day)s") % {"day": found.last}
    if not found.last:
        return _("since %(day)s") % {"day": found.first}
    return _("from %(first)s to %(last)s") % {"first": found.first, "last": found.last}


def _sign(op: str) -> str:
    return _SIGNS.get(op, str(OPS[op]))


def _first(chip: Chip) -> int:
    return int(chip.values[0])
