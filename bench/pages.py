"""What each page of the console costs whoever opens it, at so many fans: cold, again, in processor time; and its size.

Every page that links, filters and orders lead to is opened, one of each shape; the worker does not run, so pages are
timed alone. `cold` is the page's first opening after the system forgot the lake's files; `again` the median of five
more; `cpu` what one of those took of all processors, database included. With `--data FOLDER` the pages of an
installation that exists are opened, and nothing is built.
"""

from __future__ import annotations

import os
import re
import statistics
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import psutil

from guanxi.cli.opening import opened
from guanxi.vocabulary.progress import SILENT, Progress

SCALES = (100_000, 1_000_000)
AGAIN = 5
PAINTED_S = 1.0
FILTERED_S = 0.5
MB = 1024 * 1024
ALSO = (
    "/people/fans/?q=Lily",
    "/people/fans/?page=40",
    "/people/fans/?page=4000",
    "/people/customers/?page=2000",
    "/influence/weights/?page=400",
    "/influence/map/found/?q=Lily",
    "/act/segments/new/?text=band+in+(igniter,+amplifier)+and+city+%3D+%22Shanghai%22",
    "/act/segments/new/?text=count(viewed,+opened)+%3E%3D+3+within+30+days+and+not+unfollowed",
    "/act/segments/new/?text=fans+linked+for+reward+where+r+%3E%3D+4+and+gender+is+unknown",
)

Counts = dict[str, int | dict[str, int]]
Get = Callable[[str], bytes]


def run(scale: int, folder: Path, tell: Progress) -> Counts:
    """A world of so many fans has gone one round, and every page of its console was opened."""
    tell.begin("a world, one round")
    import_module("round").run(scale, folder, SILENT)
    tell.end()
    return looked_at(folder / "installation", tell)


def looked_at(installation: Path, tell: Progress) -> Counts:
    """Every page of an installation that exists, the slowest first; and how many were slower than promised."""
    from load.touring import toured
    from load.visiting import visited

    with opened(installation, tell=SILENT), visited(installation) as visit:
        tell.begin("finding the pages")
        places = [*dict.fromkeys([*toured(visit.get, [*_navigation(), *ALSO]), *ALSO])]
        places += _replays(places)
        tell.end()
        tell.begin("opening them")
        told = {path: _opened(visit.get, path, installation) for path in places}
        tell.end()
        memory = _web_megabytes()
    return {**_summed(told), "web process MB": memory, **_missed(places), **_worst_first(told)}


def _summed(told: dict[str, dict[str, int]]) -> dict[str, int]:
    """Filters, orders and pages of lists are held to the shorter promise."""
    narrowed = [row["again ms"] for path, row in told.items() if "?" in path]
    return {
        "pages": len(told),
        "first paint over a second, cold": sum(row["cold ms"] > PAINTED_S * 1000 for row in told.values()),
        "over a second, again": sum(row["again ms"] > PAINTED_S * 1000 for row in told.values()),
        "filters and orders": len(narrowed),
        "of these over half a second": sum(ms > FILTERED_S * 1000 for ms in narrowed),
    }


def _worst_first(told: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    return dict(sorted(told.items(), key=lambda one: -one[1]["again ms"]))


def _opened(get: Get, path: str, installation: Path) -> dict[str, int]:
    """Milliseconds of a page, cold and again, and its kilobytes."""
    _forgotten(installation)
    cold, size = _timed(get, path)
    used = _cpu_seconds()
    again = statistics.median(_timed(get, path)[0] for _ in range(AGAIN))
    cpu = (_cpu_seconds() - used) / AGAIN
    return {
        "again ms": round(again * 1000),
        "cold ms": round(cold * 1000),
        "cpu ms": round(cpu * 1000),
        "KB": round(size / 1024),
    }


def _navigation() -> list[str]:
    from django.urls import reverse

    from guanxi.console.shell import SECTIONS

    return [reverse(entry.name) for section in SECTIONS for entry in section.entries]


def _replays(places: list[str]) -> list[str]:
    """The map asks for a cascade by itself, and no link leads there."""
    found = next((path for path in places if re.fullmatch(r"/influence/map/\d+/", path)), None)
    return [f"{found}replay/"] if found else []


def _missed(places: list[str]) -> dict[str, int]:
    """Doors that no link led to: pages of what this installation has not, and deeds, which are forms."""
    from django.urls import URLPattern, resolve

    from guanxi.console.urls import urlpatterns

    seen = {resolve(path.partition("?")[0]).url_name for path in places}
    doors = [one for one in urlpatterns if isinstance(one, URLPattern) and hasattr(one.callback, "needs")]
    return {f"no link to {one.name}": 0 for one in doors if one.name not in seen and not one.callback.deed}


def _forgotten(installation: Path) -> None:
    """The system keeps nothing of the lake's files in memory, where it lets a process say so."""
    if not hasattr(os, "posix_fadvise"):
        return
    for path in installation.glob("**/*.parquet"):
        with path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _timed(get: Get, path: str) -> tuple[float, int]:
    began = time.perf_counter()
    body = get(path)
    return time.perf_counter() - began, len(body)


def _cpu_seconds() -> float:
    """What the console and its database have used so far; this process, which only asks, apart."""
    return sum(sum(one.cpu_times()[:2]) for one in _parts())


def _web_megabytes() -> int:
    return max((one.memory_info().rss for one in _parts() if "part" in one.cmdline()), default=0) // MB


def _parts() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)
