"""Has everything loaded and becomes any part of an installation at once: `python stage.py` with GUANXI_DATA set.

Reads a line of JSON, the name of a role and its words, and answers with the number of the process that plays it.
"""
# ruff: noqa: E402, T201 (Django is set up before what needs it; numbers are answers)

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.site.settings")

import django

django.setup()

from guanxi.cli import importing, parts
from guanxi.composition.supervise import Supervisor
from guanxi.composition.verify import verify
from guanxi.composition.worker import carry as _loaded_for_the_worker  # noqa: F401
from guanxi.listen.door import front as _loaded_for_the_door  # noqa: F401
from guanxi.listen.track.actions import make_write_key
from guanxi.records.actor import SYSTEM
from guanxi.records.installation import Installation

FOLDER = Path(os.environ["GUANXI_DATA"])


def keeper() -> None:
    Supervisor(Installation.open(FOLDER), []).run()


def importer(mapping: str, done: str, *files: str) -> None:
    importing.import_files([Path(file) for file in files], Path(mapping), FOLDER, json=True)
    Path(done).touch()


def worker() -> None:
    parts.worker(FOLDER)


def door(port: str) -> None:
    parts.door(FOLDER, "127.0.0.1", int(port))


def key(name: str, told: str) -> None:
    _tell(told, make_write_key(SYSTEM, name, "web", "main"))


def teller(told: str) -> None:
    _tell(told, [[check.name, check.holds, check.detail] for check in verify()])


def _tell(path: str, words: object) -> None:
    fresh = Path(f"{path}.fresh")
    fresh.write_text(json.dumps(words))
    fresh.rename(path)


ROLES = {role.__name__: role for role in (keeper, importer, worker, door, key, teller)}


def play(name: str, words: list[str]) -> None:
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(FOLDER.parent / f"{name}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(log, stream)
    try:
        ROLES[name](*words)
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        name, *words = json.loads(line)
        number = os.fork()
        if number == 0:
            play(name, words)
        print(number, flush=True)
