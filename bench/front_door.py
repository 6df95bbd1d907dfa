"""The front door under load: single events and batches over HTTP, then their digest; and what rivals do with the same.

Each rival answers the same requests on the same Granian: one that stores nothing (the limit), the same door with
one transaction a request instead of one a group, and one that inserts each event by itself.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from guanxi.cli.opening import opened
from guanxi.vocabulary.progress import Progress

SCALES = (10,)
HERE = Path(__file__).parent / "load"
CONNECTIONS, SENDERS_OF_BATCHES = 128, 4
EVENTS_A_BATCH = 1_000
OURS = "guanxi"
RIVALS = ("nothing stored", "commit each", "insert each")


def run(scale: int, folder: Path, tell: Progress) -> dict[str, int]:
    """Every door was knocked at for ``scale`` seconds by single events and by batches; says what they took.

    `cpu us` is what a request, or an event of a batch, cost the door, the database and the sender together: with
    two cores, 200 microseconds of it are 10,000 requests a second.
    """
    counts: dict[str, int] = {}
    with opened(folder / "installation", create=True, tell=tell) as installation:
        from guanxi.listen.track.actions import make_write_key
        from guanxi.records.actor import SYSTEM

        key = make_write_key(SYSTEM, "bench", "web", "main")
        database = _server(installation.folder)
        for name in (OURS, *RIVALS):
            for events, connections in ((1, CONNECTIONS), (EVENTS_A_BATCH, SENDERS_OF_BATCHES)):
                if events > 1 and name == "insert each":
                    continue
                with _door(name, installation.folder) as (port, process):
                    tell.begin(f"{name}, {'single' if events == 1 else 'batches'}")
                    told = _knocked(port, key, connections, scale, events, (process, database))
                    tell.end()
                counts |= _lines(name, events, told)
        counts |= _digested(tell)
    return counts


def _lines(name: str, events: int, told: dict[str, Any]) -> dict[str, int]:
    what = f"{name}, {'single' if events == 1 else 'batches'}"
    if told["others"]:
        raise SystemExit(f"{what}: {told['others']}")
    return {
        f"{what}: events/s": round(told["events_s"]),
        f"{what}: p50 us": round(told["p50_ms"] * 1000),
        f"{what}: p99 us": round(told["p99_ms"] * 1000),
        f"{what}: cpu us": round(told["cpu_us"]),
        f"{what}: of it the sender": round(told["own_us"] / events),
    }


def _digested(tell: Progress) -> dict[str, int]:
    """Everything that was accepted is in the records and the lake."""
    from guanxi.composition.consumers import hear

    began = time.monotonic()
    moved = hear(tell)
    seconds = time.monotonic() - began
    return {"digested": moved, "digest: activities/s": round(moved / seconds)}


def _knocked(
    port: int, key: str, connections: int, seconds: int, events: int, paying: tuple[psutil.Process, ...]
) -> dict[str, Any]:
    warm = 2.0
    command = [
        sys.executable,
        str(HERE / "knock.py"),
        *map(str, (port, key, connections, seconds, events, warm)),
    ]
    before = sum(map(_spent, paying))
    told: dict[str, Any] = json.loads(
        subprocess.run(command, capture_output=True, text=True, check=True).stdout
    )
    spent = sum(map(_spent, paying)) - before
    requests = told["answered"] * (1 + warm / seconds)
    told["cpu_us"] = spent / (requests * events) * 1e6 + told["own_us"] / events
    return told


def _spent(process: psutil.Process) -> float:
    """Processor seconds of a process and of its living children."""
    total = 0.0
    for one in (process, *process.children(recursive=True)):
        try:
            times = one.cpu_times()
        except psutil.Error:
            continue
        total += times.user + times.system
    return total


@contextmanager
def _door(name: str, folder: Path) -> Iterator[tuple[int, psutil.Process]]:
    from load.parts import free_port, listening, part

    port = free_port()
    ours = part("door", folder, "--port", str(port))
    theirs = [str(HERE / "rivals.py"), name, str(port)]
    with listening(ours if name == OURS else theirs, port) as process:
        yield port, psutil.Process(process.pid)


def _server(folder: Path) -> psutil.Process:
    written = (folder / "postgres" / "postmaster.pid").read_text()
    return psutil.Process(int(written.splitlines()[0]))
