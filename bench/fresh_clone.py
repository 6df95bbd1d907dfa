"""From a fresh clone to an open console: `make demo`, once with everything to install and once again."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
import urllib.request
from pathlib import Path

from guanxi.vocabulary.progress import Progress

SCALES = (20_000,)  # the fans of the demonstration; `make demo` knows no other number
CHECKOUT = Path(__file__).parents[1]
OPEN = re.compile(r"Console: (http://\S+)")
LONGEST_SECONDS = 900.0


def run(scale: int, folder: Path, tell: Progress) -> dict[str, int]:
    """The console of a fresh clone was open, was ended, and was open again."""
    clone = folder / "clone"
    tell.begin("clone")
    _git("clone", "--quiet", str(CHECKOUT), str(clone))
    tell.end()
    for name in ("first make demo, to the open console", "second make demo, to the open console"):
        tell.begin(name)
        _demo(clone, folder)
        tell.end()
    return {"fans": scale}


def _demo(clone: Path, folder: Path) -> None:
    said = folder / "said.txt"
    with said.open("w") as log:
        made = subprocess.Popen(
            ["make", "demo"],
            cwd=clone,
            env=os.environ | {"GUANXI_DATA": str(folder / "brand")},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_until_open(made, said)
    finally:
        os.killpg(made.pid, signal.SIGINT)
        made.wait(60)


def _wait_until_open(made: subprocess.Popen[bytes], said: Path) -> None:
    began = time.monotonic()
    while time.monotonic() - began < LONGEST_SECONDS:
        if made.poll() is not None:
            raise SystemExit(f"make demo ended: {said.read_text()[-2000:]}")
        found = OPEN.search(said.read_text())
        if found and _answers(found[1]):
            return
        time.sleep(0.1)
    raise SystemExit("the console did not open")


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _git(*words: str) -> None:
    subprocess.run(["git", *words], check=True)
