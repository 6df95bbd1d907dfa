"""A question's tree in the reader's words: one pill for each condition, nested as the conditions are joined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from guanxi.console.act.sentences import said
from guanxi.question.describe import Chip, Group

_TONES = {"social": "social", "customers": "customers", "relationship": "link"}


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


def spoken(node: Chip | Group) -> str:
    """The whole tree as one sentence; what is joined within another is in brackets."""
    if isinstance(node, Chip):
        return said(node)
    parts = [_within(part) for part in node.parts]
    if node.joiner == "not":
        return _("not: %(condition)s") % {"condition": parts[0]}
    return (_("; and ") if node.joiner == "and" else _("; or ")).join(parts)


def judged(node: Chip | Group, truths: Iterable[bool | None]) -> list[tuple[str, bool | None]]:
    """Each condition as it is meant, turned where ``not`` stands before it, with the truth of that."""
    meant = zip(_leaves(node), truths, strict=True)
    return [
        (_("not: %(condition)s") % {"condition": said(chip)}, None if truth is None else not truth)
        if turned
        else (said(chip), truth)
        for (chip, turned), truth in meant
    ]


def _leaves(node: Chip | Group, turned: bool = False) -> Iterator[tuple[Chip, bool]]:
    if isinstance(node, Chip):
        yield node, turned
        return
    for part in node.parts:
        yield from _leaves(part, turned != (node.joiner == "not"))


def _within(part: Chip | Group) -> str:
    if isinstance(part, Chip) or part.joiner == "not":
        return spoken(part)
    return _("(%(conditions)s)") % {"conditions": spoken(part)}
