"""Message templates without logic: text, and a few variables that are allowed by name.

``{{offer}}`` and ``{{campaign}}`` are the same for everyone. What is the person's own (``{{name|friend}}``,
``{{city|your city}}``) needs words for when it is not known or not to be used. Anything else is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from guanxi.vocabulary.reasons import Refused

SHARED = frozenset({"offer", "campaign"})
PERSONAL = frozenset({"name", "city"})
TEXT_MAX = 2000
_VALUE_MAX = 80
_MARK = re.compile(r"\{\{\s*(\w+)\s*(?:\|([^{}|]*))?\}\}")
_STRAY = re.compile(r"\{\{|\}\}|\{%|%\}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """Literal text, or a variable with the words that stand in for it."""

    text: str
    variable: str | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """A template that was read whole."""

    pieces: tuple[Piece, ...]

    def render(self, shared: Mapping[str, str], person: Mapping[str, str]) -> str:
        """The message; an empty ``person`` gives the generic variant."""
        return "".join(_said(piece, shared, person) for piece in self.pieces)


def parse(text: str) -> Template:
    """The template that a text states; refused where it is empty, too long or says what it may not."""
    if not text.strip() or len(text) > TEXT_MAX:
        raise Refused("template_length", str(len(text)))
    pieces: list[Piece] = []
    end = 0
    for mark in _MARK.finditer(text):
        pieces += [Piece(text[end : mark.start()]), _variable(mark[1], mark[2])]
        end = mark.end()
    pieces.append(Piece(text[end:]))
    for piece in pieces:
        if piece.variable is None and _STRAY.search(piece.text):
            raise Refused("template_unreadable", piece.text[:40])
    return Template(tuple(piece for piece in pieces if piece.text or piece.variable))


def _variable(name: str, instead: str | None) -> Piece:
    if name not in SHARED | PERSONAL:
        raise Refused("template_variable", name)
    if name in PERSONAL and not (instead or "").strip():
        raise Refused("template_without_words", name)
    return Piece((instead or "").strip(), name)


def _said(piece: Piece, shared: Mapping[str, str], person: Mapping[str, str]) -> str:
    if piece.variable is None:
        return piece.text
    value = (shared if piece.variable in SHARED else person).get(piece.variable, "")
    # A nickname is a stranger's text: one line, no control characters, not endless.
    return _CONTROL.sub(" ", value).strip()[:_VALUE_MAX] or piece.text
