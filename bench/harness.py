"""Runs one bench and says what it costs: seconds and peak memory of each step, and on which machine.

A bench is a module beside this one with `SCALES` and `run(scale, folder, tell)`, which returns counts. It
runs in a process of its own; memory is that of the process and all its children, shared pages counted once
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
from collections.abc import Callable, Iterator
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
    counts: dict[str, int] = field(default_factory=dict)

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


def _child(home: Path, name: str, scale: int, folder: Path, pipe: Connection) -> None:
    """The bench itself, in its own process and its own installation folder."""
    os.environ["GUANXI_DATA"] = str(folder / "installation")
    os.environ["DJANGO_SETTINGS_MODULE"] = "guanxi.site.settings"
    sys.path.insert(0, str(home))
    run: Callable[..., dict[str, int]] = import_module(name).run
    pipe.send(("counts", run(scale, folder, Telling(pipe)), time.monotonic()))


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="guanxi-bench-"))
    folder.chmod(0o755)  # the embedded server may run as another user, who must pass through
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure(name: str, scale: int, home: Path = HERE) -> Run:
    """The bench has run once at the scale; fails when it fails."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe(duplex=False)
    measured = Run(scale)
    with _folder() as folder:
        child = spawn.Process(target=_child, args=(home, name, scale, folder, theirs))
        began = time.monotonic()
        child.start()
        theirs.close()
        _listen(measured, ours, psutil.Process(child.pid))
        child.join()
    measured.seconds = time.monotonic() - began
    if child.exitcode:
        raise SystemExit(f"bench {name} failed at scale {scale}")
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
        table = Table(
            "step", title=f"{name} at {run.scale:,}", caption=", ".join(str(v) for v in on.values())
        )
        table.add_column("seconds", justify="right")
        table.add_column("peak MB", justify="right")
        for step in run.steps:
            table.add_row(step.name, f"{step.seconds:.2f}", f"{step.peak_mb:,}")
        table.add_section()
        table.add_row("all, with set-up", f"{run.seconds:.2f}", f"{run.peak_mb:,}", style="bold")
        for what, n in run.counts.items():
            table.add_row(what, f"{n:,}", "", style="dim")
        yield table


def figures(name: str, runs: list[Run], on: dict[str, Any]) -> dict[str, Any]:
    told = [asdict(run) for run in runs]
    for step in (step for run in told for step in run["steps"]):
        del step["began"], step["over"]
        step["seconds"] = round(step["seconds"], 3)
    return {"bench": name, "machine": on, "runs": told}


def main(name: str, scale: int | None = None, as_json: bool = False) -> None:
    """The bench's figures are printed; without a scale, for each scale that the bench is made for."""
    if name not in names():
        raise SystemExit(f"no bench {name}; there are: {', '.join(names())}")
    sys.path.insert(0, str(HERE))
    scales = [scale] if scale else import_module(name).SCALES
    runs, on = [measure(name, one) for one in scales], machine()
    if as_json:
        sys.stdout.write(json.dumps(figures(name, runs, on)) + "\n")
    else:
        for table in drawn(name, runs, on):
            Console().print(table)
