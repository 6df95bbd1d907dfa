"""Text cut into tokens with their places; full-width signs from a Chinese keyboard count as their plain ones.

It refuses what is no token with the place where it stands; it knows nothing of grammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from guanxi.question.nodes import TEXT_CHARS_MAX
from guanxi.vocabulary.reasons import Refused


class Sort(StrEnum):
    """What a token is; also what a reader is told was expected."""

    WORD = "word"
    QUOTED = "quoted"
    DATE = "date"
    NUMBER = "number"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True)
class Token:
    """One token: its sort, its meaning (unquoted, plain) and where it starts in the text."""

    sort: Sort
    text: str
    position: int

    @property
    def key(self) -> str:
        """What grammar compares: words without case, signs as they are, nothing for quoted text."""
        if self.sort is Sort.WORD:
            return self.text.casefold()
        return self.text if self.sort is Sort.SIGN else ""


class Unreadable(Refused):
    """The text is no question: at ``position`` (counted from 0) one of ``expected`` should stand."""

    def __init__(self, position: int, expected: tuple[str, ...], found: str = "") -> None:
        super().__init__("question_unreadable", f"{position}: {found}" if found else str(position))
        self.position = position
        self.expected = expected
        self.found = found


_PLAIN = str.maketrans("（），＝＞＜！．", "(),=><!.")
_TWO_SIGNS = {"≥": ">=", "≤": "<=", "≠": "!="}
_PATTERN = re.compile(
    r"(?P<space>\s+)"
    r'|(?P<quoted>"(?:[^"\\]|\\.)*"|“[^”]*”)'
    r"|(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2}(?![\w-]))"
    r"|(?P<number>-?[0-9]{1,15}(?!\w))"
    r"|(?P<word>[^\W\d]\w*)"
    r"|(?P<sign>[>＞][=＝]|[<＜][=＝]|[!！][=＝]|[≥≤≠=<>(),.＝＜＞（），．])",
    re.DOTALL,
)


def tokens(text: str) -> tuple[Token, ...]:
    """The tokens of a text, ended by one of sort END."""
    if len(text) > TEXT_CHARS_MAX:
        raise Refused("question_too_long", str(TEXT_CHARS_MAX))
    return tuple(_scan(text))


def _scan(text: str) -> Iterator[Token]:
    position = 0
    while position < len(text):
        match = _PATTERN.match(text, position)
        if match is None:
            raise Unreadable(position, (Sort.WORD, Sort.NUMBER, Sort.QUOTED), text[position])
        sort = match.lastgroup or ""
        if sort != "space":
            yield Token(Sort(sort), _meaning(Sort(sort), match.group()), position)
        position = match.end()
    yield Token(Sort.END, "", position)


def _meaning(sort: Sort, raw: str) -> str:
    if sort is Sort.SIGN:
        return _TWO_SIGNS.get(raw, raw.translate(_PLAIN))
    if sort is not Sort.QUOTED:
        return raw
    inner = raw[1:-1]
    return re.sub(r"\\(.)", r"\1", inner, flags=re.DOTALL) if raw[0] == '"' else inner
