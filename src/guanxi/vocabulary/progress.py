"""How long work tells a door what it is doing; rooms speak to it, doors draw it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """What a step calls while it works."""

    def begin(self, step: str, total: int | None = None) -> None:
        """A step has started; ``total`` units of work are known to lie ahead, or None."""

    def advance(self, n: int = 1) -> None:
        """``n`` more units are done."""

    def end(self) -> None:
        """The step that began last is over."""


class _Silent:
    def begin(self, step: str, total: int | None = None) -> None:
        pass

    def advance(self, n: int = 1) -> None:
        pass

    def end(self) -> None:
        pass


SILENT: Progress = _Silent()
