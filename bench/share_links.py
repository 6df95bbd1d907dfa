"""Share links under load: links followed and pages that say hello, each by somebody new; next to a door that stores
nothing.

`follow` is `/s/<token>`, a redirect with its count; `hello` is `/g/view`, where an opening is judged and becomes an
activity. A scale is how many seconds each lasts.
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from guanxi.cli.opening import opened
from guanxi.vocabulary.progress import Progress

SCALES = (10,)
HERE = Path(__file__).parent / "load"
CONNECTIONS = 64
SEEN = """
SELECT coalesce(sum(n) FILTER (WHERE verdict = 'redirected'), 0)::bigint,
    coalesce(sum(n) FILTER (WHERE verdict = 'counted'), 0)::bigint FROM share_verdict
"""


def run(scale: int, folder: Path, tell: Progress) -> dict[str, int]:
    """Both were done for so many seconds at both doors; fails where an answer was not written in the book."""
    from load.parts import free_port, listening, part

    with opened(folder / "installation", create=True, tell=tell) as installation:
        token = _link()
        counts: dict[str, int] = {}
        port = free_port()
        doors = {
            "guanxi": part("door", installation.folder, "--port", str(port)),
            "nothing stored": [str(HERE / "rivals.py"), "nothing stored", str(port)],
        }
        for name, command in doors.items():
            alike = [] if name == "guanxi" else ["alike"]
            with listening(command, port):
                for what in ("follow", "hello"):
                    tell.begin(f"{name}, {what}")
                    told = _knocked(port, token, what, scale, alike)
                    tell.end()
                    counts |= _lines(f"{name}, {what}", told)
        return counts | _written(counts)


def _link() -> str:
    from guanxi.listen.shares.actions import make_share_link
    from guanxi.records.actor import SYSTEM
    from guanxi.records.register import Place

    address = "https://brand.example/spring"
    return make_share_link(SYSTEM, Place("web", "main"), "spring", address, datetime.now(UTC))


def _knocked(port: int, token: str, what: str, seconds: int, alike: list[str]) -> dict[str, Any]:
    command = [
        sys.executable,
        str(HERE / "openings.py"),
        str(port),
        token,
        what,
        str(CONNECTIONS),
        str(seconds),
    ]
    ran = subprocess.run([*command, *alike], capture_output=True, text=True, check=True)
    told: dict[str, Any] = json.loads(ran.stdout)
    if told["others"]:
        raise SystemExit(f"{what}: {told['others']}")
    return told


def _lines(what: str, told: dict[str, Any]) -> dict[str, int]:
    return {
        f"{what}: openings/s": round(told["requests_s"]),
        f"{what}: p50 us": round(told["p50_ms"] * 1000),
        f"{what}: p99 us": round(told["p99_ms"] * 1000),
        f"{what}: answered": told["answered"],
    }


def _written(counts: dict[str, int]) -> dict[str, int]:
    """What the book holds, which is at least what was answered while it was measured."""
    from guanxi.records.databases import SOCIAL, raw

    row = raw(SOCIAL).execute(SEEN).fetchone()
    assert row is not None
    if row[0] < counts["guanxi, follow: answered"] or row[1] < counts["guanxi, hello: answered"]:
        raise SystemExit(f"answered and not written: {row} of {counts}")
    return {"redirects in the book": row[0], "openings counted": row[1]}
