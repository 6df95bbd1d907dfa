"""Progress on a terminal: a bar for every step, its time when it is over, nothing where nobody looks."""

from __future__ import annotations

import time
from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from guanxi.cli.words import STEPS


class TerminalProgress:
    """Draws steps on standard error; keeps how long each took."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True)
        self._bars = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=28),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
        )
        self._open: list[tuple[str, TaskID, float]] = []
        self.seconds: dict[str, float] = {}

    def __enter__(self) -> TerminalProgress:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def begin(self, step: str, total: int | None = None) -> None:
        """A bar appears."""
        task = self._bars.add_task(STEPS.get(step, step), total=total)
        self._open.append((step, task, time.monotonic()))

    def advance(self, n: int = 1) -> None:
        """The newest bar grows."""
        if self._open:
            self._bars.advance(self._open[-1][1], n)

    def end(self) -> None:
        """The newest bar is replaced by a line with its time."""
        step, task, began = self._open.pop()
        seconds = time.monotonic() - began
        self.seconds[step] = self.seconds.get(step, 0.0) + seconds
        self._bars.remove_task(task)
        if not self._open:
            self._console.print(f"  [dim]{STEPS.get(step, step)}[/dim]  {seconds:.1f} s", highlight=False)
