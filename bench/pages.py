"""What each page of the navigation costs whoever opens it, at so many fans: the first time and again, and its size.

The worker does not run: pages are timed alone. `first` is the page's first opening after the web part started;
`again` the median of five more. Some lists are also searched and ordered otherwise.
"""

from __future__ import annotations

import re
import statistics
import time
from importlib import import_module
from pathlib import Path

from guanxi.cli.opening import opened
from guanxi.vocabulary.progress import SILENT, Progress

SCALES = (100_000, 1_000_000)
AGAIN = 5
NARROWED = (
    "/people/fans/?q=Lily",
    "/people/fans/?sort=-daily",
    "/people/fans/?window=all",
    "/people/fans/?follows=yes",
    "/people/fans/?page=40",
    "/people/customers/?sort=-monetary",
    "/people/customers/?q=Li",
)


def run(scale: int, folder: Path, tell: Progress) -> dict[str, int]:
    """A world of so many fans has gone one round, and every page of its console was opened six times."""
    tell.begin("a world, one round")
    import_module("round").run(scale, folder, SILENT)
    tell.end()
    return opened_pages(folder / "installation", tell)


def opened_pages(installation: Path, tell: Progress) -> dict[str, int]:
    """By page: milliseconds and kilobytes, and how many pages took longer than a second when opened again."""
    from load.visiting import visited

    counts: dict[str, int] = {}
    with opened(installation, tell=SILENT), visited(installation) as visit:
        tell.begin("pages")
        slow = 0
        for path in [
            *_navigation(),
            *_cards(visit.get("/people/fans/"), visit.get("/people/customers/")),
            *NARROWED,
        ]:
            first, size = _timed(visit.get, path)
            again = statistics.median(_timed(visit.get, path)[0] for _ in range(AGAIN))
            slow += again > 1
            counts |= {f"{path} first ms": round(first * 1000), f"{path} again ms": round(again * 1000)}
            counts[f"{path} KB"] = round(size / 1024)
        tell.end()
    return {**counts, "pages over a second": slow}


def _navigation() -> list[str]:
    from django.urls import reverse

    from guanxi.console.shell import SECTIONS

    return [reverse(entry.name) for section in SECTIONS for entry in section.entries]


def _cards(*lists: bytes) -> list[str]:
    """The card of the first row of each list."""
    found = (re.search(rb'href="(/people/(?:fans|customers)/\d+/)"', page) for page in lists)
    return [match[1].decode() for match in found if match]


def _timed(get: object, path: str) -> tuple[float, int]:
    began = time.perf_counter()
    body = get(path)  # type: ignore[operator]
    return time.perf_counter() - began, len(body)
