"""The map of so many ties in a real browser: how soon it is drawn, and how smoothly it is moved and zoomed.

The browser is Debian's chromium with nothing but a processor to draw with (SwiftShader, as chromium itself
chooses). First paint is from the start of the navigation to the end of the first frame of the map, a sketch of the
strongest ties; `whole` is when every tie is drawn. Frames are told by requestAnimationFrame while a mouse drags the
map and turns its wheel. While it moves, the page shows its last whole picture moved and stretched, and draws the next
one in pieces; standing still it shows every tie.
"""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from guanxi.cli.opening import opened
from guanxi.vocabulary.progress import SILENT, Progress

SCALES = (100_000,)
END = datetime(2026, 11, 1, tzinfo=UTC)
DAYS = 90
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--enable-unsafe-swiftshader"]
MOVED_SECONDS = 6.0
EVENT_EVERY_S = 1 / 60
VISITS = 5
WATCH = """() => {
  window.seen = [];
  const frame = (now) => (seen.push(now), requestAnimationFrame(frame));
  requestAnimationFrame(frame);
}"""
TAKEN = "() => { const taken = seen; window.seen = []; return taken; }"
MARK = "name => performance.getEntriesByName(name)[0]?.startTime ?? 0"
SERVER = """() => {
  const [page] = performance.getEntriesByType("navigation");
  const graph = performance.getEntriesByType("resource").find((one) => one.name.endsWith("/graph/"));
  return [page.responseEnd - page.requestStart, graph.responseEnd - graph.startTime, graph.transferSize];
}"""


def run(scale: int, folder: Path, tell: Progress) -> dict[str, int]:
    """The map was opened six times, then dragged and zoomed for some seconds each."""
    with opened(folder / "installation", create=True, tell=SILENT):
        tell.begin(f"a brand of {scale:,} ties")
        ties = _brand(scale)
        tell.end()
        from load.visiting import visited

        with visited(folder / "installation") as visit:
            tell.begin("browser")
            told = seen_by_browser(visit.address, visit.session)
            tell.end()
    return {"ties": ties, **told}


def seen_by_browser(address: str, session: str) -> dict[str, int]:
    """Milliseconds to the first paint and of frames, on a console that is served."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = browser.new_context(viewport={"width": 1440, "height": 900}, bypass_csp=True)
        context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
        page = context.new_page()
        first = _opened(page, address)
        again = [_opened(page, address) for _ in range(VISITS)]
        counts = {f"first visit: {name}": round(value) for name, value in first.items()}
        for name in first:
            counts[f"again: {name}"] = round(statistics.median(one[name] for one in again))
        page.evaluate(WATCH)
        counts |= _frames("panning", _moved(page, _drag))
        counts |= _frames("zooming", _moved(page, _wheel))
        browser.close()
    return counts


def _opened(page: Any, address: str) -> dict[str, float]:
    page.goto(f"{address}/influence/map/")
    page.wait_for_function(f"() => ({MARK})('map-whole') > 0", timeout=120_000)
    answer, graph, size = page.evaluate(SERVER)
    return {
        "first paint ms": page.evaluate(MARK, "map-first-frame"),
        "of it the page's answer ms": answer,
        "of it waiting for the graph ms": graph,
        "whole ms": page.evaluate(MARK, "map-whole"),
        "graph KB": size / 1024,
    }


def _moved(page: Any, deed: Callable[[Any, float, float, int], None]) -> list[float]:
    box = page.locator(".map-plot").bounding_box()
    across, down = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(across, down)
    page.mouse.down()
    page.evaluate(TAKEN)
    began, n = time.monotonic(), 0
    while time.monotonic() - began < MOVED_SECONDS:
        deed(page, across, down, n)
        n += 1
        time.sleep(max(0.0, began + n * EVENT_EVERY_S - time.monotonic()))
    frames = page.evaluate(TAKEN)
    page.mouse.up()
    return [after - before for before, after in pairwise(frames)]


def _drag(page: Any, across: float, down: float, n: int) -> None:
    page.mouse.move(across + 260 * math.sin(n / 40), down + 160 * math.sin(n / 27))


def _wheel(page: Any, _across: float, _down: float, n: int) -> None:
    page.mouse.wheel(0, -40 if (n // 60) % 2 == 0 else 40)


def _frames(name: str, took: list[float]) -> dict[str, int]:
    """Frames a second: the median, and the slowest twentieth."""
    ordered = sorted(took)
    slow = ordered[int(0.95 * len(ordered))]
    return {
        f"{name}: frames": len(took),
        f"{name}: frames/s, median": round(1000 / statistics.median(took)),
        f"{name}: frames/s, 5th percentile": round(1000 / slow),
    }


def _brand(ties: int) -> int:
    """A brand in whose lake so many fans moved each other, in circles of very different sizes."""
    from guanxi.influence.refresh import refresh_communities, refresh_ties, refresh_weights
    from guanxi.lake.engine import Engine
    from guanxi.lake.store import Lake
    from guanxi.records.databases import SOCIAL, transaction
    from guanxi.social import tables as social
    from guanxi.vocabulary.ids import Side

    with transaction(SOCIAL) as connection:
        lake = Lake(Side.SOCIAL)
        lake.append(connection, social.ENGAGEMENT, _openings(ties))
    with Engine() as engine:
        made = refresh_ties(engine, END, SILENT)
        refresh_weights(engine, END, SILENT)
        refresh_communities(engine, END, SILENT)
    return made.ties


def _openings(ties: int) -> pa.Table:
    """Fans opened what others of their circle shared, mostly those whom many hear; a few beyond their circle."""
    from guanxi.social.tables import ENGAGEMENT

    rng = np.random.default_rng(1)
    fans, rows = ties // 2, int(ties * 1.25)
    sizes = np.maximum(3, (rng.pareto(1.1, fans // 12) * 6).astype(np.int64))
    ends = np.cumsum(np.minimum(sizes, fans // 8))
    ends = ends[ends < fans]
    who = rng.integers(0, ends[-1], rows)
    circle = np.searchsorted(ends, who, side="right")
    begin = np.concatenate([[0], ends])[circle]
    width = ends[circle] - begin
    through = begin + (width * rng.random(rows) ** 3).astype(np.int64)
    through = np.where(rng.random(rows) < 0.04, rng.integers(0, ends[-1], rows), through)
    at = END - timedelta(days=DAYS)
    spent = np.sort(rng.integers(0, DAYS * 86_400_000_000, rows))
    moment = pa.array(spent + int(at.timestamp() * 1e6)).cast(pa.timestamp("us", tz="UTC"))
    return pa.table(
        {
            "id": np.arange(1, rows + 1),
            "fan": who + 1,
            "account": np.ones(rows, np.int32),
            "platform": pa.array(["wechat"]).take(pa.array(np.zeros(rows, np.int64))),
            "kind": pa.array(["opened"]).take(pa.array(np.zeros(rows, np.int64))),
            "content": rng.integers(1, 500, rows),
            "through": through + 1,
            "campaign": pa.nulls(rows, pa.string()),
            "reference": pa.array(rng.integers(0, rows, rows)).cast(pa.string()),
            "happened_at": moment,
            "day": moment.cast(pa.date32()),
            "recorded_at": moment,
        }
    ).cast(ENGAGEMENT.schema)
