"""Kills at random moments while files are imported, a door is knocked at and everything is digested."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil
from running import environment, free_pair, guanxi, nobody_left, until

FILES, LINES = 8, 250
EVENTS = 40
VICTIMS = ("postgres", "backend", "keeper", "importer", "worker", "door")
MAPPING = """
source = "clicks"
format = "csv"
platform = "web"
account = "files"
[activity]
kind = "liked"
actor = "fan"
content = "page"
time = { column = "second", format = "unix" }
"""


@dataclass
class Stage:
    """The processes of one installation, each of which may be killed and is played again."""

    folder: Path
    port: int = field(default_factory=free_pair)
    numbers: dict[str, int] = field(default_factory=dict)
    sets: int = 0
    knocked: int = 0

    def open(self) -> None:
        guanxi(self.folder, "init")
        self.play_from = subprocess.Popen(
            [sys.executable, "-W", "ignore", str(Path(__file__).with_name("stage.py"))],
            env=environment(self.folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        (self.folder.parent / "clicks.toml").write_text(MAPPING)
        self.play("keeper")
        until(lambda: self.postmaster(), "the database")
        self.key = json.loads(self.told("key", "visitors"))
        self.play("worker")
        self.play("door", str(self.port))

    def play(self, name: str, *words: str) -> None:
        assert self.play_from.stdin is not None
        assert self.play_from.stdout is not None
        self.play_from.stdin.write(json.dumps([name, *words]) + "\n")
        self.play_from.stdin.flush()
        self.numbers[name] = int(self.play_from.stdout.readline())

    def told(self, name: str, *words: str) -> str:
        """What a role answers; asked again where the database was away."""
        answer = self.folder.parent / f"{name}.json"
        answer.unlink(missing_ok=True)

        def asked() -> str | None:
            if not answer.exists() and not self.alive(name):
                self.play(name, *words, str(answer))
            return answer.read_text() if answer.exists() else None

        return until(asked, name)

    def alive(self, name: str) -> bool:
        return name in self.numbers and psutil.pid_exists(self.numbers[name])

    def postmaster(self) -> psutil.Process | None:
        with contextlib.suppress(psutil.Error, OSError, ValueError, IndexError):
            written = (self.folder / "postgres" / "postmaster.pid").read_text().splitlines()
            found = psutil.Process(int(written[0]))
            return found if found.name() == "postgres" and written[7].strip() == "ready" else None
        return None

    def tend_importer(self) -> None:
        """A set of files is always being imported; one that was not finished is begun again."""
        if self.alive("importer"):
            return
        if self.sets and not self.done(self.sets).exists():
            self._import(self.sets)
        else:
            self.sets += 1
            _write_files(self.folder.parent, self.sets)
            self._import(self.sets)

    def done(self, number: int) -> Path:
        return self.folder.parent / f"set-{number}.done"

    def _import(self, number: int) -> None:
        around = self.folder.parent
        files = [str(around / f"set-{number}-{place}.csv") for place in range(FILES)]
        self.play("importer", str(around / "clicks.toml"), str(self.done(number)), *files)

    def kill(self, victim: str, rng: random.Random) -> None:
        """The victim is dead and, where nobody else would, played again."""
        if victim in ("postgres", "backend"):
            server = until(self.postmaster, "the database")
            with contextlib.suppress(psutil.NoSuchProcess):  # it may end by itself in this very moment
                backends = server.children()
                target = server if victim == "postgres" or not backends else rng.choice(backends)
                target.kill()
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.numbers[victim], signal.SIGKILL)
        until(lambda: not self.alive(victim), f"the end of {victim}")
        if victim in ("keeper", "worker"):
            self.play(victim)
        elif victim == "door":
            self.play("door", str(self.port))

    def checks(self) -> dict[str, tuple[bool, str]]:
        return {name: (holds, detail) for name, holds, detail in json.loads(self.told("teller"))}


def _write_files(folder: Path, number: int) -> None:
    for place in range(FILES):
        first = (number * FILES + place) * LINES
        lines = [
            f"fan{line % 997},page{line % 31},{1_790_000_000 + line}" for line in range(first, first + LINES)
        ]
        (folder / f"set-{number}-{place}.csv").write_text("\n".join(["fan,page,second", *lines]) + "\n")


@contextlib.contextmanager
def knocking(stage: Stage) -> Iterator[None]:
    """Somebody sends batch after batch, each again until it is acknowledged."""
    ending = threading.Event()

    def knock() -> None:
        with httpx.Client(auth=(stage.key, ""), timeout=10) as client:
            while not ending.is_set():
                batch = [_event(stage.knocked * EVENTS + n) for n in range(EVENTS)]
                while not _acknowledged(client, stage.port, batch):
                    time.sleep(0.1)
                stage.knocked += 1
                time.sleep(0.02)

    thread = threading.Thread(target=knock, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join(60)
    assert not thread.is_alive(), "the last batch was never acknowledged"


def _event(number: int) -> dict[str, object]:
    return {
        "type": "track",
        "event": "Content Liked",
        "messageId": f"m{number}",
        "userId": f"visitor{number % 53}",
        "timestamp": "2026-10-01T00:00:00Z",
        "properties": {"content_id": f"page{number % 7}"},
    }


def _acknowledged(client: httpx.Client, port: int, batch: list[dict[str, object]]) -> bool:
    try:
        answer = client.post(f"http://127.0.0.1:{port}/v1/batch", json={"batch": batch})
    except httpx.HTTPError:
        return False
    assert answer.status_code in (200, 503), answer.text
    return answer.status_code == 200


def kill_at_random(folder: Path, kills: int, seed: int) -> dict[str, int]:
    """Everything that was acknowledged or imported is counted exactly once after so many kills."""
    rng = random.Random(seed)
    stage = Stage(folder)
    with nobody_left(folder):
        stage.open()
        with knocking(stage):
            for turn in range(kills):
                victim = VICTIMS[turn % len(VICTIMS)] if turn < len(VICTIMS) else rng.choice(VICTIMS)
                stage.tend_importer()
                time.sleep(rng.uniform(0.05, 0.8))
                stage.kill(victim, rng)
        until(lambda: stage.tend_importer() or stage.done(stage.sets).exists(), "the last file")
        facts = stage.sets * FILES * LINES + stage.knocked * EVENTS
        until(lambda: stage.checks()["social_counted_once"][1].endswith(" 0 waiting"), "the digest", 60)
        checks = stage.checks()
        assert all(holds for holds, _ in checks.values()), checks
        assert checks["social_engagement_once"][1] == f"{facts:,} facts", (checks, stage.sets, stage.knocked)
        assert checks["social_counted_once"][1].startswith(f"{facts:,} accepted")
    return {"kills": kills, "facts": facts, "files": stage.sets * FILES, "batches": stage.knocked}
