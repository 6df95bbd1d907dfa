"""Takes the README's pictures of a demonstration: `python docs/screenshots.py DATA`, where `guanxi demo` has played.

Serves the installation, logs in as `demo`, and photographs Debian's chromium in both languages.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

IMAGES = Path(__file__).parent / "images"
PAGES = {"today": "/", "ambassadors": "/influence/ambassadors/"}


def main(folder: Path) -> None:
    """The pictures are in docs/images."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "guanxi.cli", "serve", "--data", str(folder), "--port", str(port)]
    served = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(address)
        _photograph(address, json.loads((folder / "demo.json").read_text())["password"])
    finally:
        served.terminate()
        served.wait(60)


def _wait(address: str) -> None:
    for _ in range(240):
        try:
            urllib.request.urlopen(f"{address}/login/", timeout=2)
            return
        except OSError:
            time.sleep(0.5)
    raise SystemExit(f"nothing answers at {address}")


def _photograph(address: str, password: str) -> None:
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as tool:
        browser = tool.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1440, "height": 1120})
        _enter(page, address, password)
        for name, path in PAGES.items():
            page.goto(address + path, wait_until="networkidle")
            page.wait_for_timeout(1500)
            page.screenshot(path=IMAGES / f"{name}.png")
        browser.close()


def _enter(page: Page, address: str, password: str) -> None:
    page.goto(f"{address}/login/")
    page.fill("input[name=username]", "demo")
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state("networkidle")


main(Path(sys.argv[1]))
