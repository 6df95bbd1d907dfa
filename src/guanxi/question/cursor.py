"""A place in a row of tokens: look, take, expect; it counts how deep the reader has gone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from guanxi.question.nodes import DEPTH_MAX
from guanxi.question.tokens import Sort, Token, Unreadable
from guanxi.vocabulary.reasons import Refused


class Cursor:
    """Reads tokens once, left to right."""

    def __init__(self, row: tuple[Token, ...]) -> None:
        self._row = row
        self._place = 0
        self._depth = 0

    @property
    def now(self) -> Token:
        """The token to be read next."""
        return self._row[self._place]

    @property
    def after(self) -> Token:
        """The token behind the next one; the end where there is none."""
        return self._row[min(self._place + 1, len(self._row) - 1)]

    def take(self) -> Token:
        """The next token, now read; the end is never passed."""
        token = self.now
        if token.sort is not Sort.END:
            self._place += 1
        return token

    def accept(self, key: str) -> bool:
        """True, and the token read, where it is that word or sign."""
        if self.now.key != key:
            return False
        self.take()
        return True

    def expect(self, *keys: str) -> str:
        """Which of the words or signs stands here, now read."""
        if self.now.key not in keys:
            raise self.unreadable(*keys)
        return self.take().key

    def expect_sort(self, *sorts: Sort) -> Token:
        """The next token, which is of one of these sorts, now read."""
        if self.now.sort not in sorts:
            raise self.unreadable(*sorts)
        return self.take()

    def unreadable(self, *expected: str) -> Unreadable:
        """The refusal to raise at this place."""
        return Unreadable(self.now.position, tuple(str(word) for word in expected), self.now.text)

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """One level further in; refused beyond the limit, before the reader's own stack grows."""
        self._depth += 1
        if self._depth > 2 * DEPTH_MAX:
            raise Refused("question_too_deep", str(DEPTH_MAX))
        yield
        self._depth -= 1
