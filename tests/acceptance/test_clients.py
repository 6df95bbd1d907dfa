"""Segment's own clients, Python and browser, send to a running door with only the host changed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from doors import ROOT, kinds_heard, open_door, pages
from playwright.sync_api import sync_playwright
from running import until

from guanxi.listen.track.actions import make_write_key
from guanxi.records.actor import SYSTEM
from guanxi.records.databases import SOCIAL, raw
from guanxi.records.installation import Installation

PEERS = ROOT / ".venv" / "peers"
ANALYTICS = ROOT / "node_modules" / "@segment" / "analytics-next"

SENDS = """
import os
import sys
import segment.analytics as analytics

analytics.write_key, analytics.host = sys.argv[1:3]
analytics.gzip = sys.argv[3] == "gzip"
analytics.on_error = lambda error, items: (print(error, file=sys.stderr, flush=True), os._exit(1))
analytics.identify("ann", {"city": "Hangzhou", "phone": "+86 138 0013 8000"})
analytics.track("ann", "Content Liked", {"content_id": "tea"})
analytics.page("ann", "Docs", "Spring tea", {"url": "https://brand.example/tea"})
analytics.group("ann", "tea-lovers", {"name": "Tea lovers"})
analytics.alias("anonymous-1", "ann")
analytics.track("ann", "Order Completed", {"order_id": "o1", "total": 12.5, "currency": "EUR"})
analytics.track("ann", "Danced", {})
analytics.flush()
"""
PAGE_SCRIPT = """
import { AnalyticsBrowser } from "@segment/analytics-next";

const settings = { integrations: { "Segment.io": { apiKey: window.writeKey } } };
const integrations = { "Segment.io": { apiHost: `${window.doorHost}/v1`, protocol: "http" } };
const analytics = window.asks
  ? AnalyticsBrowser.load({ writeKey: window.writeKey, cdnURL: `http://${window.doorHost}` })
  : AnalyticsBrowser.load({ writeKey: window.writeKey, cdnSettings: settings }, { integrations });
async function tell() {
  await analytics.identify("ben", { city: "Suzhou" });
  await analytics.page("Docs", "Spring tea");
  await analytics.track("Content Shared", { content_id: "tea" });
  await analytics.group("tea-lovers", { name: "Tea lovers" });
  await analytics.alias("ben-of-old", "ben");
  document.title = "told";
}
tell();
"""


@pytest.fixture(scope="module")
def door(running_house: Installation) -> Iterator[str]:
    with open_door(running_house) as address:
        yield address


def key_known_at(door: str, name: str) -> str:
    """A fresh write key, once the door knows it."""
    key = make_write_key(SYSTEM, name, "web", "main")
    nothing = {"batch": []}
    until(lambda: httpx.post(f"{door}/v1/batch", json=nothing, auth=(key, "")).status_code == 200, "the key")
    return key


@pytest.mark.parametrize("packed", ["plain", "gzip"])
def test_segments_python_client_needs_only_another_host(
    house: Installation, door: str, tmp_path: Path, packed: str
) -> None:
    assert PEERS.is_dir(), "make .venv/.stamp/peers installs the clients"
    key = key_known_at(door, f"site {packed}")
    done = subprocess.run(
        [sys.executable, "-c", SENDS, key, door, packed],
        env={"PYTHONPATH": str(PEERS), "PATH": "/usr/bin:/bin"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = kinds_heard({"identified", "liked", "viewed", "joined", "ordered"})
    assert {"identified", "liked", "viewed", "joined", "ordered"} <= {row["kind"] for row in found}
    assert {row["actor"] for row in found} == {"ann", "anonymous-1"}
    assert next(row for row in found if row["kind"] == "ordered")["amount"] == 1250
    unknown = raw(SOCIAL).execute("SELECT reason FROM quarantine").fetchall()
    assert ("event_unknown",) in unknown


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
@pytest.mark.parametrize("asks", ["true", "false"], ids=["by its settings", "told all"])
def test_segments_browser_client_needs_only_another_host(
    house: Installation, door: str, tmp_path: Path, asks: str
) -> None:
    key = key_known_at(door, f"page {asks}")
    found: dict[str, tuple[str, str | bytes]] = {
        "/page.js": ("text/javascript", _bundled(tmp_path)),
        "/": (
            "text/html",
            f"<script>window.writeKey = '{key}'; window.doorHost = '{door.removeprefix('http://')}';"
            f"window.asks = {asks};</script>"
            "<script type=module src=/page.js></script>",
        ),
    }
    asked: list[str] = []
    with pages(found) as origin, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{origin}/")
        page.wait_for_function("document.title === 'told'")
        rows = kinds_heard({"identified", "viewed", "shared", "joined"})
        browser.close()
    assert {"identified", "viewed", "shared", "joined"} <= {row["kind"] for row in rows}
    assert {row["actor"] for row in rows} <= {"ben", "ben-of-old"}
    assert (f"{door}/v1/projects/{key}/settings" in asked) == (asks == "true")
    assert {url.split("/")[2] for url in asked} == {origin.split("/")[2], door.split("/")[2]}


def _bundled(folder: Path) -> bytes:
    """The page's script with Segment's client in it, made as any site would make it."""
    assert ANALYTICS.is_dir(), "make assets installs the client"
    written, made = folder / "page.js", folder / "bundled.js"
    written.write_text(PAGE_SCRIPT)
    (esbuild,) = (ROOT / "node_modules" / "@esbuild").glob("*/bin/esbuild")
    subprocess.run(
        [
            *(str(esbuild), str(written)),
            *("--bundle", "--format=esm", "--log-level=warning", f"--outfile={made}"),
        ],
        env={"PATH": "/usr/bin:/bin", "NODE_PATH": str(ROOT / "node_modules")},
        cwd=ROOT,
        check=True,
        timeout=60,
    )
    return made.read_bytes()
