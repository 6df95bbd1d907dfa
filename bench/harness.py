"""Runs one bench and says what it costs: seconds and peak memory of each step, and on which machine.

A bench is a module beside this one with `SCALES` and `run(scale, folder, tell)`, which returns counts: a number
each, or a row of named numbers. One that can measure an installation which exists has `looked_at(installation, tell)`
too. It runs in a process of its own; memory is that of the process and all its children, shared pages counted once
where the system can tell.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent
SAMPLE_EVERY_S = 0.1
SAMPLE_PAUSE = 20  # times as long as the sample took: reading a large memory costs time of its own
SAMPLE_RARELY_S = 1.0  # but a busy machine must not let a step pass unseen
MB = 1024 * 1024


@dataclass
class Step:
    name: str
    began: float
    seconds: float = 0.0
    peak_mb: int = 0
    over: bool = False


@dataclass
class Run:
    scale: int
    seconds: float = 0.0
    peak_mb: int = 0
    steps: list[Step] = field(default_factory=list)
    counts: dict[str, int | dict[str, int]] = field(default_factory=dict)

    def sampled(self, megabytes: int) -> None:
        self.peak_mb = max(self.peak_mb, megabytes)
        for step in self.steps:
            if not step.over:
                step.peak_mb = max(step.peak_mb, megabytes)

    def heard(self, event: str, word: Any, moment: float) -> None:
        if event == "begin":
            self._begin(word, moment)
        elif event == "end":
            step = next(step for step in reversed(self.steps) if not step.over)
            step.seconds, step.over = step.seconds + moment - step.began, True
        else:
            self.counts = word

    def _begin(self, name: str, moment: float) -> None:
        """A step that comes again adds to what it cost before."""
        step = next((step for step in self.steps if step.name == name and step.over), None)
        if step is None:
            self.steps.append(step := Step(name, moment))
        step.began, step.over = moment, False


class Telling:
    """Progress that tells the measuring process which step begins and ends."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def begin(self, step: str, total: int | None = None) -> None:
        self._pipe.send(("begin", step, time.monotonic()))

    def advance(self, n: int = 1) -> None:
        pass

    def end(self) -> None:
        self._pipe.send(("end", None, time.monotonic()))


def names() -> list[str]:
    return sorted(path.stem for path in HERE.glob("*.py") if path.stem != Path(__file__).stem)


def machine() -> dict[str, Any]:
    return {
        "processor": _chip(),
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "measured_on": datetime.now(UTC).date().isoformat(),
    }


def _chip() -> str:
    with suppress(OSError), open("/proc/cpuinfo") as lines:
        for line in lines:
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def _megabytes(root: psutil.Process) -> int:
    return sum(_own_bytes(one) for one in [root, *_children(root)]) // MB


def _children(root: psutil.Process) -> list[psutil.Process]:
    with suppress(psutil.Error):
        return root.children(recursive=True)
    return []


def _own_bytes(one: psutil.Process) -> int:
    """A page that n processes share counts 1/n for each (PSS); where that is not known, whole (RSS)."""
    with suppress(psutil.Error, AttributeError):
        return int(one.memory_full_info().pss)
    with suppress(psutil.Error):
        return int(one.memory_info().rss)
    return 0


def _child(home: Path, name: str, scale: int, folder: Path, existing: Path | None, pipe: Connection) -> None:
    """The bench itself, in its own process and its own installation folder, or in the one that exists."""
    os.environ["GUANXI_DATA"] = str(existing or folder / "installation")
    os.environ["DJANGO_SETTINGS_MODULE"] = "guanxi.site.settings"
    sys.path.insert(0, str(home))
    bench, tell = import_module(name), Telling(pipe)
    counts = bench.looked_at(existing, tell) if existing else bench.run(scale, folder, tell)
    pipe.send(("counts", counts, time.monotonic()))


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="guanxi-bench-"))
    folder.chmod(0o755)  # the embedded server may run as another user, who must pass through
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure(name: str, scale: int, home: Path = HERE, existing: Path | None = None) -> Run:
    """The bench has run once at the scale, or on the installation that exists; fails when it fails."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe(duplex=False)
    measured = Run(scale)
    with _folder() as folder:
        child = spawn.Process(target=_child, args=(home, name, scale, folder, existing, theirs))
        began = time.monotonic()
        child.start()
        theirs.close()
        _listen(measured, ours, psutil.Process(child.pid))
        child.join()
    measured.seconds = time.monotonic() - began
    if child.exitcode:
        raise SystemExit(f"bench {name} failed at scale {scale}" if scale else f"bench {name} failed")
    return measured


def _listen(measured: Run, pipe: Connection, child: psutil.Process) -> None:
    pause = SAMPLE_EVERY_S
    with suppress(EOFError):
        while True:
            while pipe.poll(pause):
                measured.heard(*pipe.recv())
            began = time.monotonic()
            measured.sampled(_megabytes(child))
            took = time.monotonic() - began
            pause = min(max(SAMPLE_EVERY_S, SAMPLE_PAUSE * took), SAMPLE_RARELY_S)


def drawn(name: str, runs: list[Run], on: dict[str, Any]) -> Iterator[Table]:
    for run in runs:
        size = f" at {run.scale:,}" if run.scale else ""
        table = Table("step", title=f"{name}{size}", caption=", ".join(str(v) for v in on.values()))
        table.add_column("seconds", justify="right")
        table.add_column("peak MB", justify="right")
        for step in run.steps:
            table.add_row(step.name, f"{step.seconds:.2f}", f"{step.peak_mb:,}")
        table.add_section()
        table.add_row("all, with set-up", f"{run.seconds:.2f}", f"{run.peak_mb:,}", style="bold")
        for what, n in run.counts.items():
            if isinstance(n, int):
                table.add_row(what, f"{n:,}", "", style="dim")
        yield table
        yield from _rows_drawn({what: row for what, row in run.counts.items() if isinstance(row, dict)})


def _rows_drawn(rows: dict[str, dict[str, int]]) -> Iterator[Table]:
    """Rows of named numbers as one table of their own, in the order in which they came."""
    if not rows:
        return
    table = Table("")
    names = list(next(iter(rows.values())))
    for name in names:
        table.add_column(name, justify="right")
    for what, row in rows.items():
        table.add_row(what, *(f"{row[name]:,}" for name in names))
    yield table


def figures(name: str, runs: list[Run], on: dict[str, Any]) -> dict[str, Any]:
    told = [asdict(run) for run in runs]
    for step in (step for run in told for step in run["steps"]):
        del step["began"], step["over"]
        step["seconds"] = round(step["seconds"], 3)
    return {"bench": name, "machine": on, "runs": told}


def main(name: str, scale: int | None = None, as_json: bool = False, existing: Path | None = None) -> None:
    """The bench's figures are printed; without a scale, for each scale that the bench is made for.

    Args:
        name: of the bench.
        scale: how large.
        as_json: as one JSON object.
        existing: the folder of an installation to measure instead of making one, where the bench can.
    """
    if name not in names():
        raise SystemExit(f"no bench {name}; there are: {', '.join(names())}")
    sys.path.insert(0, str(HERE))
    bench = import_module(name)
    if existing is not None and not hasattr(bench, "looked_at"):
        raise SystemExit(f"bench {name} makes its own installation")
    scales = [0] if existing else [scale] if scale else bench.SCALES
    runs, on = [measure(name, one, existing=existing) for one in scales], machine()
    if as_json:
        sys.stdout.write(json.dumps(figures(name, runs, on)) + "\n")
    else:
        for table in drawn(name, runs, on):
            Console().print(table)
